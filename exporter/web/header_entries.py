"""Request headers that list what is welcome -> their entries, with weights. Pure.

Written by hand: whatever a stranger sends has an answer, where a library's parser may raise.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a header: `text/plain;version=0.0.4;q=0.3`, or `uk-UA;q=0.9`.

    Attributes:
        name: Lower case, without parameters.
        parameters: Name in lower case -> value without quotes.
        weight: From 0, "not this", to 1; 1 where it is missing or no weight (RFC 9110, 12.4.2).
    """

    name: str
    parameters: Mapping[str, str]
    weight: float


def entries_of(header: str) -> Iterator[Entry]:
    """The entries of an `Accept`, `Accept-Encoding` or `Accept-Language` header, in its order."""
    for text in header.split(","):
        name, *rest = text.split(";")
        parameters: dict[str, str] = {}
        for parameter in rest:
            key, _, value = parameter.partition("=")
            parameters[key.strip().lower()] = value.strip().strip('"')
        weight = parameters.get("q", "")
        yield Entry(
            name.strip().lower(), parameters, float(weight) if _WEIGHT.fullmatch(weight) else 1.0
        )

"""Content negotiation: request headers -> the format and the encoding of the page. Pure.

Written by hand: whatever a stranger sends has an answer, where a library's parser may raise.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from exporter.exposition.rendering import Format

_OPENMETRICS = "application/openmetrics-text"
# Those that a reader of 1.0.0 and of 0.0.1 takes alike, and no version at all.
_OPENMETRICS_VERSIONS = ("1.0.0", "0.0.1", "")
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of a header: `text/plain;version=0.0.4;q=0.3`.

    Attributes:
        name: Lower case, without parameters.
        parameters: Name in lower case -> value without quotes.
        weight: From 0, "not this", to 1; 1 where it is missing or no weight (RFC 9110, 12.4.2).
    """

    name: str
    parameters: Mapping[str, str]
    weight: float


def choose_format(accept: str) -> Format:
    """Returns the format that an `Accept` header prefers; text if it names none that we have."""
    weights: dict[str, float] = {}
    for entry in _entries(accept):
        known = entry.name != _OPENMETRICS or (
            entry.parameters.get("version", "") in _OPENMETRICS_VERSIONS
        )
        if known:
            weights[entry.name] = max(entry.weight, weights.get(entry.name, 0.0))
    anything = weights.get("*/*", 0.0)
    text = weights.get("text/plain", weights.get("text/*", anything))
    openmetrics = weights.get(_OPENMETRICS, weights.get("application/*", anything))
    # Of two that are as welcome OpenMetrics is sent to whoever names it.
    wins = openmetrics >= text if _OPENMETRICS in weights else openmetrics > text
    return Format.OPENMETRICS if wins and openmetrics > 0 else Format.TEXT


def accepts_gzip(accept_encoding: str) -> bool:
    """Returns whether an `Accept-Encoding` header allows gzip and prefers nothing to it."""
    weights: dict[str, float] = {}
    for entry in _entries(accept_encoding):
        weights[entry.name] = max(entry.weight, weights.get(entry.name, 0.0))
    gzip = weights.get("gzip", weights.get("*", 0.0))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def _entries(header: str) -> Iterator[_Entry]:
    for text in header.split(","):
        name, *rest = text.split(";")
        parameters: dict[str, str] = {}
        for parameter in rest:
            key, _, value = parameter.partition("=")
            parameters[key.strip().lower()] = value.strip().strip('"')
        weight = parameters.get("q", "")
        yield _Entry(
            name.strip().lower(), parameters, float(weight) if _WEIGHT.fullmatch(weight) else 1.0
        )

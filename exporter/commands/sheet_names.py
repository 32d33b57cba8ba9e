"""Names of sheets as Excel takes them. Pure."""

import re
from collections.abc import Sequence

from exporter.words import one_line

# Excel counts UTF-16 units.
_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
# Excel keeps this one for itself.
_RESERVED = "history"


def sheet_names(wanted: Sequence[str]) -> list[str]:
    """A name for each, in their order, none twice, whatever the case of its letters.

    `Sales/EU` -> `Sales_EU`; what is too long is cut; of two alike the second is `Sales_EU (2)`.
    """
    taken = {_RESERVED}
    names: list[str] = []
    for text in wanted:
        clean = _FORBIDDEN.sub("_", one_line(text)).strip(" '") or "Sheet"
        name, number = _cut(clean, _LONGEST), 2
        while name.casefold() in taken:
            end = f" ({number})"
            name, number = f"{_cut(clean, _LONGEST - len(end))}{end}", number + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, units: int) -> str:
    """As much as fits; no character is split, and the end is neither a blank nor an apostrophe."""
    while len(text.encode("utf-16-le")) // 2 > units:
        text = text[:-1]
    return text.rstrip(" '")

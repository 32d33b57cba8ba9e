"""Shapes that several replies of the API have in common. Pure."""

from exporter.errors import SchemaMismatch

_ID_DIGITS = 18


def entries_of(result: object) -> list[object]:
    """The entries of a `result`: a list, or the values of an object keyed by id.

    `null`, `[]` and `{}` all mean that there is nobody and nothing.

    Raises:
        SchemaMismatch: The result is anything else.
    """
    if result is None:
        return []
    if isinstance(result, dict):
        return list(result.values())
    if isinstance(result, list):
        return result
    raise SchemaMismatch("the result is neither a list nor an object")


def require_mostly_good(good: int, total: int, what: str) -> None:
    """Accepts a reply with some malformed entries, not one that is mostly malformed.

    Raises:
        SchemaMismatch: More than half of the entries are malformed.
    """
    if (total - good) * 2 > total:
        raise SchemaMismatch(f"{total - good} of {total} {what} are malformed")


def read_id(value: object) -> int | None:
    """An id: a whole number, or its digits in a text; None for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        return int(value) if len(value) <= _ID_DIGITS else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**_ID_DIGITS:
        return value
    return None

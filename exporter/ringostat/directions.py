"""The SIP logins among an entry's directions, and nothing else of them. Pure.

A direction is a way to reach somebody: a SIP account, or a telephone number, which must not be
kept. What could be a number or an address is never taken for a login.
"""

import re
from collections.abc import Iterator, Mapping

from exporter.ringostat.names import clean

_SIP = "sip"
_LOGINS = ("direction", "login")
_PRIVATE = ("email", "phone", "phones", "extensionNumber", "extension")
# What a login is made of: no blank, nothing of an address (`tel:`, `sip:`, `@`, `+`).
_LOGIN = re.compile(r"[^\s@:+]+")
# A telephone number has so many digits in a row, whatever stands between them.
_BETWEEN_DIGITS = re.compile(r"[-\u2010-\u2015.,;/#*()]")
_TELEPHONE = re.compile(r"\d{7}")


def read_login(value: object) -> str | None:
    """A SIP login as a clean label; None for what is none, or could be a number or an address."""
    text = value.strip() if isinstance(value, str) else ""
    has_letter = any(character.isalpha() for character in text)
    if not has_letter or not _LOGIN.fullmatch(text):
        return None
    return None if _TELEPHONE.search(_BETWEEN_DIGITS.sub("", text)) else clean(text)


def read_logins(entry: Mapping[str, object]) -> tuple[tuple[str, ...], int]:
    """The logins of an entry of the staff list, and how many directions could not be read.

    `{"directions": {"main": [{"type": "sip", "direction": "demo_ann"}], "additional": ["+380…"]}}`
    -> `(("demo_ann",), 0)`: a telephone number is no fault, and is not kept.
    """
    private = {value for key in _PRIVATE if isinstance(value := entry.get(key), str)}
    logins: dict[str, None] = {}
    bad = 0
    for direction in _flat(entry.get("directions") or ()):
        if isinstance(direction, dict):
            kind = direction.get("type", _SIP)
            value = next((direction[key] for key in _LOGINS if key in direction), None)
        else:
            kind, value = _SIP, direction
        if not isinstance(value, str) or not isinstance(kind, str):
            bad += 1
        elif kind.lower() == _SIP and value not in private:
            login = read_login(value)
            if login is not None:
                logins[login] = None
    return tuple(logins), bad


def _flat(value: object) -> Iterator[object]:
    """The directions in a list, in lists by their rank (`main`, `additional`), or one alone."""
    if isinstance(value, list | tuple):
        yield from value
    elif isinstance(value, dict) and not any(key in value for key in (*_LOGINS, "type")):
        for rank, part in value.items():
            if part and rank not in _PRIVATE:
                yield from _flat(part)
    else:
        yield value

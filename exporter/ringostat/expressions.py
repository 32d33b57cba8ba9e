"""Regular expressions as Prometheus reads them: RE2, linear in the text. Pure.

What Prometheus refuses and the C++ library takes is refused as well: an operator copies an
expression from here into a query, and the other way round. Source: Go's regexp/syntax, which has
a limit of 1,000 repetitions and of 1,000 nested groups.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol

import re2

_NAMES_KEPT = 16_384
_MOST_REPETITIONS = 1000
_MOST_NESTED = 1000
_MOST_CHARACTERS = 10_000
# Bytes of one expression, compiled and with what it remembers of texts (RE2's default is 8 MiB).
# Past it an expression is refused, or matches more slowly, but as linearly.
_MAX_BYTES = 1 << 20
_SYNTAX = "is not a valid regular expression (RE2, Prometheus's syntax)"
_LOOK = "lookahead and lookbehind are not supported"
_BACKSLASH = "a backslash has no meaning there, and there are no references"
_NAME = "a group's name is invalid"
# How RE2's text begins -> ours: its own quotes the expression, where a secret may stand.
_PROBLEMS = (
    ("invalid perl operator: (?=", _LOOK),
    ("invalid perl operator: (?!", _LOOK),
    ("invalid perl operator: (?<", _LOOK),
    ("invalid perl operator", "after (? only the flags imsU, a colon or a group's name may stand"),
    ("invalid escape sequence", _BACKSLASH),
    ("invalid character class", "a character class is invalid"),
    ("missing ]", "a bracket [ is not closed"),
    ("missing )", "a bracket ( is not closed"),
    ("unexpected )", "a bracket ) was not opened"),
    ("trailing", "it ends in a backslash"),
    ("no argument for repetition", "a repetition has nothing to repeat"),
    ("bad repetition operator", "a repetition is repeated"),
    ("invalid repetition size", f"it repeats over {_MOST_REPETITIONS} times"),
    ("invalid named capture", _NAME),
    ("pattern too large", "it is too large"),
)


class Expression(Protocol):
    """A compiled expression."""

    def fullmatch(self, text: str) -> object | None:
        """Something if the whole text matches, else None."""
        ...


def compile_expression(pattern: str) -> Expression:
    """An expression that matches whole texts.

    Raises:
        ValueError: It is not valid; the message says why and does not quote it.
    """
    _check_limits(pattern)
    _check_go(pattern)
    options = re2.Options()
    options.max_mem = _MAX_BYTES
    options.never_capture = True
    # Otherwise RE2 writes to stderr, beside our log.
    options.log_errors = False
    try:
        expression: Expression = re2.compile(pattern, options)
    except re2.error as error:
        problem = str(error.args[0] if error.args else "").removeprefix("b").lstrip("'\"")
        why = next((ours for theirs, ours in _PROBLEMS if problem.startswith(theirs)), "")
        raise ValueError(": ".join(filter(None, (_SYNTAX, why)))) from None
    except UnicodeError:  # an unpaired surrogate
        raise ValueError(f"{_SYNTAX}: a character is invalid") from None
    return expression


def compile_any(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether one of the expressions matches the whole of a name.

    Answers are kept: an expression costs a microsecond, and names are the same poll by poll.

    Raises:
        ValueError: An expression is not valid.
    """
    compiled = [compile_expression(pattern) for pattern in patterns]
    return lru_cache(_NAMES_KEPT)(
        lambda name: any(expression.fullmatch(name) for expression in compiled)
    )


def _check_limits(pattern: str) -> None:
    if len(pattern) > _MOST_CHARACTERS:
        raise ValueError(f"is over {_MOST_CHARACTERS} characters long")
    depth = deepest = 0
    for part in _parts(pattern):
        depth += (part == "(") - (part == ")")
        deepest = max(deepest, depth)
        if part.startswith("{") and any(
            len(count) > 4 or int(count) > _MOST_REPETITIONS
            for count in re.findall("[0-9]+", part, re.ASCII)
        ):
            raise ValueError(f"{_SYNTAX}: it repeats over {_MOST_REPETITIONS} times")
    if deepest > _MOST_NESTED:
        raise ValueError(f"{_SYNTAX}: it is nested over {_MOST_NESTED} deep")


def _check_go(pattern: str) -> None:
    """What RE2 takes and Go does not: single bytes, and some names of groups."""
    parts = _parts(pattern)
    if r"\C" in parts:
        raise ValueError(f"{_SYNTAX}: {_BACKSLASH}")
    bare = "".join(part if len(part) == 1 else " " for part in parts)
    names = re.findall(r"\(\?P?<(\w+)>", bare)
    if not all(name.isascii() for name in names):
        raise ValueError(f"{_SYNTAX}: {_NAME}")
    if len(set(names)) != len(names):
        raise ValueError(f"{_SYNTAX}: two groups have one name")


# What has no meaning of its own within: quoted text, an escape, a character class.
_PART = re.compile(
    r"\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]?|\{[0-9]+(?:,[0-9]*)?\}|.",
    re.DOTALL | re.ASCII,
)


def _parts(pattern: str) -> list[str]:
    return _PART.findall(pattern)

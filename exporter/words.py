"""Words that somebody else wrote, in messages of ours."""

import difflib
from collections.abc import Iterable

_LONGEST_WORD = 200


def one_line(text: str) -> str:
    """The text without anything that ends a line, moves a cursor or cannot be printed."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def show_word(word: str) -> str:
    """A word as part of a message: on one line, and at most 200 characters of it."""
    shown = one_line(word[:_LONGEST_WORD])
    return shown if len(word) <= _LONGEST_WORD else f"{shown}…"


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """` (did you mean "near"?)`, or nothing if no word is near."""
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f' (did you mean "{close[0]}"?)' if close else ""


def count_of(number: int, thing: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"

"""What a mistyped word may have meant."""

import difflib
from collections.abc import Iterable


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """` (did you mean "near"?)`, or nothing if no word is near."""
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    return f' (did you mean "{close[0]}"?)' if close else ""

"""What a status is for, and how long a day it may be held. Pure.

Rules: docs/contract.md#8-shifts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

# What the built-in statuses are for; the kinds of custom ones are the configuration's.
BUILT_IN_KINDS = {"online": "available", "speaking": "call", "dnd": "busy", "offline": "offline"}
CUSTOM_KINDS = ("work", "break", "away", "other")


@dataclass(frozen=True, slots=True)
class StatusRule:
    """What the configuration says of one status.

    Attributes:
        word: The status as it is shown.
        kind: One of `CUSTOM_KINDS`; None where it is not said, and for built-in statuses.
        limit: Seconds a day; None where there is no limit.
    """

    word: str
    kind: str | None = None
    limit: float | None = None


def kind_of(word: str, rules: Iterable[StatusRule]) -> str:
    """The kind of a status, by the word that is shown; `other` where nobody says."""
    said = next((rule.kind for rule in rules if rule.word == word), None)
    return BUILT_IN_KINDS.get(word) or said or "other"

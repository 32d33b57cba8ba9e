"""What is known of a list that a project is asked for: its custom statuses, its staff. Pure."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from exporter.errors import Problem

_T_co = TypeVar("_T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Listing(Generic[_T_co]):
    """The newest good answer, and how the newest request ended.

    Attributes:
        value: What the answer says, kept until a newer one; before the first, what is said of
            nothing.
        succeeded: How the newest request ended; None before the first.
        problem: Why that failed; None unless it did.
        received: On the clock of ages, when the last good answer had been read.
    """

    value: _T_co
    succeeded: bool | None = None
    problem: Problem | None = None
    received: float = float("-inf")

"""A day that could not be had, and why. Pure."""

from dataclasses import dataclass
from datetime import date

from exporter.errors import Problem
from exporter.ringostat.calls import STAFF


@dataclass(frozen=True, slots=True)
class MissingDay:
    """A day that could not be had.

    Attributes:
        project_id: The project's id.
        project: Its label.
        day: Which.
        problem: Why.
    """

    project_id: int
    project: str
    day: date
    problem: Problem

    @property
    def why(self) -> str:
        """What failed; the staff list is named, since the days would be there without it."""
        method, text = self.problem.method, self.problem.text
        return f"staff list: {text}" if method == STAFF else text

    @property
    def line(self) -> str:
        """One line for people, with what they can do about it."""
        return f"{self.project} {self.day}: {self.why}. {self.problem.advice}"

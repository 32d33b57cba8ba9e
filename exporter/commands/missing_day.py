"""A day that could not be had, and why. Pure."""

from dataclasses import dataclass
from datetime import date

from exporter.errors import Problem
from exporter.ringostat.calls import DAILY_REPORT


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
        """What failed; what was asked is named where it was not the day's report."""
        method, text = self.problem.method, self.problem.text
        return text if method in ("", DAILY_REPORT) else f"{method}: {text}"

    @property
    def line(self) -> str:
        """One line for people, with what they can do about it."""
        return f"{self.project} {self.day}: {self.why}. {self.problem.advice}"

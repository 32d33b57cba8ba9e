"""A day that could not be had, and why. Pure."""

from dataclasses import dataclass
from datetime import date

from exporter.errors import Problem
from exporter.polling.list_queries import StaffQuery
from exporter.ringostat.calls import STAFF


@dataclass(frozen=True, slots=True)
class MissingDay:
    """A day that could not be had.

    Attributes:
        project_id: The project's id.
        project: Its label.
        day: Which.
        problem: Why.
        words: The same in words that people may read.
    """

    project_id: int
    project: str
    day: date
    problem: Problem
    words: str

    @property
    def why(self) -> str:
        """What failed; the staff list is named, since the days would be there without it."""
        return f"staff list: {self.words}" if self.problem.method == STAFF else self.words

    @property
    def line(self) -> str:
        """One line for people, with what they can do about it."""
        of_staff = self.problem.method == STAFF
        advice = StaffQuery().advice(self.problem) if of_staff else self.problem.advice
        return f"{self.project} {self.day}: {self.why}. {advice}"

"""What a project is asked again and again: each window's report, and the catalog. Pure."""

import math
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from exporter.polling.project import ProjectSpec
from exporter.polling.schedule import Schedule, phase_of
from exporter.polling.window import Dates, Window, local_date, validity
from exporter.ringostat.rpc import CUSTOM_STATUSES, DAILY_REPORT


@dataclass(slots=True, eq=False)
class Question:
    """One of them. Two are never equal: a reload's is another than the one before.

    Attributes:
        window: Whose report; None: the catalog.
        schedule: When it is asked next.
        dates: The days of the newest request; None where they are over, or for the catalog.
        ends: Unix time of the midnight that makes them another window's.
    """

    window: Window | None
    schedule: Schedule
    dates: Dates | None = None
    ends: float = math.inf

    def choose_dates(self, moment: float, zone: ZoneInfo) -> None:
        """Takes down the days that the request of a Unix time asks for; not for the catalog."""
        assert self.window is not None
        self.dates = self.window.dates(local_date(moment, zone))
        self.ends = validity(self.window, moment, zone)[1]

    def forget_dates(self) -> None:
        """The days are over."""
        self.dates, self.ends = None, math.inf

    @property
    def method(self) -> str:
        """The API's method."""
        return CUSTOM_STATUSES if self.window is None else DAILY_REPORT

    @property
    def facts(self) -> dict[str, str]:
        """What the log says of it."""
        window = {} if self.window is None else {"window": self.window.name}
        return {"method": self.method, **window}

    def overtaken(self, today: date) -> bool:
        """Whether midnight made the days of the newest request another window's."""
        if self.window is None or self.dates is None:
            return False
        return self.window.dates(today) != self.dates


def all_questions(plan: ProjectSpec, now: float) -> list[Question]:
    """Everything that a plan asks, all due at a moment of the clock of ages.

    The catalog comes first, so that the first report comes with its titles.
    """
    phase = phase_of(plan.project_id)
    return [
        Question(
            window,
            Schedule(
                interval=plan.interval_of(window),
                retry_interval=min(plan.interval_of(window), plan.interval),
                phase=phase,
                due=now,
            ),
        )
        for window in (None, *plan.windows)
    ]

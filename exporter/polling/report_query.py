"""Asks for the report of a window, again and again."""

from dataclasses import dataclass

from exporter.errors import Problem
from exporter.polling import updates
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Api
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.polling.window import Period, Window, period_of
from exporter.ringostat import calls
from exporter.ringostat.calls import Call
from exporter.ringostat.reply import InFlight
from exporter.ringostat.report import Report


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Asks for the report of a window.

    Attributes:
        window: Which.
    """

    window: Window

    @property
    def methods(self) -> tuple[str, ...]:
        """`getSipStatusDailyReport`."""
        return (calls.DAILY_REPORT,)

    @property
    def title(self) -> str:
        """The window's name."""
        return self.window.name

    @property
    def switch(self) -> str:
        """A configured window is always asked."""
        return ""

    def advice(self, problem: Problem) -> str:
        """The error's own."""
        return problem.advice

    @property
    def facts(self) -> dict[str, str]:
        """What the log says of it."""
        return {"method": calls.DAILY_REPORT, "window": self.window.name}

    @property
    def settled(self) -> bool:
        """Whether its days lie wholly in the past."""
        return self.window.settled

    def interval(self, spec: ProjectSpec) -> float:
        """Seconds between two good polls."""
        return spec.interval_of(self.window)

    def period(self, spec: ProjectSpec, moment: float) -> Period:
        """The days of the window at a Unix time."""
        return period_of(self.window, moment, spec.zone)

    def calls(self, spec: ProjectSpec, period: Period | None) -> tuple[Call[Report]]:
        """`getSipStatusDailyReport` for the period's days."""
        assert period is not None
        first, last = period.dates.first, period.dates.last
        bounds = (period.begins, period.ends)
        return (calls.daily_report(spec.project_id, first, last, bounds, spec.max_employees),)

    async def fetch(
        self, api: Api, spec: ProjectSpec, period: Period | None, in_flight: InFlight
    ) -> Answer:
        """The report of the period."""
        assert period is not None
        (call,) = self.calls(spec, period)
        reply = await api.fetch(call, spec.key.current(), in_flight)
        return Answer(reply.value, period, reply.sent, reply.received)

    def apply(self, snapshot: ProjectSnapshot, answer: Answer) -> ProjectSnapshot:
        """The snapshot with the new report, and what it tells of who was on what."""
        return updates.apply_report(snapshot, self.window, answer)

    def fail(self, snapshot: ProjectSnapshot, problem: Problem) -> ProjectSnapshot:
        """The snapshot with the failure; the previous report stays until it is stale."""
        return updates.apply_report_failure(snapshot, self.window, calls.DAILY_REPORT, problem)

    def report_of(self, snapshot: ProjectSnapshot) -> Answer | None:
        """The last good report of the window."""
        return snapshot.answer_of(self.window)

"""What a project is asked again and again: its custom statuses, and a report per window.

The poll loop, the log and the commands know queries, never methods of the API. A new method of
the API is one more query here.
"""

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from exporter.errors import Problem
from exporter.polling import updates
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.polling.window import Period, Window, period_of
from exporter.ringostat import calls
from exporter.ringostat.calls import Call
from exporter.ringostat.catalog import CustomStatus
from exporter.ringostat.key import Secret
from exporter.ringostat.reply import InFlight, Reply
from exporter.ringostat.report import Report

_T = TypeVar("_T")


class Api(Protocol):
    """Who is asked; `RingostatClient` outside of tests."""

    async def fetch(self, call: Call[_T], key: Secret, in_flight: InFlight) -> Reply[_T]:
        """A typed answer, or a PollError after its retries."""
        ...


class Query(Protocol):
    """A request that is made again and again, and what its answer makes of a snapshot."""

    @property
    def method(self) -> str:
        """The method of the API; the label of its errors."""
        ...

    @property
    def title(self) -> str:
        """What people call it: the window's name, or `custom statuses`."""
        ...

    @property
    def facts(self) -> dict[str, str]:
        """What the log says of it."""
        ...

    @property
    def settled(self) -> bool:
        """Whether its days lie wholly in the past, so that it is asked at once at midnight."""
        ...

    def interval(self, spec: ProjectSpec) -> float:
        """Seconds between two good polls."""
        ...

    def period(self, spec: ProjectSpec, moment: float) -> Period | None:
        """The days that are asked for at a Unix time; None where the request has no days."""
        ...

    def call(self, spec: ProjectSpec, period: Period | None) -> Call[Any]:
        """The request to the API."""
        ...

    async def fetch(
        self, api: Api, spec: ProjectSpec, period: Period | None, in_flight: InFlight
    ) -> Any:
        """The answer, typed, as `apply` takes it.

        Raises:
            PollError: After the request's retries.
        """
        ...

    def apply(self, snapshot: ProjectSnapshot, answer: Any) -> ProjectSnapshot:
        """The snapshot after a good answer. Pure."""
        ...

    def fail(self, snapshot: ProjectSnapshot, problem: Problem) -> ProjectSnapshot:
        """The snapshot after a failed request; no value changes. Pure."""
        ...

    def report_of(self, snapshot: ProjectSnapshot) -> Answer | None:
        """The last good report that this query asked for; None for what is no report."""
        ...


@dataclass(frozen=True, slots=True)
class CatalogQuery:
    """Asks for the custom statuses."""

    @property
    def method(self) -> str:
        """`getCustomStatuses`."""
        return calls.CUSTOM_STATUSES

    @property
    def title(self) -> str:
        """What people call it."""
        return "custom statuses"

    @property
    def facts(self) -> dict[str, str]:
        """What the log says of it."""
        return {"method": self.method}

    @property
    def settled(self) -> bool:
        """A catalog has no days."""
        return False

    def interval(self, spec: ProjectSpec) -> float:
        """Seconds between two good polls."""
        return spec.catalog_interval

    def period(self, _spec: ProjectSpec, _moment: float) -> None:
        """A catalog has no days."""
        return

    def call(self, spec: ProjectSpec, _period: Period | None) -> Call[tuple[CustomStatus, ...]]:
        """`getCustomStatuses`."""
        return calls.custom_statuses(spec.project_id)

    async def fetch(
        self, api: Api, spec: ProjectSpec, period: Period | None, in_flight: InFlight
    ) -> Reply[tuple[CustomStatus, ...]]:
        """The catalog."""
        return await api.fetch(self.call(spec, period), spec.key.current(), in_flight)

    def apply(
        self, snapshot: ProjectSnapshot, answer: Reply[tuple[CustomStatus, ...]]
    ) -> ProjectSnapshot:
        """The snapshot with the new titles."""
        return updates.apply_catalog(snapshot, answer)

    def fail(self, snapshot: ProjectSnapshot, problem: Problem) -> ProjectSnapshot:
        """The snapshot with the failure; the titles stay."""
        return updates.apply_catalog_failure(snapshot, self.method, problem)

    def report_of(self, _snapshot: ProjectSnapshot) -> None:
        """A catalog is no report."""
        return


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """Asks for the report of a window.

    Attributes:
        window: Which.
    """

    window: Window

    @property
    def method(self) -> str:
        """`getSipStatusDailyReport`."""
        return calls.DAILY_REPORT

    @property
    def title(self) -> str:
        """The window's name."""
        return self.window.name

    @property
    def facts(self) -> dict[str, str]:
        """What the log says of it."""
        return {"method": self.method, "window": self.window.name}

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

    def call(self, spec: ProjectSpec, period: Period | None) -> Call[Report]:
        """`getSipStatusDailyReport` for the period's days."""
        assert period is not None
        first, last = period.dates.first, period.dates.last
        bounds = (period.begins, period.ends)
        return calls.daily_report(spec.project_id, first, last, bounds, spec.max_employees)

    async def fetch(
        self, api: Api, spec: ProjectSpec, period: Period | None, in_flight: InFlight
    ) -> Answer:
        """The report of the period."""
        assert period is not None
        reply = await api.fetch(self.call(spec, period), spec.key.current(), in_flight)
        return Answer(reply.value, period, reply.sent, reply.received)

    def apply(self, snapshot: ProjectSnapshot, answer: Answer) -> ProjectSnapshot:
        """The snapshot with the new report, and what it tells of who was on what."""
        return updates.apply_report(snapshot, self.window, answer)

    def fail(self, snapshot: ProjectSnapshot, problem: Problem) -> ProjectSnapshot:
        """The snapshot with the failure; the previous report stays until it is stale."""
        return updates.apply_report_failure(snapshot, self.window, self.method, problem)

    def report_of(self, snapshot: ProjectSnapshot) -> Answer | None:
        """The last good report of the window."""
        return snapshot.answer_of(self.window)


def queries_of(spec: ProjectSpec) -> tuple[Query, ...]:
    """Everything that a project is asked; the catalog first, so that reports have titles."""
    return (CatalogQuery(), *(ReportQuery(window) for window in spec.windows))

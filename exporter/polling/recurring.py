"""When each query of a project is asked next, and for which days."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from exporter.instant import Instant
from exporter.polling.list_queries import CatalogQuery, SipAccountsQuery, StaffQuery
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Query
from exporter.polling.report_query import ReportQuery
from exporter.polling.schedule import Schedule, phase_of
from exporter.polling.window import Period


def queries_of(spec: ProjectSpec) -> tuple[Query, ...]:
    """Everything that a project is asked."""
    return (*report_queries(spec), *people_queries(spec))


def report_queries(spec: ProjectSpec) -> tuple[Query, ...]:
    """The reports; the catalog first, so that they have titles."""
    return (CatalogQuery(), *(ReportQuery(window) for window in spec.windows))


def people_queries(spec: ProjectSpec) -> tuple[Query, ...]:
    """What is asked about people beside the reports, as far as it is turned on."""
    return (
        *((StaffQuery(),) if spec.staff else ()),
        *((SipAccountsQuery(),) if spec.sip_accounts else ()),
    )


@dataclass(slots=True, eq=False)
class RecurringQuery:
    """One recurring query. Compared by identity, so a reload's query differs from the previous.

    Attributes:
        query: What is asked.
        schedule: When it is asked next.
        period: The days of the newest request; None where they are over, or it has no days.
    """

    query: Query
    schedule: Schedule
    period: Period | None = None

    @property
    def shown_until(self) -> float:
        """Unix time of the midnight that ends the days of the newest request."""
        return math.inf if self.period is None else self.period.shown_until

    def overtaken(self, spec: ProjectSpec, moment: float) -> bool:
        """Whether, at a Unix time, the days of the newest request no longer match the window."""
        if self.period is None:
            return False
        now = self.query.period(spec, moment)
        return now is not None and now.dates != self.period.dates

    def notice_midnight(self, spec: ProjectSpec, now: Instant, *, answered: bool = False) -> None:
        """Asks at once where midnight ended the days of a settled window.

        And of any window whose answer was overtaken by midnight while it was on its way.
        """
        if not self.overtaken(spec, now.wall):
            return
        self.period = None
        if self.query.settled:
            self.schedule.ask_at_midnight(now.age)
        elif answered:
            self.schedule.ask_now(now.age)


def make_recurring(spec: ProjectSpec, query: Query, now: float) -> RecurringQuery:
    """A query that is due at a moment of the clock of ages."""
    interval = query.interval(spec)
    schedule = Schedule(
        interval=interval,
        retry_interval=min(interval, spec.interval),
        phase=phase_of(spec.project_id),
        due=now,
    )
    return RecurringQuery(query, schedule)


def replanned(
    previous: list[RecurringQuery],
    queries: Iterable[Query],
    old: ProjectSpec,
    new: ProjectSpec,
    now: float,
) -> list[RecurringQuery]:
    """The recurring queries after a reload, which says what is asked from now on.

    A query whose pace did not change keeps its schedule. One whose pace changed is due at once,
    and so are all of them if the zone changed.
    """
    kept = {recurring.query: recurring for recurring in previous}

    def keep_or_make(query: Query) -> RecurringQuery:
        recurring = kept.get(query)
        same_pace = query.interval(old) == query.interval(new) and old.interval == new.interval
        if recurring is not None and same_pace and old.zone == new.zone:
            return recurring
        renewed = make_recurring(new, query, now)
        if recurring is not None:
            renewed.schedule.pause(recurring.schedule.not_before)
        return renewed

    return [keep_or_make(query) for query in queries]

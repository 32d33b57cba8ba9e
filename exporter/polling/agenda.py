"""What a loop asks next: its recurring queries, and when each is due. Pure."""

import math
from collections.abc import Callable

from exporter.instant import Instant
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Query
from exporter.polling.recurring import RecurringQuery, make_recurring, replanned


class Agenda:
    """The queries of a loop. A reload may change all of them.

    Attributes:
        spec: The project's part of the configuration.
    """

    def __init__(
        self, spec: ProjectSpec, queries: Callable[[ProjectSpec], tuple[Query, ...]], now: float
    ) -> None:
        self.spec = spec
        self._queries = queries
        self._recurring = [make_recurring(spec, query, now) for query in queries(spec)]

    def __contains__(self, recurring: RecurringQuery) -> bool:
        return recurring in self._recurring

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to ask."""
        return not self._recurring

    @property
    def next_due(self) -> float:
        """On the clock of ages, when something is due next."""
        return min((recurring.schedule.due for recurring in self._recurring), default=math.inf)

    @property
    def shown_until(self) -> float:
        """Unix time of the first midnight that ends the days of a newest request."""
        return min((recurring.shown_until for recurring in self._recurring), default=math.inf)

    def find(self, query: Query) -> RecurringQuery | None:
        """The query as it is asked now; None where a reload took it away."""
        return next((known for known in self._recurring if known.query == query), None)

    def due(self, now: Instant, *, reports_first: bool) -> list[RecurringQuery]:
        """What is due, in the order in which it is to be asked."""
        due = [recurring for recurring in self._recurring if recurring.schedule.due <= now.age]
        if reports_first:
            due.sort(key=lambda recurring: recurring.query.period(self.spec, now.wall) is None)
        return due

    def notice_midnight(self, now: Instant) -> None:
        """Looks whether midnight ended the days of a window, see `RecurringQuery`."""
        for recurring in self._recurring:
            recurring.notice_midnight(self.spec, now)

    def adopt(self, spec: ProjectSpec, now: float) -> None:
        """What a reload says; what fails is asked at once, all of it where the key changed."""
        same_key = spec.key.current() == self.spec.key.current()
        self._recurring = replanned(self._recurring, self._queries(spec), self.spec, spec, now)
        self.spec = spec
        for recurring in self._recurring:
            if recurring.schedule.failures or not same_key:
                recurring.schedule.ask_now(now)

    def ask_now(self, now: float) -> None:
        """Asks everything as soon as possible."""
        for recurring in self._recurring:
            recurring.schedule.ask_now(now)

    def clear(self) -> None:
        """Asks nothing any more."""
        self._recurring = []

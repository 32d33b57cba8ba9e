"""The past of one project, a day at a time, as each day's last scrape would have shown it."""

from datetime import date
from typing import Any

from exporter.clock import Clock
from exporter.commands.output import write_note
from exporter.errors import AccessForbidden, KeyRefused, PollError, RateLimited
from exporter.polling.list_queries import CatalogQuery, StaffQuery
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Api, Query
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot
from exporter.polling.window import TODAY, midnight
from exporter.ringostat.reply import InFlight

_PAUSES_FOR_A_LIMIT = 3
_WORTH_A_WORD_SECONDS = 10.0
# What whoever has departments or ids of a past day is told.
TODAYS_STAFF = (
    "departments and employee ids are as they are today; Ringostat does not tell those of the past"
)


class PastDays:
    """Asks for one project's days; waits where the API asks for a pause.

    Attributes:
        spec: The project, with `today` as its one window: a past day is asked for as the `today`
            that it was.
    """

    def __init__(self, api: Api, clock: Clock, spec: ProjectSpec) -> None:
        self.spec = spec.with_windows((TODAY,))
        self._api = api
        self._clock = clock
        self._known: ProjectSnapshot | None = None
        self._refused: PollError | None = None
        self._not_before = float("-inf")

    async def read(self, day: date) -> ProjectSnapshot:
        """What is known of the project after the report of one day, and of no other.

        The custom statuses, and the staff list where it is configured, are those of the present:
        Ringostat does not tell those of the past.

        Raises:
            PollError: The day, the custom statuses or the staff list cannot be had. After a
                refused key nothing is asked any more: each further day fails likewise.
        """
        if self._refused is not None:
            raise self._refused
        begins = midnight(day, self.spec.zone)
        try:
            if self._known is None:  # first: without titles a day would differ from live
                self._known = await self._ask_lists(begins)
            return await self._ask(self._known, ReportQuery(TODAY), begins)
        except (KeyRefused, AccessForbidden) as error:
            self._refused = error
            raise

    async def _ask_lists(self, moment: float) -> ProjectSnapshot:
        snapshot = await self._ask(first_snapshot(self.spec), CatalogQuery(), moment)
        return await self._ask(snapshot, StaffQuery(), moment) if self.spec.staff else snapshot

    async def _ask(
        self, snapshot: ProjectSnapshot, query: Query, moment: float
    ) -> ProjectSnapshot:
        period = query.period(self.spec, moment)
        answer: Any = None
        for attempt in range(_PAUSES_FOR_A_LIMIT + 1):
            await self._pause()
            try:
                answer = await query.fetch(self._api, self.spec, period, InFlight())
                break
            except RateLimited as error:
                self._not_before = self._clock.now().age + error.retry_after_seconds
                if attempt == _PAUSES_FOR_A_LIMIT:
                    raise
        return query.apply(snapshot, answer)

    async def _pause(self) -> None:
        """Waits for the end of a pause that the API asked for, also with an earlier day."""
        seconds = self._not_before - self._clock.now().age
        if seconds >= _WORTH_A_WORD_SECONDS:
            name = self.spec.name
            write_note(f"{name}: Ringostat asks for a pause; going on in {seconds:.0f} s")
        if seconds > 0:
            await self._clock.sleep(seconds)

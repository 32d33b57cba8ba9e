"""A loop over some queries of a project: asks what is due, and hands on what it learnt."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from exporter.errors import AccessForbidden, InternalError, KeyRefused, PollError, RateLimited
from exporter.instant import Instant
from exporter.polling.agenda import Agenda
from exporter.polling.loop_context import Context, Shared
from exporter.polling.owner import Change
from exporter.polling.poll_log import PollLog
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Api, Query
from exporter.polling.recurring import RecurringQuery, report_queries
from exporter.polling.snapshot import ProjectSnapshot
from exporter.ringostat.reply import InFlight

# The loop looks at the clocks at least this often: it must notice midnight, a clock that was
# set and a machine that was suspended.
_LONGEST_SLEEP = 5.0
# A shorter sleep could be rounded to nothing.
_SHORTEST_SLEEP = 0.001
_OVERDUE_SECONDS = 60.0
_LONGEST_POLL = 105.0


class PollLoop:
    """Asks some queries of one project until its task is cancelled or it is retired."""

    def __init__(
        self,
        spec: ProjectSpec,
        queries: Callable[[ProjectSpec], tuple[Query, ...]],
        shared: Shared,
        context: Context,
    ) -> None:
        # The reports are what people wait for: their loop tells when it asks next.
        self._leads = queries is report_queries
        self._shared = shared
        self._api = context.api
        self._clock = context.clock
        self._publisher = context.publisher
        self._poll_log = PollLog(context.log, spec.name)
        self._kick = asyncio.Event()
        self._in_flight: InFlight | None = None
        self._wakes_at = asyncio.get_running_loop().time()
        self._retired = False
        self._restarts = 0  # to be shown with the next update
        self._agenda = Agenda(spec, queries, context.clock.now().age)

    @property
    def spec(self) -> ProjectSpec:
        """What it polls; replaced by a reload."""
        return self._agenda.spec

    @property
    def has_work(self) -> bool:
        """Whether there is anything to ask."""
        return not self._agenda.is_empty

    def lost(self) -> bool:
        """Whether the loop no longer makes progress: overdue, or stuck in one poll.

        A planned pause, waiting for a slot or an upstream that is down are no loss, and neither
        is the time during which the machine was suspended.
        """
        now = asyncio.get_running_loop().time()
        if self._in_flight is None:
            return now - self._wakes_at > _OVERDUE_SECONDS
        since = self._in_flight.since
        return since is not None and now - since > _LONGEST_POLL

    def adopt(self, spec: ProjectSpec, api: Api) -> None:
        """Takes another spec over, after a reload; `wake` begins to ask by it.

        Queries that fail, and all of them where the key changed, are asked at once; a pause
        that the API asked for is honoured.
        """
        self._api = api
        self._poll_log.project = spec.name
        self._agenda.adopt(spec, self._clock.now().age)

    def wake(self) -> None:
        """Looks again at what is due."""
        self._kick.set()

    def ask_now(self) -> None:
        """Asks everything as soon as possible."""
        self._agenda.ask_now(self._clock.now().age)
        self.wake()

    def retire(self) -> None:
        """Ends `run` after the request that is under way; its answer is dropped."""
        self._retired = True
        self._agenda.clear()
        self._kick.set()

    async def run(self) -> None:
        """Polls until it is retired, or has nothing to ask any more."""
        while not self._agenda.is_empty:
            for recurring in await self._next_round():
                if recurring in self._agenda:
                    await self._guarded(recurring)

    async def _guarded(self, recurring: RecurringQuery) -> None:
        """One poll; an internal error in publishing it must not end the loop."""
        try:
            await self._poll(recurring)
        except Exception as error:  # noqa: BLE001 - the loop goes on
            self._poll_log.internal_error(recurring.query, error)
            self._restarts += 1

    async def _next_round(self) -> list[RecurringQuery]:
        """Sleeps until something is due, in short steps: a set clock or a suspend is noticed."""
        while not self._agenda.is_empty:
            now = self._clock.now()
            self._agenda.notice_midnight(now)
            seconds = self._seconds_left(now)
            if seconds <= 0:
                # Once there are titles the reports are more urgent than the custom statuses.
                tried = self._publisher.newest(self.spec.project_id).tried
                return self._agenda.due(now, reports_first=tried)
            midnight = self._agenda.shown_until - now.wall
            seconds = min(max(min(seconds, midnight), _SHORTEST_SLEEP), _LONGEST_SLEEP)
            self._wakes_at = asyncio.get_running_loop().time() + seconds
            self._kick.clear()
            await self._clock.wait(self._kick, seconds)
        return []

    def _seconds_left(self, now: Instant) -> float:
        return max(self._agenda.next_due, self._shared.not_before) - now.age

    async def _poll(self, recurring: RecurringQuery) -> None:
        """One poll: a request with its retries, and what it means for the next snapshot."""
        started, spec = self._clock.now(), self.spec
        if started.age < self._shared.not_before:
            await self._put_off()
            return
        recurring.period = recurring.query.period(spec, started.wall)
        # What may be turned off, beside the reports, never holds more than half of the slots.
        yields = recurring.schedule.failures > 0 or bool(recurring.query.switch)
        self._in_flight = InFlight(yields, self._shared.alone)
        try:
            answer = await recurring.query.fetch(
                self._api, spec, recurring.period, self._in_flight
            )
        except PollError as error:
            await self._failed(recurring, error, started)
        except Exception as error:  # noqa: BLE001 - the poll's boundary
            self._poll_log.internal_error(recurring.query, error)
            await self._failed(recurring, InternalError(type(error).__name__), started)
        else:
            await self._answered(recurring, spec, answer, started)
        finally:
            self._in_flight = None

    async def _answered(
        self, recurring: RecurringQuery, asked: ProjectSpec, answer: Any, started: Instant
    ) -> None:
        """Hands on a good answer, unless a reload changed the query meanwhile."""
        now = self._end_request()
        query = recurring.query
        same = self._agenda.find(query)
        if same is None:
            return
        if asked.zone != self.spec.zone or asked.max_employees > self.spec.max_employees:
            same.schedule.ask_now(now.age)  # the zone changed since, or the limit fell
            return
        recovered = recurring.schedule.failures > 0
        skipped = recurring.schedule.succeeded(started.age, now.age)
        recurring.notice_midnight(self.spec, now, answered=True)
        previous = self._publisher.newest(self.spec.project_id)
        await self._update(now, skipped, lambda snapshot: query.apply(snapshot, answer))
        newest = self._publisher.newest(self.spec.project_id)
        self._poll_log.success(query, previous, newest, recovered=recovered)

    async def _failed(self, recurring: RecurringQuery, error: PollError, started: Instant) -> None:
        """Counts a failed request, also one that a reload overtook, and plans the next."""
        now, query, schedule = self._end_request(), recurring.query, recurring.schedule
        if self._retired:
            return
        skipped = 0
        if isinstance(error, KeyRefused | AccessForbidden):
            schedule.refused(now.age)
        else:
            skipped = schedule.failed(started.age, now.age)
        if isinstance(error, RateLimited):
            until = now.age + error.retry_after_seconds
            schedule.pause(until)
            if not query.switch:  # else the pause is of that query alone
                self._shared.not_before = until
        if isinstance(error, InternalError):
            self._restarts += 1
        due = max(schedule.due, self._shared.not_before)
        self._poll_log.failure(query, error, schedule.failures, due - now.age)
        problem = error.problem
        await self._update(now, skipped, lambda snapshot: query.fail(snapshot, problem))

    def _end_request(self) -> Instant:
        self._in_flight = None
        self._wakes_at = asyncio.get_running_loop().time()
        return self._clock.now()

    async def _update(self, now: Instant, skipped: int, change: Change) -> None:
        next_poll, restarts = now.wall + max(0.0, self._seconds_left(now)), self._restarts

        def whole(snapshot: ProjectSnapshot) -> ProjectSnapshot:
            return replace(
                change(snapshot),
                polls_skipped=snapshot.polls_skipped + skipped,
                poller_restarts=snapshot.poller_restarts + restarts,
                next_poll=next_poll if self._leads else snapshot.next_poll,
            )

        await self._publisher.update(self.spec.project_id, whole)
        self._restarts -= restarts

    async def _put_off(self) -> None:
        """Asks nothing: a previous answer of this round asked for a pause."""
        number = self.spec.project_id
        if not self._publisher.newest(number).tried:
            await self._publisher.update(number, lambda known: replace(known, put_off=True))

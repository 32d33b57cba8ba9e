"""One supervised loop per project: asks what is due, and hands on what it learnt."""

import asyncio
from dataclasses import replace
from typing import Any

from exporter.clock import Clock
from exporter.errors import AccessForbidden, InternalError, KeyRefused, PollError, RateLimited
from exporter.instant import Instant
from exporter.log import Log
from exporter.polling.owner import Change, SnapshotOwner
from exporter.polling.poll_log import PollLog
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Api
from exporter.polling.recurring import RecurringQuery, all_recurring, replanned
from exporter.polling.snapshot import ProjectSnapshot
from exporter.ringostat.reply import InFlight

# The loop looks at the clocks at least this often: it must notice midnight, a clock that was
# set and a machine that was suspended.
_LONGEST_SLEEP = 5.0
# A shorter sleep could be rounded to nothing.
_SHORTEST_SLEEP = 0.001
_OVERDUE_SECONDS = 60.0
_LONGEST_POLL = 105.0


class Poller:
    """Polls one project until its task is cancelled or it is retired.

    Attributes:
        spec: What it polls; replaced by a reload.
    """

    def __init__(
        self, spec: ProjectSpec, api: Api, clock: Clock, publisher: SnapshotOwner, log: Log
    ) -> None:
        self.spec = spec
        self._api = api
        self._clock = clock
        self._publisher = publisher
        self._poll_log = PollLog(log, spec.name)
        self._kick = asyncio.Event()
        self._in_flight: InFlight | None = None
        self._wakes_at = asyncio.get_running_loop().time()
        self._not_before = float("-inf")
        self._restarts = 0
        self._recurring = all_recurring(spec, clock.now().age)

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
        previous, self.spec, self._api = self.spec, spec, api
        self._poll_log.project = spec.name
        self._recurring = replanned(self._recurring, previous, spec, self._clock.now().age)
        self._plan_now(failing_only=spec.key.current() == previous.key.current())

    def wake(self) -> None:
        """Looks again at what is due."""
        self._kick.set()

    def ask_now(self) -> None:
        """Asks everything as soon as possible."""
        self._plan_now(failing_only=False)
        self.wake()

    async def show_again(self) -> None:
        """Shows what is known anew: the names' labels are others."""
        await self._publisher.update(self.spec.project_id, lambda snapshot: snapshot)

    def _plan_now(self, *, failing_only: bool) -> None:
        for recurring in self._recurring:
            if recurring.schedule.failures or not failing_only:
                recurring.schedule.ask_now(self._clock.now().age)

    def retire(self) -> None:
        """Ends `run` after the request that is under way; its answer is dropped."""
        self._recurring = []
        self._kick.set()

    async def run(self) -> None:
        """Polls until it is retired."""
        while self._recurring:
            for recurring in await self._next_round():
                if recurring in self._recurring:
                    await self._guarded(recurring)

    async def _guarded(self, recurring: RecurringQuery) -> None:
        """One poll; an internal error in publishing it must not end the loop."""
        try:
            await self._poll(recurring)
        except Exception as error:  # noqa: BLE001 - the loop goes on
            self._poll_log.internal_error(recurring.query, error)
            self._restarts += 1  # shown with the next update

    async def _next_round(self) -> list[RecurringQuery]:
        """Sleeps until something is due, in short steps: a set clock or a suspend is noticed."""
        while self._recurring:
            now = self._clock.now()
            for recurring in self._recurring:
                self._notice_midnight(recurring, now)
            seconds = self._seconds_left(now)
            if seconds <= 0:
                return self._due(now)
            midnight = min(recurring.shown_until for recurring in self._recurring) - now.wall
            seconds = min(max(min(seconds, midnight), _SHORTEST_SLEEP), _LONGEST_SLEEP)
            self._wakes_at = asyncio.get_running_loop().time() + seconds
            self._kick.clear()
            await self._clock.wait(self._kick, seconds)
        return []

    def _due(self, now: Instant) -> list[RecurringQuery]:
        due = [recurring for recurring in self._recurring if recurring.schedule.due <= now.age]
        if self._publisher.newest(self.spec.project_id).tried:
            # Once there are titles the reports are more urgent than the custom statuses.
            due.sort(key=lambda recurring: recurring.query.period(self.spec, now.wall) is None)
        return due

    def _seconds_left(self, now: Instant) -> float:
        due = min(recurring.schedule.due for recurring in self._recurring)
        return max(due, self._not_before) - now.age

    def _notice_midnight(
        self, recurring: RecurringQuery, now: Instant, *, answered: bool = False
    ) -> None:
        """Asks at once where midnight ended the days of a settled window.

        And of any window whose answer was overtaken by midnight while it was on its way.
        """
        if not recurring.overtaken(self.spec, now.wall):
            return
        recurring.period = None
        if recurring.query.settled:
            recurring.schedule.ask_at_midnight(now.age)
        elif answered:
            recurring.schedule.ask_now(now.age)

    async def _poll(self, recurring: RecurringQuery) -> None:
        """One poll: a request with its retries, and what it means for the next snapshot."""
        started, spec = self._clock.now(), self.spec
        if started.age < self._not_before:
            await self._put_off()
            return
        recurring.period = recurring.query.period(spec, started.wall)
        self._in_flight = InFlight(failing=recurring.schedule.failures > 0)
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
        same = next((other for other in self._recurring if other.query == query), None)
        if same is None:
            return
        if asked.zone != self.spec.zone or asked.max_employees > self.spec.max_employees:
            same.schedule.ask_now(now.age)  # the zone changed since, or the limit fell
            return
        recovered = recurring.schedule.failures > 0
        skipped = recurring.schedule.succeeded(started.age, now.age)
        self._notice_midnight(recurring, now, answered=True)
        previous = self._publisher.newest(self.spec.project_id)
        await self._update(now, skipped, lambda snapshot: query.apply(snapshot, answer))
        newest = self._publisher.newest(self.spec.project_id)
        self._poll_log.success(query, previous, newest, recovered=recovered)

    async def _failed(self, recurring: RecurringQuery, error: PollError, started: Instant) -> None:
        """Counts a failed request, also one that a reload overtook, and plans the next."""
        now, query, schedule = self._end_request(), recurring.query, recurring.schedule
        if not self._recurring:
            return  # the project was removed
        skipped = 0
        if isinstance(error, KeyRefused | AccessForbidden):
            schedule.refused(now.age)
        else:
            skipped = schedule.failed(started.age, now.age)
        if isinstance(error, RateLimited):
            until = now.age + error.retry_after_seconds
            schedule.pause(until)
            if not query.switch:  # else the pause is of that query alone
                self._not_before = until
        if isinstance(error, InternalError):
            self._restarts += 1
        due = max(schedule.due, self._not_before)
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
                poller_restarts=restarts,
                next_poll=next_poll,
            )

        await self._publisher.update(self.spec.project_id, whole)

    async def _put_off(self) -> None:
        """Asks nothing: a previous answer of this round asked for a pause."""
        number = self.spec.project_id
        if not self._publisher.newest(number).tried:
            await self._publisher.update(number, lambda known: replace(known, put_off=True))

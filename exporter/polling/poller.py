"""One supervised loop a project: asks what is due, and publishes what it learnt."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from exporter.clock import Clock, Instant
from exporter.errors import (
    AccessForbidden,
    InternalError,
    KeyRefused,
    PollError,
    RateLimited,
)
from exporter.log import Log
from exporter.offload import Offload, run_inline
from exporter.polling.asking import Api, Learn, ask
from exporter.polling.poll_log import PollLog
from exporter.polling.project import ProjectSpec
from exporter.polling.question import Question, all_questions
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.updates import apply_failure, first_snapshot, respecified
from exporter.polling.window import local_date
from exporter.ringostat.client import InFlight

# The loop looks at the clocks at least this often: it must notice midnight, a clock that was
# set, a machine that was suspended and a key file that changed.
_LONGEST_SLEEP = 5.0
# A step that rounding could swallow would be no step.
_SHORTEST_SLEEP = 0.001
_OVERDUE_SECONDS = 60.0
_LONGEST_POLL = 105.0


class Poller:
    """Polls one project until its task is cancelled.

    Attributes:
        plan: What it polls; replaced by a reload.
        snapshot: The newest, published or about to be.
    """

    def __init__(
        self,
        plan: ProjectSpec,
        api: Api,
        clock: Clock,
        publish: Callable[[ProjectSnapshot], Awaitable[None]],
        log: Log,
        offload: Offload = run_inline,
    ) -> None:
        self._offload = offload
        self.spec = plan
        self.snapshot = first_snapshot(plan)
        self._api = api
        self._clock = clock
        self._publish = publish
        self._poll_log = PollLog(log, plan.name)
        self._kick = asyncio.Event()
        self._asking: InFlight | None = None
        self._wakes = clock.now().age
        self._not_before = float("-inf")
        self._questions = all_questions(self.spec, self._clock.now().age)

    def lost(self, now: Instant) -> bool:
        """Whether the loop no longer does its work: overdue, or stuck in one poll.

        A planned pause, waiting for a slot or an upstream that is down are no loss.
        """
        if self._asking is None:
            return now.age - self._wakes > _OVERDUE_SECONDS
        since = self._asking.in_flight_since
        return since is not None and now.age - since > _LONGEST_POLL

    def adopt(self, plan: ProjectSpec, api: Api) -> None:
        """Takes another plan over, after a reload.

        Another name alone changes nothing else. Otherwise everything is asked anew. Questions
        that fail are asked at once in any case; a pause that the API asked for is honoured.
        """
        before, self.spec, self._api = self.spec, plan, api
        self._poll_log.project = plan.name
        if replace(plan, name=before.name, key=before.key) != before:
            self._questions = all_questions(self.spec, self._clock.now().age)
        another_key = plan.key.current() != before.key.current()
        for question in self._questions:
            if another_key or question.schedule.failures:
                question.schedule.ask_now(self._clock.now().age)
        self.snapshot = respecified(self.snapshot, before, plan)
        self._kick.set()

    def retire(self) -> None:
        """Ends `run` after the request that is under way; its answer is dropped."""
        self._questions = []
        self._kick.set()

    async def run(self) -> None:
        """Polls until it is retired."""
        while self._questions:
            for question in await self._next_round():
                if question in self._questions:
                    await self._guarded(question)

    async def _guarded(self, question: Question) -> None:
        """One poll; a mistake in publishing it must not end the loop."""
        try:
            await self._ask(question)
        except Exception as mistake:  # noqa: BLE001 - the loop goes on
            self._poll_log.mistake(question, mistake)
            self._count_restart()

    async def _next_round(self) -> list[Question]:
        """Sleeps until something is due, in steps short enough to notice what nobody planned."""
        while self._questions:
            now = self._clock.now()
            self._notice_key(now)
            for question in self._questions:
                self._notice_midnight(question, now)
            seconds = self._seconds_left(now)
            if seconds <= 0:
                return self._due(now)
            midnight = min(question.ends for question in self._questions) - now.wall
            seconds = min(max(min(seconds, midnight), _SHORTEST_SLEEP), _LONGEST_SLEEP)
            self._wakes = now.age + seconds
            self._kick.clear()
            await self._clock.wait(self._kick, seconds)
        return []

    def _due(self, now: Instant) -> list[Question]:
        due = [question for question in self._questions if question.schedule.due <= now.age]
        if self.snapshot.tried:
            # Once there are titles the reports are the more urgent.
            due.sort(key=lambda question: question.window is None)
        return due

    def _seconds_left(self, now: Instant) -> float:
        due = min(question.schedule.due for question in self._questions)
        return max(due, self._not_before) - now.age

    def _notice_key(self, now: Instant) -> None:
        changed = self.spec.key.changed()
        if changed:
            for question in self._questions:
                question.schedule.ask_now(now.age)
        self._poll_log.key(self.spec.key, changed=changed)

    def _notice_midnight(
        self, question: Question, now: Instant, *, answered: bool = False
    ) -> None:
        """Asks at once where midnight ended the days of a settled window.

        And of any window whose answer was overtaken by midnight while it was on its way.
        """
        if not question.overtaken(local_date(now.wall, self.spec.zone)):
            return
        question.forget_dates()
        if question.window is not None and question.window.settled:
            question.schedule.ask_at_midnight(now.age)
        elif answered:
            question.schedule.ask_now(now.age)

    async def _ask(self, question: Question) -> None:
        """One poll: a request with its retries, and what it means for the next snapshot."""
        started = self._clock.now()
        if started.age < self._not_before:
            await self._put_off(question)
            return
        failing = question.schedule.failures > 0
        self._asking = InFlight(failing=failing)
        error: PollError | None = None
        learnt = self.snapshot
        if question.window is not None:
            question.choose_dates(started.wall, self.spec.zone)
        try:
            learn = await ask(
                self._api, self.spec, question.window, self._clock, self._asking, started.wall
            )
            if question in self._questions:
                learnt = await self._learn(learn)
        except PollError as failure:
            error = failure
        except Exception as mistake:  # noqa: BLE001 - the poll's boundary
            self._poll_log.mistake(question, mistake)
            error = InternalError(type(mistake).__name__)
        self._asking = None
        now = self._clock.now()
        self._wakes = now.age
        if question not in self._questions:
            return  # a reload replaced it meanwhile: its answer is of another plan
        if error is None:
            skipped = self._succeed(question, learnt, started, now)
        else:
            skipped = self._fail(question, error, started, now)
        self.snapshot = replace(
            self.snapshot,
            polls_skipped=self.snapshot.polls_skipped + skipped,
            next_poll=now.wall + max(0.0, self._seconds_left(now)),
        )
        # The first round's windows are published whole: `up` speaks of every one from the start.
        if self.snapshot.tried or self.snapshot.up is None:
            await self._publish(self.snapshot)

    async def _learn(self, learn: Learn) -> ProjectSnapshot:
        """The snapshot after an answer, of the one that is the newest when it is ready."""
        while True:
            before = self.snapshot
            learnt = await self._offload(learn, before)
            if before is self.snapshot:  # no reload meanwhile
                return learnt

    async def _put_off(self, question: Question) -> None:
        """Asks nothing: an answer before, in this round, asked for a pause.

        A window that was never asked for counts as failed: the project waits for it in vain.
        """
        if question.window is None:
            return
        state = self.snapshot.state_of(question.window)
        if state.succeeded is None:
            problem = "not asked yet: Ringostat asked for a pause (HTTP 429)"
            failed = replace(state, succeeded=False, problem=problem, reason=RateLimited.reason)
            self.snapshot = self.snapshot.with_window(failed)
            if self.snapshot.tried:
                await self._publish(self.snapshot)

    def _succeed(
        self, question: Question, learnt: ProjectSnapshot, started: Instant, now: Instant
    ) -> int:
        self._poll_log.success(question, self.snapshot, learnt)
        self.snapshot = learnt
        skipped = question.schedule.succeeded(started.age, now.age)
        self._notice_midnight(question, now, answered=True)
        return skipped

    def _fail(self, question: Question, error: PollError, started: Instant, now: Instant) -> int:
        skipped = 0
        if isinstance(error, KeyRefused | AccessForbidden):
            question.schedule.refused(now.age)
        else:
            skipped = question.schedule.failed(started.age, now.age)
        if isinstance(error, RateLimited):
            self._not_before = now.age + error.retry_after_seconds
        due = max(question.schedule.due, self._not_before)
        self._poll_log.failure(question, error, due - now.age)
        self.snapshot = apply_failure(self.snapshot, question.window, question.method, error)
        if isinstance(error, InternalError):
            self._count_restart()
        return skipped

    def _count_restart(self) -> None:
        restarts = self.snapshot.poller_restarts + 1
        self.snapshot = replace(self.snapshot, poller_restarts=restarts)

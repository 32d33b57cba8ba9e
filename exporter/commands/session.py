"""What the one-off commands share: a client while they run, and one poll of everything."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from exporter.clock import Clock, SystemClock
from exporter.config import Config
from exporter.errors import PollError, UsageError
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Api
from exporter.polling.recurring import queries_of
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot
from exporter.ringostat.client import RingostatClient
from exporter.ringostat.reply import InFlight


class NullTelemetry:
    """Telemetry of a command that ends before anybody could scrape it."""

    def attempted(self, method: str, seconds: float) -> None:
        """Forgets the attempt."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A query that was not answered.

    Attributes:
        project: The project's label.
        title: The window, or `custom statuses`.
        text: Why, in words that people may read.
        advice: What the operator can do about it.
    """

    project: str
    title: str
    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of everything told of a project.

    Attributes:
        snapshot: What is known.
        failures: What was not answered.
        slowest: Seconds of the longest query.
    """

    snapshot: ProjectSnapshot
    failures: list[Failure]
    slowest: float


def chosen_projects(specs: Sequence[ProjectSpec], wanted: Sequence[str]) -> list[ProjectSpec]:
    """The projects of these names or ids; all of them where none is named.

    Raises:
        UsageError: A project that is not configured.
    """
    known = {spec.name for spec in specs} | {str(spec.project_id) for spec in specs}
    for project in wanted:
        if project not in known:
            raise UsageError(f"--project={project}: no such project in the configuration")
    return [
        spec
        for spec in specs
        if not wanted or spec.name in wanted or str(spec.project_id) in wanted
    ]


@asynccontextmanager
async def api_session(config: Config) -> AsyncIterator[tuple[RingostatClient, Clock]]:
    """A client, closed at the end. A SIGTERM or SIGINT cancels the command that has it."""
    command = asyncio.current_task()
    assert command is not None
    clock = SystemClock()
    client = RingostatClient(
        config.api,
        clock,
        random.random,  # noqa: TID251 - the one place that makes it
        NullTelemetry(),
    )
    with _cancelled_by_signals(command):
        try:
            yield client, clock
        finally:
            await client.close()


@contextmanager
def _cancelled_by_signals(command: "asyncio.Task[object]") -> Iterator[None]:
    """A SIGTERM or SIGINT cancels the task; afterwards whoever handled them before does again.

    What the loop would leave behind is a KeyboardInterrupt, and a death without a word.
    """
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        loop.add_signal_handler(number, command.cancel)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


async def poll_project(
    api: Api, spec: ProjectSpec, clock: Clock, moment: float | None = None
) -> Polled:
    """Asks everything that a project is asked, once.

    Args:
        api: Who is asked.
        spec: The project.
        clock: What the time is.
        moment: Unix time whose windows are meant; None: the present.
    """
    snapshot = first_snapshot(spec)
    failures: list[Failure] = []
    slowest = 0.0
    for query in queries_of(spec):
        started = clock.now()
        period = query.period(spec, started.wall if moment is None else moment)
        try:
            answer = await query.fetch(api, spec, period, InFlight())
            snapshot = query.apply(snapshot, answer)
        except PollError as error:
            problem = error.problem
            words, advice = spec.words_of(problem), query.advice(problem)
            failures.append(Failure(spec.name, query.title, words, advice))
            snapshot = query.fail(snapshot, problem)
        slowest = max(slowest, clock.now().age - started.age)
    return Polled(snapshot, failures, slowest)


async def poll_all(api: Api, specs: Sequence[ProjectSpec], clock: Clock) -> list[Polled]:
    """One poll of every project, in their order, side by side within the limits."""
    return await asyncio.gather(*(poll_project(api, spec, clock) for spec in specs))

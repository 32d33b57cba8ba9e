"""What the one-off commands share: a client while they run, and one poll of everything."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from exporter.clock import Clock, SystemClock
from exporter.config import Config
from exporter.errors import PollError
from exporter.polling.asking import Api, ask
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.updates import apply_failure, first_snapshot
from exporter.polling.window import Window
from exporter.ringostat.client import InFlight, RingostatClient
from exporter.ringostat.rpc import CUSTOM_STATUSES, DAILY_REPORT


class NullTelemetry:
    """Telemetry of a command that ends before anybody could scrape it."""

    def attempted(self, method: str, seconds: float) -> None:
        """Forgets the attempt."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that was not answered.

    Attributes:
        project: The project's label.
        what: The window, or `custom statuses`.
        error: Why.
    """

    project: str
    what: str
    error: PollError


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll of everything told of a project.

    Attributes:
        plan: What was asked.
        snapshot: What is known.
        failures: What was not answered.
        slowest: Seconds of the longest question.
    """

    plan: ProjectSpec
    snapshot: ProjectSnapshot
    failures: list[Failure]
    slowest: float


def specs_of(config: Config, shard: tuple[int, int]) -> list[ProjectSpec]:
    """The plans of one shard's projects."""
    return list(config.of_shard(*shard).projects)


@asynccontextmanager
async def api_session(config: Config) -> AsyncIterator[tuple[RingostatClient, Clock]]:
    """A client, closed at the end. A SIGTERM or SIGINT cancels the command that has it."""
    command = asyncio.current_task()
    assert command is not None
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, command.cancel)
    clock = SystemClock()
    client = RingostatClient(
        config.api,
        clock,
        random.random,  # noqa: TID251 - the place
        NullTelemetry(),
    )
    try:
        yield client, clock
    finally:
        await client.close()


async def poll_project(
    api: Api, plan: ProjectSpec, clock: Clock, windows: Sequence[Window]
) -> Polled:
    """Asks for the catalog and then the windows, once each."""
    snapshot = first_snapshot(plan)
    failures: list[Failure] = []
    slowest = 0.0
    for window in (None, *windows):
        started = clock.now().age
        try:
            snapshot = (await ask(api, plan, window, clock, InFlight()))(snapshot)
        except PollError as error:
            method = CUSTOM_STATUSES if window is None else DAILY_REPORT
            what = "custom statuses" if window is None else window.name
            failures.append(Failure(plan.name, what, error))
            snapshot = apply_failure(snapshot, window, method, error)
        slowest = max(slowest, clock.now().age - started)
    return Polled(plan, snapshot, failures, slowest)


async def poll_all(api: Api, plans: Sequence[ProjectSpec], clock: Clock) -> list[Polled]:
    """One poll of every project, in their order, side by side within the limits."""
    return await asyncio.gather(*(poll_project(api, plan, clock, plan.windows) for plan in plans))

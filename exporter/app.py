"""The only wiring: configuration + clock + network -> a running exporter."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from exporter import __version__
from exporter.clock import Clock
from exporter.config import Config
from exporter.exposition.publisher import Publisher
from exporter.exposition.telemetry import Telemetry
from exporter.log import Log
from exporter.loop_lag import measure_lag
from exporter.offload import WorkerThread
from exporter.polling.key_watch import KeyWatch
from exporter.reload import Reloader
from exporter.ringostat.client import RingostatClient
from exporter.ringostat.transport import Network
from exporter.supervisor import Supervisor
from exporter.web.hosts import HostRule
from exporter.web.routes import Endpoints


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line decides.

    Attributes:
        load: Reads the configuration; raises ConfigurationError.
        telemetry_path: Where the exposition is.
        lifecycle: Whether `/-/reload` is allowed.
        allowed_hosts: Names that are served on loopback beside its own.
        shard: This process's index, and how many there are.
        revision: Of the source the program was built from.
    """

    load: Callable[[], Config]
    telemetry_path: str = "/metrics"
    lifecycle: bool = False
    allowed_hosts: tuple[str, ...] = ()
    shard: tuple[int, int] = (0, 1)
    revision: str = "unknown"


class Exporter:
    """Polls every project of its shard, and keeps the page that is served.

    Attributes:
        publisher: The newest snapshots and the page.
    """

    def __init__(
        self,
        config: Config,
        options: Options,
        clock: Clock,
        log: Log,
        network: Network | None = None,
    ) -> None:
        self._options = options
        self._clock = clock
        self._network = network
        self._telemetry = Telemetry(
            CollectorRegistry(), __version__, options.revision, options.shard
        )
        # Decoding, reading and rendering take turns, so that the loop has most of the time.
        self._worker = WorkerThread("worker")
        # Apart from the worker: a file on a network that hangs must not hold up the polls.
        self._files = WorkerThread("files")
        self._key_files = WorkerThread("keys", 4)  # so many folders of keys may hang
        self.publisher = Publisher(clock, self._telemetry.collect, self._worker)
        self._supervisor = Supervisor(clock, self.publisher, log, self._make_client)
        self._reloader = Reloader(
            options.load, options.shard, self._supervisor, self._telemetry, log, self._files
        )
        self._config = config
        self._key_watch = KeyWatch(self._supervisor.pollers, clock, log, self._key_files)
        self._tasks: list[asyncio.Task[None]] = []
        self._started = False
        self._tried = False

    def _make_client(self, config: Config) -> RingostatClient:
        return RingostatClient(
            config.api,
            self._clock,
            random.random,  # noqa: TID251 - the one place that makes it
            self._telemetry,
            self._network,
            self._worker,
        )

    @property
    def site(self) -> Endpoints:
        """What the endpoints answer from."""
        return Endpoints(
            page=self.publisher.page,
            snapshots=self.publisher.shown,
            clock=self._clock,
            telemetry_path=self._options.telemetry_path,
            version=__version__,
            healthy=self._supervisor.healthy,
            ready=self.ready,
            reload=self.reload if self._options.lifecycle else None,
            hosts=HostRule(self._options.allowed_hosts),
            offload=self._worker,
        )

    def ready(self) -> bool:
        """Whether every project was tried once and is on the page; never false again."""
        self._tried = self._tried or (
            self._started and all(snapshot.tried for snapshot in self.publisher.shown())
        )
        return self._tried

    async def start(self) -> None:
        """Begins to poll; returns at once, with every project on the page."""
        await self._reloader.start(self._config, self._clock.now().wall)
        self._started = True
        self._tasks = [
            asyncio.create_task(measure_lag(self._clock, self._telemetry.lagged)),
            asyncio.create_task(self._key_watch.run()),
            asyncio.create_task(self.publisher.keep_up()),
        ]

    async def reload(self) -> bool:
        """Reads the configuration again and adopts it whole, or changes nothing.

        Returns:
            Whether it was good.
        """
        good = await self._reloader.reload(self._clock.now().wall)
        self.publisher.page.forget_own()
        return good

    async def stop(self) -> None:
        """Ends every poll and closes the connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._supervisor.stop()
        self._worker.close()
        self._files.close()
        self._key_files.close()

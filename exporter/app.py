"""The only wiring: configuration + clock + network -> a running exporter."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass

from prometheus_client import CollectorRegistry

from exporter import __version__
from exporter.clock import Clock
from exporter.config import Config
from exporter.errors import ConfigurationError
from exporter.exposition.chunks import Chunks, render
from exporter.exposition.page import Page
from exporter.exposition.telemetry import Telemetry
from exporter.log import Log, places
from exporter.offload import WorkerThread
from exporter.polling.poller import Poller
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import ProjectSnapshot, Store
from exporter.ringostat.client import RingostatClient
from exporter.ringostat.transport import Network
from exporter.web.routes import Endpoints as Site

_LAG_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line decides.

    Attributes:
        load: Reads the configuration; raises ConfigurationError.
        telemetry_path: Where the exposition is.
        lifecycle: Whether `/-/reload` is allowed.
        shard: This process's index, and how many there are.
        revision: Of the source the program was built from.
    """

    load: Callable[[], Config]
    telemetry_path: str = "/metrics"
    lifecycle: bool = False
    shard: tuple[int, int] = (0, 1)
    revision: str = "unknown"


class Exporter:
    """Polls every project of its shard, and keeps the page that is served.

    Attributes:
        page: The exposition.
        store: The newest snapshots.
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
        self._log = log
        self._network = network
        self._telemetry = Telemetry(
            CollectorRegistry(), __version__, options.revision, options.shard
        )
        self.store = Store()
        self.page = Page(clock, self._telemetry.collect)
        # Decoding, reading and rendering take turns, so that the loop has most of the time.
        self._offload = WorkerThread("work")
        self._newest: dict[int, ProjectSnapshot] = {}
        self._pollers: dict[int, Poller] = {}
        self._loops: dict[int, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._started = False
        self._tried = False
        self._reloading = asyncio.Lock()
        self._adopting = False
        self._client = self._make_client(config)
        self._config = config

    def _make_client(self, config: Config) -> RingostatClient:
        return RingostatClient(
            config.api,
            self._clock,
            random.random,  # noqa: TID251 - the place
            self._telemetry,
            self._network,
            self._offload,
        )

    @property
    def site(self) -> Site:
        """What the endpoints answer from."""
        return Site(
            page=self.page,
            store=self.store,
            clock=self._clock,
            telemetry_path=self._options.telemetry_path,
            version=__version__,
            healthy=self.healthy,
            ready=self.ready,
            reload=self.reload if self._options.lifecycle else None,
        )

    def healthy(self) -> bool:
        """Whether every poll loop does its work; an upstream that is down is no matter here."""
        now = self._clock.now()
        ended = any(loop.done() for loop in self._loops.values())
        return not ended and not any(poller.lost(now) for poller in self._pollers.values())

    def ready(self) -> bool:
        """Whether every project was tried once, and what came of it is on the page; for good."""
        self._tried = self._tried or (
            self._started and all(snapshot.tried for snapshot in self.store.all())
        )
        return self._tried

    async def start(self) -> None:
        """Begins to poll; returns at once, with every project on the page."""
        async with self._reloading:  # a reload that is asked for meanwhile comes after
            await self._adopt(self._config)
        self._started = True
        self._telemetry.reloaded(self._clock.now().wall)
        self._spawn(self._watch_loop())

    async def stop(self) -> None:
        """Ends every poll and closes the connections."""
        for task in (*self._loops.values(), *self._tasks):
            task.cancel()
        await asyncio.gather(*self._loops.values(), *self._tasks, return_exceptions=True)
        await self._client.close()
        self._offload.close()

    async def reload(self) -> bool:
        """Reads the configuration again and takes it over whole, or leaves everything.

        Returns:
            Whether it was good.
        """
        async with self._reloading:
            try:
                config = self._options.load()
            except ConfigurationError as error:
                for mistake in error.mistakes:
                    self._log.error("configuration not reloaded", mistake=mistake)
                self._telemetry.reload_failed()
                self.page.forget_own()
                return False
            await self._adopt(config)
            self._telemetry.reloaded(self._clock.now().wall)
            self.page.forget_own()
            self._log.info("configuration reloaded", projects=len(self._pollers))
            return True

    async def _adopt(self, config: Config) -> None:
        for warning in config.warnings:
            self._log.warning("configuration", warning=warning)
        mine = config.of_shard(*self._options.shard)
        plans = {spec.project_id: spec for spec in mine.projects}
        if config.api != self._config.api:
            old, self._client = self._client, self._make_client(config)
            self._spawn(old.close())
        self._config = config
        for number in self._pollers.keys() - plans.keys():
            self._retire(number)
        pollers = {number: self._poller(plan) for number, plan in plans.items()}
        self._pollers = pollers
        self._newest = {number: poller.snapshot for number, poller in pollers.items()}
        await self._swap()
        for number, poller in pollers.items():
            if number not in self._loops:
                self._loops[number] = asyncio.create_task(self._supervise(poller))

    async def _swap(self) -> None:
        """Renders everything before anything is shown: names may have changed places."""
        self._adopting = True
        try:
            snapshots = dict(self._newest)
            chunks = {number: await self._render(one) for number, one in snapshots.items()}
            for number, snapshot in self._newest.items():
                if snapshot is not snapshots[number]:  # published meanwhile, and newer
                    chunks[number] = render(snapshot, chunks[number])
        finally:
            self._adopting = False
        self.page.replace_all(chunks)
        self.store.replace_all(self._newest.values())

    def _poller(self, plan: ProjectSpec) -> Poller:
        poller = self._pollers.get(plan.project_id)
        if poller is None:
            return Poller(plan, self._client, self._clock, self._publish, self._log, self._offload)
        poller.adopt(plan, self._client)
        return poller

    def _retire(self, number: int) -> None:
        """Lets a removed project's request run to its end; its answer goes nowhere."""
        self._pollers[number].retire()
        loop = self._loops.pop(number)
        self._tasks.add(loop)
        loop.add_done_callback(self._tasks.discard)

    async def _supervise(self, poller: Poller) -> None:
        try:
            await poller.run()
        except Exception as error:
            self._log.error("a poll loop ended", project=poller.spec.name, where=places(error))
            raise

    async def _render(self, snapshot: ProjectSnapshot) -> Chunks:
        return await self._offload(render, snapshot, self.page.chunks(snapshot.project_id))

    async def _publish(self, snapshot: ProjectSnapshot) -> None:
        """Puts a snapshot on the page, unless a newer one was published meanwhile."""
        number = snapshot.project_id
        if number not in self._newest:
            return
        self._newest[number] = snapshot
        if self._adopting:
            return  # shown with everything else, in one step
        chunks = await self._render(snapshot)
        if self._newest.get(number) is snapshot:
            self.page.put(number, chunks)
            self.store.put(snapshot)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch_loop(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            planned = loop.time() + _LAG_SECONDS
            await self._clock.sleep(_LAG_SECONDS)
            self._telemetry.lagged(loop.time() - planned)

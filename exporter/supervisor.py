"""The poll loops of a process: one per project, made, changed and removed by a configuration."""

import asyncio
from collections.abc import Callable, Iterable

from exporter.clock import Clock
from exporter.config import Config
from exporter.exposition.publisher import Publisher
from exporter.log import Log, places
from exporter.polling.poller import Poller
from exporter.polling.snapshot import first_snapshot, respecified
from exporter.ringostat.client import RingostatClient

# So many pollers are made or changed between two turns of the loop.
_BATCH = 50


class Supervisor:
    """Runs a poll loop per project and says whether all of them make progress."""

    def __init__(
        self,
        clock: Clock,
        publisher: Publisher,
        log: Log,
        make_client: Callable[[Config], RingostatClient],
    ) -> None:
        self._clock = clock
        self._publisher = publisher
        self._log = log
        self._make_client = make_client
        self._client: RingostatClient | None = None
        self._config: Config | None = None
        self._pollers: dict[int, Poller] = {}
        self._loops: dict[int, asyncio.Task[None]] = {}
        # Loops of removed projects, and clients that close after their last request.
        self._ending: set[asyncio.Task[None]] = set()

    def pollers(self) -> Iterable[Poller]:
        """The poller of every project."""
        return self._pollers.values()

    def healthy(self) -> bool:
        """Whether every poll loop makes progress. Failures of Ringostat do not count."""
        ended = any(loop.done() for loop in self._loops.values())
        return not ended and not any(poller.lost() for poller in self._pollers.values())

    async def adopt(self, config: Config) -> int:
        """Polls what a configuration says from now on; shown in one step when it returns.

        Returns:
            The number of projects.
        """
        client = self._client_for(config)
        specs = {spec.project_id: spec for spec in config.projects}
        for number in self._pollers.keys() - specs.keys():
            self._retire(number)
        new = [spec for number, spec in specs.items() if number not in self._pollers]
        async with self._publisher.replacing() as adopt:
            for count, (number, spec) in enumerate(specs.items(), 1):
                # A project's snapshot and its poller change in one turn of the loop, so that no
                # answer to the old spec is read by the new one.
                if number in self._pollers:
                    adopt(respecified(self._publisher.newest(number), spec))
                    self._pollers[number].adopt(spec, client)
                else:
                    adopt(first_snapshot(spec))
                if count % _BATCH == 0:
                    await self._clock.sleep(0)
        for poller in self._pollers.values():  # nothing is asked anew before all of it is shown
            poller.wake()
        for count, spec in enumerate(new, 1):
            self._begin(Poller(spec, client, self._clock, self._publisher, self._log))
            if count % _BATCH == 0:
                await self._clock.sleep(0)
        return len(specs)

    async def stop(self) -> None:
        """Ends every poll loop and closes the connections."""
        tasks = (*self._loops.values(), *self._ending)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    def _client_for(self, config: Config) -> RingostatClient:
        """The present client, or another one where the API's settings changed."""
        if self._client is None or self._config is None or config.api != self._config.api:
            if self._client is not None:
                self._let_end(asyncio.create_task(self._client.close()))
            self._client = self._make_client(config)
        self._config = config
        return self._client

    def _begin(self, poller: Poller) -> None:
        number = poller.spec.project_id
        self._pollers[number] = poller
        self._loops[number] = asyncio.create_task(self._watch(poller))

    async def _watch(self, poller: Poller) -> None:
        try:
            await poller.run()
        except Exception as error:
            self._log.error("poll loop ended", project=poller.spec.name, where=places(error))
            raise

    def _retire(self, number: int) -> None:
        """Lets a removed project's request run to its end; its answer is dropped."""
        self._pollers.pop(number).retire()
        self._let_end(self._loops.pop(number))

    def _let_end(self, task: asyncio.Task[None]) -> None:
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

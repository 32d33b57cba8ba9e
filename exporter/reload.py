"""Reads the configuration again and adopts it whole, or changes nothing."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from exporter.config import Config
from exporter.errors import ConfigurationError
from exporter.exposition.telemetry import Telemetry
from exporter.log import Log, places
from exporter.offload import Offload
from exporter.supervisor import Supervisor

# A file on a network may hang for ever: the thread that reads it is left to it for so long.
_READ_SECONDS = 30.0


class Reloader:
    """Adopts one configuration after the other; each sees the end of the previous one.

    Attributes:
        read_seconds: When a reading that has not ended is given up.
    """

    def __init__(
        self,
        load: Callable[[], Config],
        shard: tuple[int, int],
        supervisor: Supervisor,
        telemetry: Telemetry,
        log: Log,
        files: Offload,
    ) -> None:
        self._load = load
        self._shard = shard
        self._supervisor = supervisor
        self._telemetry = telemetry
        self._log = log
        self._files = files
        self._turn = asyncio.Lock()
        self.read_seconds = _READ_SECONDS
        self._reading: asyncio.Future[Config] | None = None

    async def start(self, config: Config, moment: float) -> None:
        """Adopts the first configuration, read at a Unix time; a reload meanwhile comes after."""
        async with self._turn:
            await self._adopt(config)
            self._telemetry.reloaded(moment)

    async def reload(self, moment: float) -> bool:
        """Reads and adopts, at a Unix time in seconds; returns whether the file was good.

        Reading, with all of the files that it names, is done by the thread that reads files. One
        that hangs is given up after 30 s, and never holds up polls or scrapes; until it ends
        every other reload is rejected at once.
        """
        async with self._turn:
            try:
                with _without_collections():
                    config = await self._read()
                    projects = await self._adopt(config)
            except ConfigurationError as error:
                self._reject(*error.mistakes)
                return False
            except Exception as error:  # noqa: BLE001 - a reload must never end the process
                self._reject(f"internal error: {places(error)}")
                return False
            self._telemetry.reloaded(moment)
            self._log.info("configuration reloaded", projects=projects)
            return True

    async def _read(self) -> Config:
        if self._reading is not None and not self._reading.done():
            raise ConfigurationError(["the previous reading has not ended: a file of it hangs"])
        self._reading = asyncio.ensure_future(self._files(self._load))
        self._reading.add_done_callback(_forget)
        await asyncio.wait({self._reading}, timeout=self.read_seconds)
        if not self._reading.done():
            text = f"reading it takes over {self.read_seconds:g} s: a file of it hangs"
            raise ConfigurationError([text])
        return self._reading.result()

    def _reject(self, *mistakes: str) -> None:
        for mistake in mistakes:
            self._log.error("configuration rejected; keeping the previous one", mistake=mistake)
        self._telemetry.reload_failed()

    async def _adopt(self, config: Config) -> int:
        mine = config.of_shard(*self._shard)
        for warning in mine.warnings:
            self._log.warning("configuration", warning=warning)
        return await self._supervisor.adopt(mine)


@contextmanager
def _without_collections() -> Iterator[None]:
    """No full collections: with the tree of a large file one stops the loop for 0.2 s.

    Few cycles are made meanwhile, and it takes seconds, at most as long as a reading may.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _forget(reading: asyncio.Future[Config]) -> None:
    """Takes note of how a reading ended that nobody may wait for any more."""
    if not reading.cancelled():
        reading.exception()

"""Reads the configuration again and adopts it whole, or changes nothing."""

import asyncio
from collections.abc import Callable

from exporter.config import Config
from exporter.errors import ConfigurationError
from exporter.exposition.telemetry import Telemetry
from exporter.log import Log, places
from exporter.offload import Offload
from exporter.supervisor import Supervisor


class Reloader:
    """Adopts one configuration after the other; each sees the end of the previous one."""

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

    async def start(self, config: Config, moment: float) -> None:
        """Adopts the first configuration, read at a Unix time; a reload meanwhile comes after."""
        async with self._turn:
            await self._adopt(config)
            self._telemetry.reloaded(moment)

    async def reload(self, moment: float) -> bool:
        """Reads and adopts, at a Unix time in seconds; returns whether the file was good.

        Reading, with all of the files that it names, is done by the thread that reads files.
        """
        async with self._turn:
            try:
                config = await self._files(self._load)
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

    def _reject(self, *mistakes: str) -> None:
        for mistake in mistakes:
            self._log.error("configuration rejected; keeping the previous one", mistake=mistake)
        self._telemetry.reload_failed()

    async def _adopt(self, config: Config) -> int:
        for warning in config.warnings:
            self._log.warning("configuration", warning=warning)
        return await self._supervisor.adopt(config.of_shard(*self._shard))

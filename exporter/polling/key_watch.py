"""Looks at the key files, off the loop, so that a rotated key is used from the next poll."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from exporter.clock import Clock
from exporter.log import Log, places
from exporter.offload import Offload
from exporter.polling.poller import Poller
from exporter.ringostat.key import KeySource

# A rotated key is noticed within this time; a look costs one `stat` per file.
_SECONDS_BETWEEN_LOOKS = 1.0
# A reload may bring the first file.
_SECONDS_WITHOUT_FILES = 5.0


class KeyWatch:
    """Watches the key files of all projects, and asks at once where a key changed.

    A file that cannot be read leaves the previous key in use; that is logged once. Files are
    looked at by folder, in one hop each: a folder on a network that hangs delays no other.
    """

    def __init__(
        self, pollers: Callable[[], Iterable[Poller]], clock: Clock, log: Log, files: Offload
    ) -> None:
        self._pollers = pollers
        self._clock = clock
        self._log = log
        self._files = files
        self._problems: dict[Path | None, str] = {}
        self._looks: dict[Path, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Looks again and again until the task is cancelled."""
        try:
            while True:
                folders = self._by_folder()
                for folder, pollers in folders.items():
                    if folder not in self._looks:
                        self._begin(folder, pollers)
                seconds = _SECONDS_BETWEEN_LOOKS if folders else _SECONDS_WITHOUT_FILES
                await self._clock.sleep(seconds)
        finally:
            looks = list(self._looks.values())
            for look in looks:
                look.cancel()
            await asyncio.gather(*looks, return_exceptions=True)

    def _by_folder(self) -> dict[Path, list[Poller]]:
        folders: dict[Path, list[Poller]] = defaultdict(list)
        for poller in self._pollers():
            if poller.spec.key.path is not None:
                folders[poller.spec.key.path.parent].append(poller)
        return folders

    def _begin(self, folder: Path, pollers: list[Poller]) -> None:
        self._looks[folder] = asyncio.create_task(self._look(folder, pollers))

    async def _look(self, folder: Path, watched: list[Poller]) -> None:
        """One look at the key files of a folder, in one hop to a thread that reads files."""
        keys = [poller.spec.key for poller in watched]
        try:
            changed = await self._files(_refresh, keys)
        except Exception as error:  # noqa: BLE001 - the next look may do better
            self._log.error("key files not read: internal error", where=places(error))
            return
        finally:
            del self._looks[folder]
        for poller, key, is_new in zip(watched, keys, changed, strict=True):
            self._report(poller.spec.name, key, is_new=is_new)
            if is_new:
                poller.ask_now()

    def _report(self, project: str, key: KeySource, *, is_new: bool) -> None:
        facts = {"project": project, "file": str(key.path)}
        if is_new:
            self._log.info("key file read again", **facts)
        if key.problem and key.problem != self._problems.get(key.path):
            self._log.warning(
                "key file rejected; keeping the previous key", **facts, problem=key.problem
            )
        if key.problem:
            self._problems[key.path] = key.problem
        else:
            self._problems.pop(key.path, None)


def _refresh(keys: list[KeySource]) -> list[bool]:
    """Which of the keys are others now. Reads files."""
    return [key.changed() for key in keys]

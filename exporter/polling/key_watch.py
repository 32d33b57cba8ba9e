"""Looks at the key files, off the loop, so that a rotated key is used at once.

Both keys of a project may be in files: its Auth-key, and that of the pseudonyms.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exporter.clock import Clock
from exporter.files import FileValue
from exporter.log import Log, places
from exporter.offload import Offload
from exporter.polling.poller import Poller

# A rotated key is noticed within this time; a look costs one `stat` per file.
_SECONDS_BETWEEN_LOOKS = 1.0
# A reload may bring the first file.
_SECONDS_WITHOUT_FILES = 5.0


@dataclass(slots=True)
class _Watched:
    """A key that is in a file.

    Attributes:
        what: `key`, or `pseudonym key`.
        path: The file.
        key: Its present content.
        pollers: Of the projects that use it; one, but for a pseudonym key of `defaults`.
    """

    what: str
    path: Path
    key: FileValue[Any]
    pollers: list[Poller] = field(default_factory=list)


class KeyWatch:
    """Watches the key files of all projects, and does at once what a changed key wants.

    Another Auth-key is asked with, another pseudonym key is shown with. A file that cannot be
    read leaves the previous key in use; that is logged once. Files are looked at by folder, in
    one hop each: a folder on a network that hangs delays no other.
    """

    def __init__(
        self, pollers: Callable[[], Iterable[Poller]], clock: Clock, log: Log, files: Offload
    ) -> None:
        self._pollers = pollers
        self._clock = clock
        self._log = log
        self._files = files
        self._problems: dict[Path, str] = {}
        self._looks: dict[Path, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Looks again and again until the task is cancelled."""
        try:
            while True:
                folders = self._by_folder()
                for folder, watched in folders.items():
                    if folder not in self._looks:
                        self._begin(folder, watched)
                seconds = _SECONDS_BETWEEN_LOOKS if folders else _SECONDS_WITHOUT_FILES
                await self._clock.sleep(seconds)
        finally:
            looks = list(self._looks.values())
            for look in looks:
                look.cancel()
            await asyncio.gather(*looks, return_exceptions=True)

    def _by_folder(self) -> dict[Path, list[_Watched]]:
        # By identity: projects that share a key are told of its change together, since the first
        # look at a changed file is the only one that finds it so.
        keys: dict[int, _Watched] = {}
        for poller in self._pollers():
            spec = poller.spec
            for what, key in (("key", spec.key), ("pseudonym key", spec.pseudonyms)):
                if key is not None and key.path is not None:
                    watched = keys.setdefault(id(key), _Watched(what, key.path, key))
                    watched.pollers.append(poller)
        folders: dict[Path, list[_Watched]] = defaultdict(list)
        for watched in keys.values():
            folders[watched.path.parent].append(watched)
        return folders

    def _begin(self, folder: Path, watched: list[_Watched]) -> None:
        self._looks[folder] = asyncio.create_task(self._look(folder, watched))

    async def _look(self, folder: Path, watched: list[_Watched]) -> None:
        """One look at the key files of a folder, in one hop to a thread that reads files."""
        try:
            changed = await self._files(_refresh, [one.key for one in watched])
            for one, is_new in zip(watched, changed, strict=True):
                self._report(one, is_new=is_new)
            for one, is_new in zip(watched, changed, strict=True):
                if is_new:
                    await self._use(one)
        except Exception as error:  # noqa: BLE001 - the next look may do better
            self._log.error("key files not read: internal error", where=places(error))
        finally:
            del self._looks[folder]

    async def _use(self, watched: _Watched) -> None:
        """Has a changed key used by the projects that have it still, after a reload meanwhile."""
        for poller in watched.pollers:
            if watched.key is poller.spec.key:
                poller.ask_now()
            elif watched.key is poller.spec.pseudonyms:
                await poller.show_again()

    def _report(self, watched: _Watched, *, is_new: bool) -> None:
        what, path, problem = watched.what, watched.path, watched.key.problem
        facts = {"project": watched.pollers[0].spec.name, "file": str(path)}
        if len(watched.pollers) > 1:
            facts["projects"] = str(len(watched.pollers))
        if is_new:
            self._log.info(f"{what} file read again", **facts)
        if problem and problem != self._problems.get(path):
            self._log.warning(
                f"{what} file rejected; keeping the previous key", **facts, problem=problem
            )
        if problem:
            self._problems[path] = problem
        else:
            self._problems.pop(path, None)


def _refresh(keys: list[FileValue[Any]]) -> list[bool]:
    """Which of the keys are others now. Reads files."""
    return [key.changed() for key in keys]

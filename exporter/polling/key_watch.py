"""Looks at the key files, off the loop, so that a rotated key is used from the next poll."""

from collections.abc import Callable, Iterable
from pathlib import Path

from exporter.clock import Clock
from exporter.log import Log
from exporter.offload import Offload
from exporter.polling.poller import Poller
from exporter.ringostat.key import KeySource

# A rotated key is noticed within this time; a look costs one `stat` per file.
_SECONDS_BETWEEN_LOOKS = 1.0


class KeyWatch:
    """Watches the key files of all projects, and asks at once where a key changed.

    A file that cannot be read leaves the previous key in use; that is logged once.
    """

    def __init__(
        self, pollers: Callable[[], Iterable[Poller]], clock: Clock, log: Log, files: Offload
    ) -> None:
        self._pollers = pollers
        self._clock = clock
        self._log = log
        self._files = files
        self._problems: dict[Path | None, str] = {}

    async def run(self) -> None:
        """Looks again and again until the task is cancelled."""
        while True:
            await self.look()
            await self._clock.sleep(_SECONDS_BETWEEN_LOOKS)

    async def look(self) -> None:
        """One look at every key file, in one hop to the thread that reads files."""
        watched = [poller for poller in self._pollers() if poller.spec.key.path is not None]
        if not watched:
            return
        keys = [poller.spec.key for poller in watched]
        changed = await self._files(_refresh, keys)
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

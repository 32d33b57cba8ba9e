"""The one place where the oracle touches the exporter: start, stop, reload, the page's bytes."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from exporter.app import Exporter, Options
from exporter.clock import Clock
from exporter.config import load
from exporter.exposition.page import Representation
from exporter.exposition.rendering import Format
from exporter.instant import Instant
from tests.support.virtual import VirtualClock

__all__ = ["Clock", "HistoryClock", "Instant", "Key", "Running", "Settings", "write"]

PROJECT = 68861
Key = tuple[str, tuple[tuple[str, str], ...]]
# The keys of one project in config.yaml, as text, and `api.timeout`.
Settings = dict[str, Any]

_ABOUT_DATA = ("ringostat_employee_", "ringostat_report_", "ringostat_up", "ringostat_poll_")
_LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def read_page(exporter: Exporter) -> bytes:
    """What `/metrics` would answer now, in the text format."""
    return exporter.site.page.body(Representation(Format.TEXT)).whole


class HistoryClock(VirtualClock):
    """A virtual clock that wakes the watch of the loop's lag once a minute.

    Twice a second, that watch would be most of the cost of a simulated day. It may be asked for
    the time by a worker's thread.
    """

    def __init__(self, wall: float) -> None:
        super().__init__(wall)
        self._loop = asyncio.get_running_loop()

    def now(self) -> Instant:
        age = self._loop.time() + self._suspended
        return Instant(self._wall + age, age)

    async def sleep(self, seconds: float) -> None:
        await super().sleep(60.0 if seconds == 0.5 else seconds)


class Quiet:
    """A log that keeps the errors."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def debug(self, event: str, **facts: object) -> object:
        """Most of what happens is on purpose."""

    info = warning = debug

    def error(self, event: str, **facts: object) -> object:
        self.errors.append(f"{event} {facts}")
        return None


def write(path: Path, settings: Settings) -> None:
    """Writes a configuration of one project. JSON is YAML, and needs no quoting rules."""
    project = {key: value for key, value in settings.items() if key != "timeout"}
    timeout = settings.get("timeout", "15s")
    api = f"{{base_url: 'http://127.0.0.1:1', requests_per_second: 1000, timeout: {timeout}}}"
    entry = _yaml({"id": PROJECT, "auth_key": "KEY-canary-1"} | project)
    path.write_text(f"api: {api}\nprojects:\n  - {entry}\n", encoding="utf-8")


def break_file(path: Path) -> None:
    """Makes a configuration that cannot be read."""
    path.write_text("projects: [", encoding="utf-8")


def _yaml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


class Running:
    """An exporter over a network of the test's own, with its configuration on disk."""

    def __init__(self, path: Path, clock: Clock, network: httpx.AsyncBaseTransport) -> None:
        self._path = path
        self._clock = clock
        self._network = network
        self._keys: dict[str, Key] = {}
        self.log = Quiet()
        self.exporter = self._make()

    def _make(self) -> Exporter:
        read: Callable[[], Any] = lambda: load(self._path, {})  # noqa: E731
        return Exporter(read(), Options(load=read), self._clock, self.log, self._network)

    async def start(self) -> None:
        await self.exporter.start()

    async def stop(self) -> None:
        await self.exporter.stop()

    async def restart(self) -> None:
        """A new process in place of this one."""
        await self.stop()
        self.exporter = self._make()
        await self.start()

    def samples(self) -> dict[Key, float]:
        """Every sample of the page about data; a series that comes twice is a failure."""
        shown: dict[Key, float] = {}
        for line in read_page(self.exporter).decode().splitlines():
            if line.startswith(_ABOUT_DATA):
                series, _, value = line.rpartition(" ")
                key = self._key(series)
                assert key not in shown, f"twice: {key}"
                shown[key] = float(value)
        return shown

    def _key(self, series: str) -> Key:
        """Name and labels; most series are seen again at the next look."""
        key = self._keys.get(series)
        if key is None:
            name, _, labels = series.partition("{")
            key = self._keys[series] = (name, tuple(sorted(_LABEL.findall(labels))))
        return key

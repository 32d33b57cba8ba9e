"""A whole exporter whose reports a test writes one by one."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tests.oracle.network import REPORT
from tests.oracle.seam import HistoryClock, Running, Settings, write

NOON = datetime(2026, 3, 25, 12, tzinfo=UTC).timestamp()
DAY = 86_400.0
Rows = list[dict[str, object]]


class Stage(httpx.AsyncBaseTransport):
    """One project in UTC that is polled once a minute, and what it is answered."""

    def __init__(self, path: Path, begin: float, settings: Settings) -> None:
        self._path = path
        self._settings: Settings = {"name": "Sales", "interval": "60s"} | settings
        write(path, self._settings)
        loop = asyncio.get_running_loop()
        self.clock = HistoryClock(begin - loop.time())
        self.running = Running(path, self.clock, self)
        self.rows: Rows = []
        self.fault: Callable[[], httpx.Response] | None = None
        self.catalog_fault: Callable[[], httpx.Response] | None = None
        self.delay = 0.0
        # When reports were asked for, and how many of them have been answered.
        self.asked: list[float] = []
        self.answered = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread())
        if body["method"] != REPORT:
            return self.catalog_fault() if self.catalog_fault else _good(body, [])
        self.asked.append(self.clock.now().age)
        fault, rows = self.fault, self.rows
        await self.clock.sleep(self.delay)
        self.answered += 1
        return fault() if fault else _good(body, rows)

    async def poll(self, *rows: dict[str, object]) -> None:
        """Waits until a poll was answered so, and is on the page."""
        self.rows, self.fault = list(rows), None
        await self._next()

    async def fail(self, status: int = 400, **headers: str) -> None:
        """Waits until a poll was answered so, and is on the page."""
        self.fault = lambda: httpx.Response(
            status, headers=headers, stream=httpx.ByteStream(b"{}")
        )
        await self._next()

    async def _next(self) -> None:
        answered = self.answered
        while self.answered == answered:
            await self.clock.sleep(0.2)
        await self.clock.sleep(0.1)

    async def reload(self, **changes: object) -> None:
        """Reloads with some keys changed."""
        self._settings |= changes
        write(self._path, self._settings)
        assert await self.running.exporter.reload()

    def value(self, family: str, **labels: str) -> float | None:
        """The one sample of a family with these labels among others; None if there is none."""
        wanted = set(labels.items())
        values = [
            value
            for (name, own), value in self.running.samples().items()
            if name == family and wanted <= set(own)
        ]
        assert len(values) <= 1, values
        return values[0] if values else None


def _good(body: dict[str, object], result: object) -> httpx.Response:
    content = json.dumps({"id": body["id"], "result": result}).encode()
    return httpx.Response(200, stream=httpx.ByteStream(content))


def person(name: str, **statuses: object) -> dict[str, object]:
    """A row; seconds are written as the API does."""
    return {"employee": name} | {
        key: _clock(value) if isinstance(value, int) else value for key, value in statuses.items()
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


@asynccontextmanager
async def stage(
    folder: Path, begin: float = NOON, wrong: float = 0.0, **settings: object
) -> AsyncIterator[Stage]:
    """Starts nothing yet: the test says what the first poll is answered."""
    made = Stage(folder / "config.yaml", begin, settings)
    made.clock.jump(wrong)
    await made.running.start()
    try:
        yield made
    finally:
        await made.running.stop()

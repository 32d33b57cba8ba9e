"""A whole exporter in a test: real poller, client and page over a network that the test holds."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from prometheus_client.parser import text_string_to_metric_families

from exporter.clock import Clock
from exporter.exposition.page import Representation
from exporter.exposition.publisher import Publisher
from exporter.exposition.rendering import Format
from exporter.exposition.telemetry import Telemetry
from exporter.log import Log, make_log
from exporter.offload import run_inline
from exporter.polling.key_watch import KeyWatch
from exporter.polling.poller import Poller
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot, respecified
from exporter.polling.window import parse_window
from exporter.ringostat.client import RingostatClient
from exporter.ringostat.key import KeySource, Secret
from exporter.ringostat.settings import ApiSettings

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]

MIDNIGHT = datetime(2026, 3, 26, tzinfo=UTC).timestamp()
SECONDS = "ringostat_employee_status_seconds"
ERRORS = "ringostat_poll_errors_total"
HELD = "ringostat_employee_current_status"
GAINED = "ringostat_employee_time_seconds_total"


class NoTelemetry:
    """Counts attempts by method."""

    def __init__(self) -> None:
        self.attempts: list[str] = []

    def attempted(self, method: str, seconds: float) -> None:
        assert seconds >= 0
        self.attempts.append(method)


def make_spec(**changes: Any) -> ProjectSpec:
    """A project that polls `today` once a minute in UTC."""
    values: dict[str, Any] = {
        "project_id": 68861,
        "name": "Sales",
        "key": KeySource(Secret("KEY-canary-1")),
        "zone": ZoneInfo("UTC"),
        "windows": ("today",),
        "interval": 60.0,
        "settled_interval": 900.0,
        "catalog_interval": 3600.0,
        "stale_after": None,
        "max_employees": 5000,
    } | changes
    values["windows"] = tuple(parse_window(name) for name in values["windows"])
    return ProjectSpec(**values)


def make_settings(**changes: Any) -> ApiSettings:
    """Settings of an API that is never really connected to."""
    values: dict[str, Any] = {
        "base_url": "http://127.0.0.1:1",
        "timeout_seconds": 15.0,
        "max_concurrency": 8,
        "requests_per_second": 1000.0,
        "max_response_bytes": 8_388_608,
        "proxy_url": None,
        "user_agent": "test",
    }
    return ApiSettings(**(values | changes))


Handler = Callable[[dict[str, Any]], "httpx.Response | Exception"]


class Upstream(httpx.AsyncBaseTransport):
    """A Ringostat of the test's own: a function from the request's JSON to an answer.

    A GET has no JSON: its path stands for the method.

    Keeps what was asked, with the moment; `delay` holds every answer back.
    """

    def __init__(self, handler: Handler, clock: Clock) -> None:
        self.handler = handler
        self.clock = clock
        self.delay = 0.0
        self.asked: list[tuple[float, dict[str, Any]]] = []
        self.in_flight = 0
        self.most_in_flight = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        body = json.loads(content) if content else {"method": request.url.path[1:]}
        self.asked.append((self.clock.now().wall, body))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self.clock.sleep(self.delay)
            answer = self.handler(body)
        finally:
            self.in_flight -= 1
        if isinstance(answer, Exception):
            raise answer
        # As from a network: the body is yet to be read.
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content)
        )

    def times(self, method: str = "getSipStatusDailyReport") -> list[float]:
        return [moment for moment, body in self.asked if body["method"] == method]


def answer(body: dict[str, Any], rows: object, catalog: object = ()) -> httpx.Response:
    """A good answer of either method."""
    if body["method"] == "getCustomStatuses":
        return httpx.Response(200, json={"id": str(body["id"]), "result": list(catalog)})  # type: ignore[call-overload]
    return httpx.Response(200, json={"id": body["id"], "result": rows})


class Rig:
    """Pollers, page and log of one exporter without sockets."""

    def __init__(
        self,
        clock: Clock,
        network: httpx.AsyncBaseTransport,
        telemetry: Telemetry | None = None,
        **settings: Any,
    ) -> None:
        self.clock = clock
        self.publisher = Publisher(clock, telemetry.collect if telemetry else list)
        self.page = self.publisher.page
        self.lines: list[str] = []
        self.log: Log = make_log("debug", "logfmt", Lines(self.lines))
        self.client = RingostatClient(
            make_settings(**settings), clock, lambda: 0.5, telemetry or NoTelemetry(), network
        )
        self.pollers: dict[int, Poller] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def poll(self, *specs: ProjectSpec) -> None:
        """Begins to poll these projects, beside those that are polled already."""
        known = [self.snapshot(number) for number in self.pollers]
        await self.publisher.replace_all([*known, *map(first_snapshot, specs)])
        for spec in specs:
            poller = Poller(spec, self.client, self.clock, self.publisher, self.log)
            self.pollers[spec.project_id] = poller
            self.tasks.append(asyncio.create_task(poller.run()))
        watch = KeyWatch(self.pollers.values, self.clock, self.log, run_inline)
        self.tasks.append(asyncio.create_task(watch.run()))
        self.tasks.append(asyncio.create_task(self.publisher.keep_up()))

    async def adopt(self, spec: ProjectSpec) -> None:
        """A reload that changes one project."""
        async with self.publisher.replacing() as adopt:
            for number, poller in self.pollers.items():
                if number == spec.project_id:
                    adopt(respecified(self.snapshot(number), spec))
                    poller.adopt(spec, self.client)
                else:
                    adopt(self.snapshot(number))
        self.pollers[spec.project_id].wake()

    def snapshot(self, project_id: int = 68861) -> ProjectSnapshot:
        return self.publisher.newest(project_id)

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.client.close()

    def scrape(self) -> Samples:
        return samples(self.page.body(Representation(Format.TEXT)).whole)

    def value(self, name: str, **labels: str) -> float | None:
        """The one sample of these labels among others; None if there is none."""
        found = select(self.scrape(), name, **labels)
        assert len(found) <= 1, found
        return next(iter(found.values()), None)


class Lines:
    """A stream that keeps its lines."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, text: str) -> None:
        self._lines.append(text.rstrip("\n"))

    def flush(self) -> None:
        return


def samples(page: bytes) -> Samples:
    """Every sample of a text exposition; a series that comes twice is a failure."""
    found: Samples = {}
    for family in text_string_to_metric_families(page.decode()):
        for sample in family.samples:
            key = (sample.name, frozenset(sample.labels.items()))
            assert key not in found, f"twice: {key}"
            found[key] = sample.value
    return found


def select(found: Samples, name: str, **labels: str) -> Samples:
    wanted = set(labels.items())
    return {key: value for key, value in found.items() if key[0] == name and wanted <= key[1]}


def row(name: str, **statuses: str) -> dict[str, str]:
    return {"employee": name, **statuses}


@asynccontextmanager
async def rig(
    clock: Clock, network: httpx.AsyncBaseTransport, *specs: ProjectSpec, **settings: Any
) -> AsyncIterator[Rig]:
    made = Rig(clock, network, **settings)
    await made.poll(*specs)
    try:
        yield made
    finally:
        await made.stop()


def good(rows: list[dict[str, str]] | None = None) -> Callable[[dict[str, Any]], httpx.Response]:
    people = [row("Ann", online="01:00:00")] if rows is None else rows
    return lambda body: answer(body, people)


def broken(status: int, **headers: str) -> Callable[[dict[str, Any]], httpx.Response]:
    return lambda _body: httpx.Response(status, headers=headers)


def catalog_and(handler: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """The catalog is always fine."""
    return lambda body: answer(body, []) if "Custom" in body["method"] else handler(body)

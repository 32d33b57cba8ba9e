"""Servers under measurement.

`python -m benchmarks.serving ours|presence|library PROJECTS PEOPLE STATUSES [WEB_CONFIG]` prints
its port.
`ours` serves prepared snapshots by the exporter's own page and server; a line on stdin changes one
project. So does `presence`, and who is on what. `library` is prometheus_client's own server over
the same series.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import Metric

from benchmarks.data import lasting, polled, rows, snapshots, spec
from exporter import __version__
from exporter.clock import SystemClock
from exporter.exposition.page import Page
from exporter.exposition.rendering import render
from exporter.exposition.sample_sets import to_metric
from exporter.exposition.samples import sample_sets
from exporter.exposition.telemetry import Telemetry
from exporter.log import make_log
from exporter.polling.snapshot import first_snapshot
from exporter.web.address import Address, bind
from exporter.web.routes import Endpoints, make_application
from exporter.web.server import Server
from exporter.web.web_config import WebConfigFile


async def serve_ours(
    projects: int, people: int, statuses: int, guard: Path | None, *, presence: bool
) -> None:
    """Until the process is ended."""
    clock = SystemClock()
    telemetry = Telemetry(CollectorRegistry(), __version__, "bench", (0, 1))
    page = Page(clock, telemetry.collect)
    for snapshot in snapshots(projects, people, statuses, presence=presence):
        page.put(snapshot.spec.project_id, render(snapshot))
    endpoints = Endpoints(page, list, clock, "/metrics", "0", lambda: True, lambda: True, None)
    listener = bind(Address("127.0.0.1", 0))
    web_config = WebConfigFile(guard, clock, make_log("error", "logfmt", None)) if guard else None
    server = Server(make_application(endpoints), [listener], web_config)
    await server.start()
    loop = asyncio.get_running_loop()
    seed = 1000

    def change() -> None:
        nonlocal seed
        seed += 1
        changed = polled(first_snapshot(spec(1)), rows(people, statuses, seed))
        page.put(1, render(lasting(changed), page.chunks(1)))

    def listen() -> None:
        for _ in sys.stdin:
            loop.call_soon_threadsafe(change)

    threading.Thread(target=listen, daemon=True).start()
    print(f"port {listener.getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


class Collector:
    """The same series by prometheus_client."""

    def __init__(self, projects: int, people: int, statuses: int) -> None:
        self._snapshots = list(snapshots(projects, people, statuses))

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for snapshot in self._snapshots:
            for samples in sample_sets(snapshot):
                metric = to_metric(samples.family, samples.rows)
                if metric.name in families:
                    families[metric.name].samples.extend(metric.samples)
                else:
                    families[metric.name] = metric
        yield from families.values()


def main() -> None:
    kind, *size = sys.argv[1:5]
    projects, people, statuses = map(int, size)
    guard = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    if kind != "library":
        uvloop.run(serve_ours(projects, people, statuses, guard, presence=kind == "presence"))
    else:
        registry = CollectorRegistry()
        registry.register(Collector(projects, people, statuses))
        server, _ = start_http_server(0, "127.0.0.1", registry)
        print(f"port {server.server_port}", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()

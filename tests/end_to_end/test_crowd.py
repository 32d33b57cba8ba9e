"""Many at once, and some who hold connections: honest scrapers do not notice. Prints figures."""

import asyncio
import json
import os
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.exporting import SECONDS, samples, select
from tests.support.http_api import Answer, api_of
from tests.support.processes import Process, address_of, exporter, get, process, wait_for
from tests.support.real import run_real
from tests.support.scrapers import fetch

_SCRAPES = 1000
_HOLDERS = 200


@contextmanager
def report_of(people: int, statuses: int) -> Iterator[str]:
    """An API whose report has so many people in so many statuses beside the four built-ins."""
    rows = [
        {"employee": f"Employee Number {n}"}
        | dict.fromkeys(("online", "offline", "dnd", "speaking"), "01:02:03")
        | {f"Custom status {m}": "00:10:00" for m in range(statuses)}
        for n in range(people)
    ]

    def answer(asked: dict[str, Any]) -> Answer:
        result = rows if asked["method"] == "getSipStatusDailyReport" else []
        return 200, {}, json.dumps({"id": asked["id"], "result": result}).encode()

    with api_of(answer) as url:
        yield url


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Process]:
    """An exporter with 5,000 series that is polled every 15 seconds."""
    with report_of(500, 6) as url:
        path = tmp_path / "config.yaml"
        path.write_text(
            f"api: {{base_url: '{url}'}}\ndefaults: {{presence: false, interval: 15s}}\n"
            "projects: [{id: 1, auth_key: k}]\n"
        )
        with exporter(f"--config.file={path}") as running:
            address = address_of(running)
            wait_for(lambda: len(select(samples(get(address)[2]), SECONDS)) == 5000, 20, "5,000")
            yield running


def p99(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[98]


def test_a_thousand_scrapes_at_once_and_the_health_check_beside_them(crowded: Process) -> None:
    """All get every series, p99 under 2 s, while `/-/healthy` answers within a second."""
    address = address_of(crowded)
    health = []
    program = [sys.executable, "-m", "tests.support.scrapers", address, str(_SCRAPES)]
    with process(program) as crowd:
        while crowd.popen.poll() is None:
            started = time.perf_counter()
            assert get(address, "/-/healthy")[0] == 200
            health.append(time.perf_counter() - started)
            time.sleep(0.01)
        assert crowd.stop() == 0, crowd.lines
    told = json.loads(crowd.lines[-1])
    print(
        f"{_SCRAPES} scrapes at once of 5,000 series: p99 {p99(told['seconds']):.3f} s; "
        f"/-/healthy meanwhile: worst {max(health):.3f} s of {len(health)}"
    )
    assert len(told["seconds"]) == _SCRAPES
    assert told["series"] == [5000]
    assert p99(told["seconds"]) < 2
    assert max(health) < 1


def test_who_holds_connections_is_cut_and_an_honest_scraper_never_waits(crowded: Process) -> None:
    """200 that drip their header and 200 that never read, beside one that scrapes."""
    address = address_of(crowded)
    host, port = address.split(":")

    async def drip() -> float:
        started = time.perf_counter()
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET /metrics HTTP/1.1\r\nX-Slow: ")
        ended = asyncio.create_task(reader.read())
        while not ended.done():
            writer.write(b"x")
            await asyncio.wait({ended}, timeout=1)
        writer.close()
        assert ended.exception() is None or isinstance(ended.exception(), ConnectionError)
        return time.perf_counter() - started

    async def stall() -> float:
        """Asks for more than the kernel keeps, and takes none of it."""
        narrow = socket.socket()
        # Else this side takes megabytes for each of them first.
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        narrow.setblocking(False)
        started = time.perf_counter()
        await asyncio.get_running_loop().sock_connect(narrow, (host, int(port)))
        reader, writer = await asyncio.open_connection(sock=narrow, limit=1024)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 40)
        while time.perf_counter() - started < 40:
            try:
                writer.write(b"\r\n")  # who is gone answers this with a reset
                await writer.drain()
            except ConnectionError:
                break
            await asyncio.sleep(0.2)  # noqa: TID251
        writer.transport.abort()
        del reader
        return time.perf_counter() - started

    async def main() -> tuple[list[float], list[float], list[float]]:
        honest = []
        held = [
            asyncio.gather(*(drip() for _ in range(_HOLDERS))),
            asyncio.gather(*(stall() for _ in range(_HOLDERS))),
        ]
        while not all(one.done() for one in held):
            honest.append((await fetch(address))[0])
            await asyncio.sleep(0.1)  # noqa: TID251
        return honest, held[0].result(), held[1].result()

    honest, dripped, stalled = run_real(main())
    left = len(os.listdir(f"/proc/{crowded.popen.pid}/fd"))  # noqa: PTH208
    print(
        f"{_HOLDERS} slow headers ended within {max(dripped):.1f} s, {_HOLDERS} stalled readers "
        f"within {max(stalled):.1f} s; an honest scraper: p99 {p99(honest):.3f} s of "
        f"{len(honest)} scrapes; {left} descriptors open afterwards"
    )
    assert p99(honest) < 1
    assert max(dripped) < 12
    assert max(stalled) < 31
    assert left < 60

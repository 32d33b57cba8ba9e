"""Many at once, and some who hold connections: honest scrapers do not notice. Prints figures."""

import asyncio
import json
import os
import socket
import ssl
import statistics
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.certificates import Certificates
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


def stalled_reader(address: str, context: ssl.SSLContext | None) -> socket.socket:
    """A connection that has asked for the plain page and takes nothing of it."""
    host, port = address.split(":")
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(10)
    plain.connect((host, int(port)))
    reader = context.wrap_socket(plain, server_hostname=host) if context else plain
    reader.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return reader


def resident_of(running: Process) -> int:
    status = Path(f"/proc/{running.popen.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
@pytest.mark.parametrize(("people", "statuses"), [(5000, 0), (2000, 30)])
def test_sixty_stalled_readers_cost_less_than_a_copy_of_the_page_each(
    tmp_path: Path, people: int, statuses: int, tls: bool
) -> None:
    """Memory grows by less than 64 MiB, and a scraper beside them is served."""
    Certificates(tmp_path)
    context = ssl.create_default_context(cafile=tmp_path / "ca.pem") if tls else None
    (tmp_path / "web.yaml").write_text(
        "tls_server_config: {cert_file: server.pem, key_file: server.key}\n" if tls else ""
    )
    with report_of(people, statuses) as url:
        path = tmp_path / "config.yaml"
        path.write_text(
            f"api: {{base_url: '{url}', max_response_bytes: 8388608}}\n"
            "defaults: {presence: false, interval: 60s}\nprojects: [{id: 1, auth_key: k}]\n"
        )
        with exporter(
            f"--config.file={path}", f"--web.config.file={tmp_path}/web.yaml"
        ) as running:
            address = address_of(running)

            def page() -> bytes:
                url = f"{'https' if tls else 'http'}://{address}/metrics"
                with urllib.request.urlopen(url, timeout=10, context=context) as answer:
                    body: bytes = answer.read()
                    return body

            wait_for(lambda: page().count(SECONDS.encode()) > people * 4, 30, "the page")
            before = resident_of(running)
            readers = [stalled_reader(address, context) for _ in range(60)]
            time.sleep(1)
            assert page().count(SECONDS.encode()) > people * 4
            grown = resident_of(running) - before
            for reader in readers:
                reader.close()
        print(f"60 stalled readers of {people} people, {tls=}: {grown / 2**20:.0f} MiB more")
        assert grown < 64 << 20

"""Whoever reads the assembled gzip page reads it whole: one member, with the right checksum."""

import asyncio
import gzip
import subprocess
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import httpx
import pytest

from tests.end_to_end.test_crowd import report_of
from tests.end_to_end.test_prometheus import prometheus
from tests.support.exporting import SECONDS, samples, select
from tests.support.processes import address_of, exporter, get, need, wait_for
from tests.support.real import run_real

OPENMETRICS = "application/openmetrics-text;version=1.0.0"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """An exporter of three projects with large and small chunks; 6,000 series."""
    with report_of(200, 6) as url:
        path = tmp_path / "config.yaml"
        entries = "".join(f"  - {{id: {n}, auth_key: k}}\n" for n in (1, 2, 3))
        path.write_text(f"api: {{base_url: '{url}'}}\nprojects:\n{entries}")
        with exporter(f"--config.file={path}") as running:
            found = address_of(running)
            wait_for(lambda: len(select(samples(get(found)[2]), SECONDS)) == 6000, 20, "data")
            yield found


def count(page: bytes) -> int:
    return page.count(b"\n" + SECONDS.encode() + b"{")


@pytest.mark.parametrize("accept", ["text/plain", OPENMETRICS])
def test_curl_httpx_aiohttp_and_pythons_gzip_read_it_whole(address: str, accept: str) -> None:
    """Each client sees all 6,000 series, packed and plain, in both formats."""
    url = f"http://{address}/metrics"
    packed = get(address, Accept=accept, **{"Accept-Encoding": "gzip"})[2]
    assert count(gzip.decompress(packed)) == 6000
    command = [need("curl"), "-fsS", "--compressed", "-H", f"Accept: {accept}", url]
    assert count(subprocess.run(command, capture_output=True, check=True).stdout) == 6000
    answer = httpx.get(url, headers={"Accept": accept, "Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert count(answer.content) == 6000

    async def by_aiohttp() -> bytes:
        async with (
            aiohttp.ClientSession() as session,
            session.get(url, headers={"Accept": accept}) as found,
        ):
            assert found.headers["Content-Encoding"] == "gzip"
            return await found.read()

    assert count(run_real(by_aiohttp())) == 6000
    plain = get(address, Accept=accept)[2]
    assert count(plain) == 6000
    assert plain.endswith(b"# EOF\n") == (accept == OPENMETRICS)


def test_prometheus_takes_gzip_and_plain_openmetrics_and_text(
    address: str, tmp_path: Path
) -> None:
    """The same series whichever way, and no scrape error."""
    counts = {}
    ways: dict[str, dict[str, object]] = {
        "usual": {},
        "plain": {"enable_compression": False},
        "text": {"scrape_protocols": ["PrometheusText0.0.4"]},
    }
    for name, way in ways.items():
        folder = tmp_path / name
        folder.mkdir()
        try:
            with prometheus(folder, address, scrape=way) as server:
                wait_for(lambda: server.query(f"count({SECONDS})"), 15, "series")
                target = server.ask("targets")["activeTargets"][0]
                assert target["lastError"] == ""
                counts[name] = server.query(f"count({SECONDS})")[0]["value"][1]
        except AssertionError as error:
            # Debian's 2.42 knows neither key; it asks for OpenMetrics in gzip.
            if name == "usual" or "ended with" not in str(error):
                raise
    assert set(counts.values()) == {"6000"}


def test_readers_that_come_and_go_while_it_changes(address: str) -> None:
    """Fifty readers at once each get a whole page."""

    async def main() -> set[int]:
        async with httpx.AsyncClient() as client:
            found = await asyncio.gather(
                *(client.get(f"http://{address}/metrics") for _ in range(50))
            )
        return {count(one.content) for one in found}

    assert run_real(main()) == {6000}

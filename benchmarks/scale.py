"""Row 9: 1,000,000 series (1,000 projects x 100 people x 10 statuses), polled every minute.

The whole program over HTTP on loopback, scraped every 5 seconds as Prometheus does. With an
argument `presence` it is told who is on what as well.
"""

import re
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.measure import cpu_seconds, memory, running, table
from benchmarks.scrape import fetch

_PROJECTS = 1000
_MINUTES = 2
_HEADERS = {
    "Accept": "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3",
    "Accept-Encoding": "gzip",
}


def lag_counts(page: str) -> dict[float, float]:
    """Upper bound -> how many times the loop was at most so late."""
    found = re.findall(r'event_loop_lag_seconds_bucket\{le="(\S+)"\} (\S+)', page)
    return {float(bound): float(count) for bound, count in found}


def plain(url: str) -> str:
    return fetch(url).decode()


def measure(*, presence: bool) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        running(sys.executable, "-m", "benchmarks.upstream", "100", "10", ready="port") as (_, at),
    ):
        entries = "".join(f"  - {{id: {n}, auth_key: k}}\n" for n in range(1, _PROJECTS + 1))
        config = Path(name) / "config.yaml"
        config.write_text(
            f"api: {{base_url: 'http://127.0.0.1:{at.split()[1]}', requests_per_second: 500}}\n"
            f"defaults: {{interval: 60s, presence: {str(presence).lower()}}}\nprojects:\n{entries}"
        )
        command = [sys.executable, "-m", "exporter", f"--config.file={config}"]
        started = time.perf_counter()
        with running(*command, "--web.listen-address=127.0.0.1:0", ready="listening") as (
            process,
            line,
        ):
            address = re.search(r"address=(\S+)", line)
            assert address
            url = f"http://{address[1]}/metrics"
            while not _ready(url.replace("/metrics", "/-/ready")):
                time.sleep(0.1)
            cold = time.perf_counter() - started
            series = plain(url).count("\nringostat_employee_status_seconds{")
            time.sleep(90)  # phases are spread by then
            before, spent, at_start = lag_counts(plain(url)), cpu_seconds(process.pid), time.time()
            took, scraping = [], 0.0
            for _ in range(_MINUTES * 12):
                time.sleep(5)
                mark = cpu_seconds(process.pid)
                begun = time.perf_counter()
                fetch(url, **_HEADERS)
                took.append(time.perf_counter() - begun)
                scraping += cpu_seconds(process.pid) - mark
            share = (cpu_seconds(process.pid) - spent) / (time.time() - at_start)
            rss, after = memory(process.pid), lag_counts(plain(url))
    waits = {bound: count - before[bound] for bound, count in after.items()}
    total = max(waits.values())
    p99 = next(bound for bound, count in sorted(waits.items()) if count >= 0.99 * total)
    worst = next(bound for bound, count in sorted(waits.items()) if count == total)
    scrapes = _MINUTES * 12
    polling = share - scraping / (_MINUTES * 60)
    table(
        f"9. 1,000 projects, {series} series, presence {'on' if presence else 'off'}",
        [
            ("", "", "target"),
            ("cold start to the full page, s", f"{cold:.1f}", ""),
            ("CPU, % of a core, scrapes included", f"{share * 100:.1f}", ""),
            ("of that the polls", f"{polling * 100:.1f}", "8"),
            ("CPU of a scrape, ms", f"{scraping / scrapes * 1000:.0f}", ""),
            ("a scrape takes, median s", f"{statistics.median(took):.3f}", ""),
            ("RSS, MB", f"{rss:.0f}", "220"),
            ("loop lag p99, at most s", f"{p99:g}", "0.05"),
            ("loop lag worst, at most s", f"{worst:g}", "0.25"),
        ],
    )


def _ready(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url).status == 200)
    except OSError:
        return False


if __name__ == "__main__":
    measure(presence=False)
    measure(presence=True)

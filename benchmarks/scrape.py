"""Rows 1, 2, 3, 6 and 7: scrapes beside nginx, Pushgateway and prometheus_client's own server.

Pages of 20,000 and 200,000 series. nginx serves the same bytes as files, which is the practical
limit; everything on loopback, one after the other in one run. Over 250 lines: the rows share the
servers that they measure.
"""

import contextlib
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import cpu_seconds, memory, running, table, wrk

OPEN = "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3"
PACKED = "Accept-Encoding: gzip"
_SECONDS = 2


def fetch(url: str, **headers: str) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        body: bytes = answer.read()
        return body


@contextlib.contextmanager
def ours(projects: int, kind: str = "ours") -> Iterator[tuple[str, int, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "benchmarks.serving", kind, str(projects), "100", "10"]
    with running(*command, ready="port") as (process, line):
        yield f"http://127.0.0.1:{line.split()[1]}/metrics", process.pid, process


@contextlib.contextmanager
def library(projects: int) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "benchmarks.serving", "library", str(projects), "100", "10"]
    with running(*command, ready="port") as (process, line):
        yield f"http://127.0.0.1:{line.split()[1]}/metrics", process.pid


@contextlib.contextmanager
def nginx(page: bytes, port: int) -> Iterator[tuple[str, int]]:
    """One worker, the page as a file beside its gzip form."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "metrics").write_bytes(page)
        (folder / "metrics.gz").write_bytes(gzip.compress(page, 3))
        (folder / "nginx.conf").write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1;\n"
            "events { worker_connections 1024; }\n"
            "http { access_log off; sendfile on; keepalive_requests 1000000000;\n"
            + "".join(
                f"{kind}_temp_path {folder}/{kind};\n"
                for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"server {{ listen 127.0.0.1:{port}; root {folder}; gzip_static on; }} }}\n"
        )
        with running("nginx", "-c", f"{folder}/nginx.conf", "-p", name) as (process, _):
            time.sleep(0.5)
            yield f"http://127.0.0.1:{port}/metrics", process.pid


@contextlib.contextmanager
def pushgateway(page: bytes, port: int) -> Iterator[tuple[str, int]]:
    """It is pushed the same series."""
    url = f"http://127.0.0.1:{port}"
    with running("prometheus-pushgateway", f"--web.listen-address=127.0.0.1:{port}") as (
        process,
        _,
    ):
        time.sleep(1)
        # Its own families may not be pushed.
        lines = page.decode().splitlines(keepends=True)
        body = "".join(one for one in lines if "ringostat_employee_status_seconds" in one).encode()
        request = urllib.request.Request(f"{url}/metrics/job/bench", body, method="PUT")
        urllib.request.urlopen(request).close()
        yield f"{url}/metrics", process.pid


def in_turns(peer: str, url: str, connections: int, *headers: str) -> tuple[float, float]:
    """Requests a second of both, the medians of five turns."""
    found = [
        [wrk(one, connections, _SECONDS, *headers)[0] for one in (peer, url)] for _ in range(5)
    ]
    limit, mine = (statistics.median(side) for side in zip(*found, strict=True))
    return limit, mine


def cost(url: str, pid: int, times: int) -> float:
    """CPU milliseconds of a gzip scrape."""
    fetch(url, **{"Accept-Encoding": "gzip"})
    started = cpu_seconds(pid)
    for _ in range(times):
        fetch(url, **{"Accept-Encoding": "gzip"})
    return (cpu_seconds(pid) - started) / times * 1000


def rates() -> None:
    """Rows 1 to 3, 20,000 series."""
    with contextlib.ExitStack() as stack:
        url, pid, process = stack.enter_context(ours(20))
        page = fetch(url)
        peer, _ = stack.enter_context(nginx(page, 19101))
        rows: list[tuple[str, ...]] = [
            ("connections", "nginx req/s", "ours req/s", "ratio", "target")
        ]
        for connections, target in ((1, "75 %"), (16, "60 %"), (64, "50 %")):
            limit, mine = in_turns(peer, url, connections, PACKED, OPEN)
            rows.append(
                (str(connections), f"{limit:.0f}", f"{mine:.0f}", f"{mine / limit:.0%}", target)
            )
        table("1. An unchanged gzip scrape, 20,000 series", rows)
        rows = [("connections", "nginx req/s", "ours req/s", "ratio", "target")]
        for connections in (1, 16):
            limit, mine = in_turns(peer, url, connections)
            rows.append(
                (str(connections), f"{limit:.0f}", f"{mine:.0f}", f"{mine / limit:.0%}", "85 %")
            )
        table("2. The same, plain", rows)
        started = cpu_seconds(pid)
        _, count = wrk(url, 1, _SECONDS, PACKED, OPEN)
        unchanged = (cpu_seconds(pid) - started) / count * 1000
        changed = _after_a_change(url, pid, process)
        old, old_pid = stack.enter_context(library(20))
        slow = cost(old, old_pid, 20)
        gate, gate_pid = stack.enter_context(pushgateway(page, 19102))
        pushed = cost(gate, gate_pid, 20)
        table(
            "3. CPU of a gzip scrape, 20,000 series",
            [
                ("", "ms", "of prometheus_client's", "of Pushgateway's"),
                ("prometheus_client's server", f"{slow:.0f}", "", ""),
                ("Pushgateway", f"{pushed:.0f}", "", ""),
                (
                    "ours, nothing changed (targets 1/1000, 1/400)",
                    f"{unchanged:.3f}",
                    f"1/{slow / unchanged:.0f}",
                    f"1/{pushed / unchanged:.0f}",
                ),
                (
                    "ours, after a change (targets 1/150, 1/60)",
                    f"{changed:.2f}",
                    f"1/{slow / changed:.0f}",
                    f"1/{pushed / changed:.0f}",
                ),
            ],
        )


def _after_a_change(url: str, pid: int, process: subprocess.Popen[str]) -> float:
    """CPU of a scrape after one of 20 projects changed, less what the change itself costs."""
    stdin = process.stdin
    assert stdin

    def spent(*, scraped: bool) -> float:
        started = cpu_seconds(pid)
        for _ in range(400):
            stdin.write("\n")
            stdin.flush()
            time.sleep(0.006)
            if scraped:
                fetch(url, **{"Accept-Encoding": "gzip"})
        return (cpu_seconds(pid) - started) / 400 * 1000

    return spent(scraped=True) - spent(scraped=False)


def weigh(url: str, pid: int) -> tuple[float, float]:
    """MB steady, and at the most while all forms are scraped."""
    fetch(url, **{"Accept-Encoding": "gzip"})
    steady = memory(pid)
    for _ in range(3):
        fetch(url, **{"Accept-Encoding": "gzip"})
        fetch(url)
    return steady, memory(pid, "VmHWM")


def sizes() -> None:
    """Row 6."""
    sized: dict[int, tuple[float, float]] = {}
    rows: list[tuple[str, ...]] = [("", "MB", "peak", "Pushgateway MB")]
    for projects in (0, 20, 200):
        with ours(projects) as (url, pid, _):
            sized[projects] = weigh(url, pid)
            page = fetch(url)
        pushed = ""
        if projects:
            with pushgateway(page, 19103) as (gate, gate_pid):
                pushed = f"{weigh(gate, gate_pid)[0]:.0f}"
        name = f"{projects * 1000:,} series"
        rows.append((name, *(f"{one:.0f}" for one in sized[projects]), pushed))
    with ours(200, "presence") as (url, pid, _):
        told = weigh(url, pid)
    rows.append(("the last, presence on", *(f"{one:.0f}" for one in told), ""))
    grown = (sized[200][0] - sized[20][0]) / 1.8
    with_presence = (told[0] - sized[0][0]) / 2
    rows += [
        ("per 100,000 series (target 15)", f"{grown:.1f}", "", ""),
        ("the same, presence on", f"{with_presence:.1f}", "", ""),
        ("peak of steady at 200,000 (target 1.1)", f"{sized[200][1] / sized[200][0]:.2f}", "", ""),
    ]
    table("6. Memory", rows)


def prometheus(targets: dict[str, str]) -> dict[str, float]:
    """The median scrape_duration_seconds of a real Prometheus."""
    with tempfile.TemporaryDirectory() as name:
        jobs = "".join(
            f"  - job_name: {job}\n    static_configs: [{{targets: ['{target}']}}]\n"
            for job, target in targets.items()
        )
        config = Path(name) / "prometheus.yml"
        config.write_text(f"global: {{scrape_interval: 5s}}\nscrape_configs:\n{jobs}")
        command = [
            "prometheus",
            f"--config.file={config}",
            f"--storage.tsdb.path={name}/data",
            "--web.listen-address=127.0.0.1:19109",
        ]
        with running(*command):
            time.sleep(75)
            query = urllib.parse.quote("quantile_over_time(0.5, scrape_duration_seconds[60s])")
            told = json.loads(fetch(f"http://127.0.0.1:19109/api/v1/query?query={query}"))
    return {one["metric"]["job"]: float(one["value"][1]) for one in told["data"]["result"]}


def real() -> None:
    """Row 7, 200,000 series."""
    with ours(200) as (url, _, _):
        page = fetch(url)
        with nginx(page, 19104) as (peer, _), pushgateway(page, 19105) as (gate, _):
            hosts = {"ours": url, "nginx": peer, "pushgateway": gate}
            took = prometheus({job: at.split("/")[2] for job, at in hosts.items()})
    table(
        "7. A real Prometheus's scrape_duration_seconds, 200,000 series",
        [
            ("", "s"),
            *((job, f"{took[job]:.2f}") for job in hosts),
            ("of nginx (target 1.2)", f"{took['ours'] / took['nginx']:.2f}"),
            ("of Pushgateway (target 0.3)", f"{took['ours'] / took['pushgateway']:.2f}"),
        ],
    )


if __name__ == "__main__":
    rates()
    sizes()
    real()

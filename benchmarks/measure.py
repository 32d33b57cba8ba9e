"""Processes under measurement: their CPU, their memory, and a table of what was found."""

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
_TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def memory(pid: int, what: str = "VmRSS") -> float:
    """MB resident now; `VmHWM`: at the most."""
    found = re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1000


@contextlib.contextmanager
def running(*arguments: str, ready: str = "") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A program, and the line of its stdout that says it is ready (None: not waited for)."""
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    try:
        assert process.stdout
        line = ""
        while ready and not re.search(ready, line):
            line = process.stdout.readline()
            assert line, f"{arguments} ended"
        # A full pipe would stop it at its next line.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield process, line
    finally:
        process.terminate()
        if process.stdin:
            process.stdin.close()
        process.wait()


def wrk(url: str, connections: int, seconds: int, *headers: str) -> tuple[float, int]:
    """Requests a second, and how many in all."""
    command = ["wrk", f"-c{connections}", f"-d{seconds}s", "-t1"]
    for header in headers:
        command += ["-H", header]
    told = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", told), re.search(r"(\d+) requests", told)
    assert rate
    assert count
    return float(rate[1]), int(count[1])


def timed(function: Callable[[], object], times: int) -> float:
    """The median milliseconds of a call."""
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        function()
        durations.append(time.perf_counter() - started)
    return sorted(durations)[len(durations) // 2] * 1000


def table(title: str, rows: list[tuple[str, ...]]) -> None:
    """Prints a table in Markdown."""
    print(f"\n### {title}\n")
    head, *rest = rows
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rest:
        print("| " + " | ".join(row) + " |")
    sys.stdout.flush()

"""All tables, one after the other; what they print becomes results.md when the last is done."""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import ROOT

_TABLES = ("render", "people", "scrape", "start", "scale")
_LIBRARIES = ("prometheus-client", "httpx", "uvicorn", "uvloop", "httptools", "isal", "starlette")
_PROGRAMS = {
    "nginx": ("nginx", "-v"),
    "Pushgateway": ("prometheus-pushgateway", "--version"),
    "Prometheus": ("prometheus", "--version"),
    "wrk": ("wrk", "-v"),
}


def _told(command: tuple[str, ...]) -> str:
    """The version that a program tells on either of its streams."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)
    return found[0] if found else "?"


def head() -> str:
    """On and with what it was measured."""
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    programs = ", ".join(f"{name} {_told(command)}" for name, command in _PROGRAMS.items())
    return (
        "# Results\n\n"
        "Written by `make bench`. [README.md](README.md) says what is compared with what.\n\n"
        f"- {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
        f" ({model[1] if model else '?'}), {memory:.0f} GB, Linux {platform.release()}\n"
        f"- Python {platform.python_version()}, {libraries}\n"
        f"- {programs}\n"
    )


def main() -> None:
    results = head()
    print(results, end="")
    for table in _TABLES:
        command = [sys.executable, "-m", f"benchmarks.{table}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout
            for line in process.stdout:
                print(line, end="", flush=True)
                results += line
        if process.returncode:
            sys.exit(f"benchmarks.{table} failed: results.md stays as it was")
    (ROOT / "benchmarks" / "results.md").write_text(results)


if __name__ == "__main__":
    main()

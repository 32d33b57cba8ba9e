"""What was measured on and with: the head of results.md."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

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


def main() -> None:
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    print("# Results\n")
    print("Written by `make bench`; [README.md](README.md) says what is compared with what.\n")
    print(
        f"- {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({model[1] if model else '?'}),"
    )
    print(f"  {memory:.0f} GB, Linux {platform.release()}")
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    print(f"- Python {platform.python_version()}, {libraries}")
    print("- " + ", ".join(f"{name} {_told(command)}" for name, command in _PROGRAMS.items()))


if __name__ == "__main__":
    main()

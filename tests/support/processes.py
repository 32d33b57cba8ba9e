"""Real programs in tests: started on 127.0.0.1 with port 0, stopped by their own process id."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from tests.support.unit import is_unit_run

ROOT = Path(__file__).parent.parent.parent
_T = TypeVar("_T")


def wait_for(look: Callable[[], _T | None], seconds: float, what: str, pause: float = 0.05) -> _T:
    """The first thing that `look` finds that is not None or False."""
    end = time.monotonic() + seconds  # noqa: TID251 - real programs live in real time
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:  # noqa: TID251
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(pause)


def need(program: str) -> str:
    """The path of a real program; where it is missing the test is skipped, or fails in CI."""
    if is_unit_run():
        pytest.fail(f"a unit test needs {program}: mark it `real`")
    path = shutil.which(program)
    if path is None:
        if os.environ.get("REQUIRE_REAL") == "1":
            pytest.fail(f"{program} is not installed and REQUIRE_REAL is set")
        pytest.skip(f"{program} is not installed")
    return path


def coverage_environment() -> dict[str, str]:
    """The variables by which coverage measures a subprocess; empty unless this run is measured."""
    return {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}


def catches(pid: int, number: int) -> bool:
    """Whether a process has installed a handler of its own for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = re.search(r"^SigCgt:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return bool(caught and int(caught[1], 16) & 1 << (number - 1))


class Process:
    """A running program and every line it wrote."""

    def __init__(
        self,
        arguments: list[str],
        cwd: Path | None = None,
        before: Callable[[], None] | None = None,
        **environment: str,
    ) -> None:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("RINGOSTAT_")}
        self.popen = subprocess.Popen(
            arguments,
            cwd=cwd or ROOT,
            preexec_fn=before,
            env=clean | {"PYTHONPATH": str(ROOT)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.lines.append(line.rstrip("\n"))

    def line(self, pattern: str, seconds: float = 15) -> re.Match[str]:
        """The first line that has the pattern."""

        def look() -> re.Match[str] | None:
            found = next((m for line in list(self.lines) if (m := re.search(pattern, line))), None)
            if found is None and self.popen.poll() is not None:
                self._reader.join(2)
                text = "\n".join(self.lines)
                if not re.search(pattern, text):
                    raise AssertionError(f"ended with {self.popen.returncode}:\n{text}")
            return found

        return wait_for(look, seconds, pattern)

    def send(self, number: int) -> None:
        self.popen.send_signal(number)

    def stop(self, number: int = signal.SIGTERM, seconds: float = 12) -> int:
        if self.popen.poll() is None:
            self.popen.send_signal(number)
        try:
            code = self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise
        self._reader.join(5)
        assert self.popen.stdout is not None
        self.popen.stdout.close()
        return code


@contextmanager
def process(arguments: list[str], **options: object) -> Iterator[Process]:
    made = Process(arguments, **options)  # type: ignore[arg-type]
    try:
        yield made
    finally:
        if made.popen.poll() is None:
            made.popen.kill()
        made.stop()


@contextmanager
def exporter(*arguments: str, **options: object) -> Iterator[Process]:
    """`python -m exporter` with these arguments, on a free port."""
    with process(
        [sys.executable, "-m", "exporter", "--web.listen-address=127.0.0.1:0", *arguments],
        **options,
    ) as made:
        yield made


@contextmanager
def simulate(*arguments: str) -> Iterator[Process]:
    """The simulated API as a program, on a free port unless an argument says otherwise."""
    program = [sys.executable, "-m", "exporter", "simulate"]
    own = any(one.startswith("--web.listen-address") for one in arguments)
    with process(
        [*program, *([] if own else ["--web.listen-address=127.0.0.1:0"]), *arguments]
    ) as made:
        yield made


def address_of(running: Process) -> str:
    """Where it says that it listens."""
    return running.line(r"msg=listening .*?address=(\S+)")[1]


def lowered(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def get(
    address: str, path: str = "/metrics", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (their names in lower case) and body of an HTTP answer."""
    request = urllib.request.Request(f"http://{address}{path}", method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, lowered(answer.headers.items()), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, lowered(error.headers.items()), error.read()

"""What `make unit` and the measured coverage leave out, and what keeps that selection honest.

Two markers say why a test is left out: `real` needs a program other than this Python process,
`long` computes or waits for more than a few seconds. Under `make unit` (UNIT=1) whatever starts a
program fails, so a test that should be marked `real` cannot slip in.
"""

import os
import sys
from collections.abc import Callable

import pytest
from coverage import Coverage

MARKERS = ("real: starts a program", "long: takes more than a few seconds")
_MARKER_OF_FOLDER = {"end_to_end": "real", "deploy": "real", "soak": "long"}
_STARTS = {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec"}


def is_unit_run() -> bool:
    """Whether these tests were started by `make unit`."""
    return os.environ.get("UNIT") == "1"


def mark_by_folder(items: list[pytest.Item]) -> None:
    """Marks each test of a folder whose tests are all `real` or all `long`."""
    for item in items:
        marker = _MARKER_OF_FOLDER.get(item.path.parent.name)
        if marker:
            item.add_marker(getattr(pytest.mark, marker))


def pause_coverage(item: pytest.Item) -> Callable[[], None]:
    """Stops measuring for a `long` test, and returns what resumes it.

    Tracing more than doubles the minutes of the simulated days; the quick tests measure the same
    code.
    """
    measuring = Coverage.current()
    if measuring is None or item.get_closest_marker("long") is None:
        return lambda: None
    measuring.stop()
    return measuring.start


def forbid_programs() -> None:
    """Makes each test fail that starts a program; pytest-xdist may still start its workers."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in _STARTS and "PYTEST_CURRENT_TEST" in os.environ:
            raise AssertionError(f"a unit test starts a program; mark it `real`: {arguments[0]}")

    sys.addaudithook(hook)

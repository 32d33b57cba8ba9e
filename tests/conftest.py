"""What holds for every test."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.real import descriptors

_LINUX = Path("/proc/self/fd").exists()


def pytest_xdist_auto_num_workers() -> int:
    """One more than cores: the long tests wait for real time rather than compute."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    """A test ends with as many descriptors as it began with.

    An unclosed socket or file is also a ResourceWarning, and warnings are errors here.
    """
    if not _LINUX:
        yield
        return
    before = descriptors()
    yield
    if descriptors() > before:
        gc.collect()
        assert descriptors() <= before, "descriptors were left open"

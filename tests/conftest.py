"""What holds for every test."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support.real import descriptors
from tests.support.unit import (
    MARKERS,
    forbid_programs,
    is_unit_run,
    mark_by_folder,
    pause_coverage,
)

_LINUX = Path("/proc/self/fd").exists()


def pytest_xdist_auto_num_workers() -> int:
    """One more than cores: the long tests wait for real time rather than compute."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """Declares the markers of `make unit`."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    # An example that takes long on a busy machine is no failure: times are measured in benchmarks.
    hypothesis.settings.register_profile("no deadline", deadline=None)
    hypothesis.settings.load_profile("no deadline")
    if is_unit_run():
        forbid_programs()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of the folders that `make unit` leaves out."""
    mark_by_folder(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Runs a long test without measuring it."""
    resume_coverage = pause_coverage(item)
    try:
        yield
    finally:
        resume_coverage()


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

"""Coroutines on a real event loop, and what they must not leave behind."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

_T = TypeVar("_T")


def run_real(main: Coroutine[Any, Any, _T]) -> _T:
    """Runs a coroutine; a task that it left behind is a failure of the test."""

    async def whole() -> _T:
        result = await main
        for _ in range(50):  # what was closed may need some turns to end
            left = asyncio.all_tasks() - {asyncio.current_task()}
            if not left:
                return result
            await asyncio.sleep(0.01)  # noqa: TID251
        raise AssertionError(f"tasks left behind: {left}")

    return asyncio.run(whole())


async def until(look: Callable[[], object], seconds: float = 10.0) -> None:
    """Returns when `look` finds something."""
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 - what is looked at knows of no event
            await asyncio.sleep(0.005)  # noqa: TID251


def descriptors() -> int:
    """How many this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a Path would open one more


def resident_bytes() -> int:
    """The memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def soaking(full: int, short: int) -> int:
    """How often: `full` under `make soak`, else a part of it."""
    return full if os.environ.get("SOAK") == "1" else short


requires_linux = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="looks at /proc, which this system does not have"
)

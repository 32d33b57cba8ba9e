"""The real clock. Everything that needs the time is handed one."""

import asyncio
import contextlib
import time
from typing import Protocol

from exporter.instant import Instant

# CLOCK_MONOTONIC stands still while the machine is suspended; ages must not.
_AGE_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """What the time is, and how to wait."""

    def now(self) -> Instant:
        """The present moment."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits for so many seconds."""
        ...

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Waits until the event is set, at most so many seconds."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> Instant:
        """The present moment."""
        return Instant(time.time(), time.clock_gettime(_AGE_CLOCK))  # noqa: TID251 - the one place that makes it

    async def sleep(self, seconds: float) -> None:
        """Waits for so many seconds of the event loop's clock."""
        await asyncio.sleep(seconds)  # noqa: TID251 - the one place that makes it

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Waits until the event is set, at most so many seconds of the event loop's clock."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()

"""The real clock. Everything that needs the time is handed one."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Protocol

# CLOCK_MONOTONIC stands still while the machine is suspended; ages must not.
_AGE_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment, on both clocks.

    Attributes:
        wall: Unix time in seconds (UTC): whose midnight it is, and what timestamps say.
        age: Seconds of a clock that never jumps and goes on during suspend: how old a thing is.
    """

    wall: float
    age: float


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
        return Instant(time.time(), time.clock_gettime(_AGE_CLOCK))  # noqa: TID251 - the place

    async def sleep(self, seconds: float) -> None:
        """Waits for so many seconds of the event loop's clock."""
        await asyncio.sleep(seconds)  # noqa: TID251 - the place

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Waits until the event is set, at most so many seconds of the event loop's clock."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()

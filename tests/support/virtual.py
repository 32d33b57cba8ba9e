"""Time that a test owns: an event loop whose clock jumps to the next timer, and a clock on it."""

import asyncio
import contextlib
import heapq
import selectors
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from exporter.instant import Instant

_T = TypeVar("_T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Never waits for a timer: when nothing is ready, it is the next timer's time.

    Offload handed to a thread is waited for in real time, since its end is nobody's timer.
    """

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.in_threads = 0
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self.elapsed

    def run_in_executor(self, executor, func, *args):  # type: ignore[no-untyped-def, override]
        self.in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, _future: object) -> None:
        self.in_threads -= 1

    def next_timer(self) -> float | None:
        scheduled: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        while scheduled and scheduled[0].cancelled():
            heapq.heappop(scheduled)._scheduled = False  # type: ignore[attr-defined]
            self._timer_cancelled_count -= 1  # type: ignore[attr-defined]
        return scheduled[0].when() if scheduled else None


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        # Time goes on with every step, as it does outside: a timer that rounding put at the
        # present moment would else come back for ever.
        self._loop.elapsed += 1e-8
        if timeout is None or timeout > 0:
            if self._loop.in_threads:
                return super().select(10)
            upcoming = self._loop.next_timer()
            if upcoming is None:
                raise RuntimeError("nothing will ever happen again in this test")
            self._loop.elapsed = max(self._loop.elapsed, upcoming)
        return super().select(0)


NOON = 1774440000.0  # 2026-03-25 12:00 UTC


class HandClock:
    """A clock that stands where the test puts it, noon at first."""

    def __init__(self) -> None:
        self.instant = Instant(NOON, 1000.0)

    def now(self) -> Instant:
        return self.instant

    def move(self, wall: float, age: float | None = None) -> None:
        age = wall if age is None else age
        self.instant = Instant(self.instant.wall + wall, self.instant.age + age)

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)

    async def wait(self, _event: object, seconds: float) -> None:
        raise AssertionError(seconds)


class VirtualClock:
    """The clock of a virtual loop. `jump` sets the wall clock; `suspend` sleeps the machine."""

    def __init__(self, wall: float) -> None:
        self._wall = wall
        self._suspended = 0.0

    def now(self) -> Instant:
        age = asyncio.get_event_loop().time() + self._suspended
        return Instant(self._wall + age, age)

    def jump(self, seconds: float) -> None:
        self._wall += seconds

    def suspend(self, seconds: float) -> None:
        self._suspended += seconds

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)  # noqa: TID251 - the loop's clock is the virtual one

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()


def run_virtual(main: Callable[[], Awaitable[_T]]) -> _T:
    """Runs a coroutine on a virtual loop; what it left behind is a failure of the test."""
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)

    async def whole() -> _T:
        result = await main()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        assert not left, f"tasks left behind: {left}"
        return result

    try:
        return loop.run_until_complete(whole())
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        asyncio.set_event_loop(None)
        loop.close()


def virtual(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Runs a coroutine test on a virtual loop."""

    def run(**fixtures: Any) -> None:
        run_virtual(lambda: test(**fixtures))

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    run.__wrapped__ = test  # type: ignore[attr-defined] # pytest reads the fixtures' names there
    return run

"""Offload that takes long enough to hold up an event loop, done beside it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, Protocol, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Offload(Protocol):
    """Calls a pure function with these arguments; what it raises, this raises."""

    async def __call__(
        self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """The function's result."""
        ...


async def run_inline(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Offload that is done on the spot: in commands that nobody scrapes meanwhile."""
    return function(*args, **kwargs)


class WorkerThread:
    """Offload that is done one piece after another in a thread of its own.

    With a count over 1 there are so many threads, and as many pieces are done at a time.
    """

    def __init__(self, name: str, count: int = 1) -> None:
        self._thread = ThreadPoolExecutor(count, name)

    async def __call__(
        self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        """The function's result."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """Drops what has not begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)

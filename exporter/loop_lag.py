"""How late the event loop is."""

import asyncio
from collections.abc import Callable

from exporter.clock import Clock

_SECONDS = 0.5


async def measure_lag(clock: Clock, lagged: Callable[[float], None]) -> None:
    """Says again and again how many seconds late the loop woke a timer up; never returns."""
    loop = asyncio.get_running_loop()
    while True:
        planned = loop.time() + _SECONDS
        await clock.sleep(_SECONDS)
        lagged(loop.time() - planned)

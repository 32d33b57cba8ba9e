"""The process's signals, on the event loop."""

import asyncio
import os
import signal
from collections.abc import Callable


class Signals:
    """SIGTERM and SIGINT ask to stop; a second one ends the process at once. SIGHUP reloads.

    To be made on a running event loop.
    """

    def __init__(self, on_reload: Callable[[], object] | None = None) -> None:
        self._stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked, number)
        # Without a handler a SIGHUP would end the process.
        loop.add_signal_handler(signal.SIGHUP, on_reload or (lambda: None))

    def _asked(self, number: int) -> None:
        if self._stop.is_set():
            os._exit(128 + number)
        self._stop.set()

    async def stopped(self) -> None:
        """Returns when the process is asked to stop."""
        await self._stop.wait()

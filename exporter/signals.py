"""Handles the process's signals on the event loop."""

import asyncio
import os
import signal
from collections.abc import Callable


class Signals:
    """SIGTERM and SIGINT request a stop; a second one exits at once. SIGHUP reloads, if anything.

    Must be created on a running event loop.
    """

    def __init__(self, on_reload: Callable[[], object] | None = None) -> None:
        self._stop_requested = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._request_stop, number)
        if on_reload is not None:
            loop.add_signal_handler(signal.SIGHUP, on_reload)
        else:
            # Not by a handler of the loop: its end would put back what ends the process.
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _request_stop(self, number: int) -> None:
        if self._stop_requested.is_set():
            os._exit(128 + number)
        self._stop_requested.set()

    async def stopped(self) -> None:
        """Returns once a stop was requested."""
        await self._stop_requested.wait()

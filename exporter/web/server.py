"""The HTTP server: when it accepts, by which TLS context, and how it stops."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from exporter.web.address import BACKLOG, address_of
from exporter.web.protocol import GuardedProtocol
from exporter.web.web_config import WebConfigFile

_STOP_SECONDS = 4
_HANDSHAKE_SECONDS = 10.0
# uvicorn ticks every tenth of a second: the files are looked at once a second.
_TICKS_PER_REFRESH = 10


class Server(uvicorn.Server):
    """uvicorn on sockets that are bound already, without its signal handling.

    uvicorn raises a caught SIGTERM again after its shutdown, so the process would exit with 143.
    The application handles the signals (`exporter/signals.py`).
    """

    def __init__(
        self,
        application: Callable[..., Any],
        listeners: list[socket.socket],
        web_config: WebConfigFile | None = None,
        protocol: type[GuardedProtocol] = GuardedProtocol,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http=protocol,
                lifespan="off",
                log_config=None,
                log_level="error",  # its warnings are about what strangers sent
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                # `stop` ends the connections first; this is for a second mistake.
                timeout_graceful_shutdown=2 * _STOP_SECONDS,
                backlog=BACKLOG,
            )
        )
        self._listeners = listeners
        self._web_config = web_config
        self._protocol = protocol
        self._context: ssl.SSLContext | None = None
        self._task: asyncio.Task[None] | None = None
        self._accepting = asyncio.Event()

    @property
    def addresses(self) -> list[str]:
        """The addresses that it listens on, with their real ports."""
        return [address_of(listener) for listener in self._listeners]

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Installs no handlers."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Begins to accept connections on the sockets that the server was made with."""
        await self._listen()
        self.started = True
        self._accepting.set()

    async def _listen(self) -> None:
        self._context = self._web_config.current.context if self._web_config else None
        loop = asyncio.get_running_loop()
        self.servers = [
            await loop.create_server(
                self._make_protocol,
                sock=listener.dup(),
                backlog=BACKLOG,
                ssl=self._context,
                ssl_handshake_timeout=_HANDSHAKE_SECONDS if self._context else None,
            )
            for listener in self._listeners
        ]

    def _make_protocol(self) -> GuardedProtocol:
        return self._protocol(self.config, self.server_state, {})

    async def on_tick(self, counter: int) -> bool:
        """Re-reads the web configuration once a second, for certificates that were renewed."""
        if self._web_config is not None and counter % _TICKS_PER_REFRESH == 0:
            await self._adopt_context(self._web_config.refresh().context)
        return await super().on_tick(counter)

    async def _adopt_context(self, context: ssl.SSLContext | None) -> None:
        """Uses another TLS context from the next connection on.

        A listening server's context cannot be exchanged whole, so a new server accepts on
        duplicates of the same sockets, and the old one stops accepting.
        """
        if context is not self._context:
            previous = self.servers
            await self._listen()
            for server in previous:
                server.close()

    async def start(self) -> None:
        """Returns when it accepts connections."""
        self._task = asyncio.create_task(self.serve(sockets=self._listeners), name="server")
        await self._accepting.wait()

    async def stop(self) -> None:
        """Stops accepting, gives running answers 4 s to end, and closes every connection."""
        self.should_exit = True
        if self._task is None:
            return
        ended, _ = await asyncio.wait({self._task}, timeout=_STOP_SECONDS)
        if not ended:  # some readers stall
            for connection in list(self.server_state.connections):
                connection.transport.abort()
        await self._task

"""Sockets and the HTTP server's life."""

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

_GRACE_SECONDS = 4
_HANDSHAKE_SECONDS = 10.0
# uvicorn's ticks are a tenth of a second.
_TICKS_BETWEEN_LOOKS = 10


class Server(uvicorn.Server):
    """uvicorn on sockets that are already bound, without its hands on the signals.

    uvicorn raises a SIGTERM that it caught once more after its shutdown, and the process would
    end with 143. Signals are the application's.
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
                log_level="error",  # what it warns of is what strangers sent
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_graceful_shutdown=2 * _GRACE_SECONDS,
                backlog=BACKLOG,
            )
        )
        self._listeners = listeners
        self._web_config = web_config
        self._protocol = protocol
        self._context: ssl.SSLContext | None = None
        self._task: asyncio.Task[None] | None = None
        self._accepts = asyncio.Event()

    @property
    def addresses(self) -> list[str]:
        """Where it listens."""
        return [address_of(listener) for listener in self._listeners]

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves the signals alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Begins to accept, on the sockets that the server was made with."""
        await self._listen()
        self.started = True
        self._accepts.set()

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
        """Looks at the web configuration's files once a second."""
        if self._web_config is not None and counter % _TICKS_BETWEEN_LOOKS == 0:
            await self._take_over(self._web_config.refresh().context)
        return await super().on_tick(counter)

    async def _take_over(self, context: ssl.SSLContext | None) -> None:
        """From the next connection on speaks by another context.

        A live server's cannot be exchanged whole: another server accepts on the same sockets.
        """
        if context is not self._context:
            before = self.servers
            await self._listen()
            for server in before:
                server.close()

    async def start(self) -> None:
        """Returns when it accepts connections."""
        self._task = asyncio.create_task(self.serve(sockets=self._listeners), name="server")
        await self._accepts.wait()

    async def stop(self) -> None:
        """Stops accepting, lets answers under way end within 4 s, and closes everything."""
        self.should_exit = True
        if self._task is None:
            return
        ended, _ = await asyncio.wait({self._task}, timeout=_GRACE_SECONDS)
        if not ended:  # readers that stall
            for connection in list(self.server_state.connections):
                connection.transport.abort()
        await self._task

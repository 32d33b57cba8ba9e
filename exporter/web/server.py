"""The HTTP server: when it accepts, by which TLS context, and how it stops."""

import asyncio
import functools
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from exporter.loopback import is_loopback
from exporter.offload import Offload, run_inline
from exporter.web.acceptor import Acceptor
from exporter.web.address import BACKLOG, address_of
from exporter.web.connections import Connections
from exporter.web.protocol import GuardedProtocol
from exporter.web.web_config import WebConfigFile

_STOP_SECONDS = 4


def _settings(application: Callable[..., Any], protocol: type[GuardedProtocol]) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=protocol,
        lifespan="off",
        log_config=None,
        log_level="error",  # its warnings are about what strangers sent
        access_log=False,
        server_header=False,
        proxy_headers=False,
        # Else it takes these two from the environment.
        workers=1,
        forwarded_allow_ips="",
        ws="none",
        # `stop` ends the connections first; this is for a second mistake.
        timeout_graceful_shutdown=2 * _STOP_SECONDS,
        backlog=BACKLOG,
    )


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
        files: Offload = run_inline,
    ) -> None:
        """Takes over the sockets.

        Args:
            application: Answers requests.
            listeners: Bound and listening.
            web_config: TLS; followed while the server runs.
            protocol: Of each connection.
            files: Reads the web configuration again, beside the loop.
        """
        super().__init__(_settings(application, protocol))
        self._listeners = listeners
        self._web_config = web_config
        self._protocol = protocol
        self._files = files
        self._connections = Connections()
        self._following: asyncio.Task[None] | None = None
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
        # uvicorn closes them and waits for that; no more is asked of an asyncio server.
        acceptors: list[Any] = [
            Acceptor(
                listener,
                self._connections,
                functools.partial(self._make_protocol, loopback=is_on_loopback(listener)),
                self._current_context,
            )
            for listener in self._listeners
        ]
        self.servers = acceptors
        self.started = True
        self._accepting.set()

    def _current_context(self) -> ssl.SSLContext | None:
        """TLS from the next connection on."""
        return self._web_config.current.context if self._web_config else None

    def _make_protocol(self, *, loopback: bool) -> GuardedProtocol:
        return self._protocol(self.config, self.server_state, {"loopback": loopback})

    async def start(self) -> None:
        """Returns when it accepts connections."""
        if self._web_config is not None:
            self._following = asyncio.create_task(self._web_config.follow(self._files))
        self._task = asyncio.create_task(self.serve(sockets=self._listeners), name="server")
        await self._accepting.wait()

    async def stop(self) -> None:
        """Stops accepting, gives running answers 4 s to end, and closes every connection."""
        self.should_exit = True
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait({self._following})
        if self._task is None:
            return
        ended, _ = await asyncio.wait({self._task}, timeout=_STOP_SECONDS)
        if not ended:  # some readers stall
            for connection in list(self.server_state.connections):
                connection.transport.abort()
        await self._task


def is_on_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach a listening socket."""
    return is_loopback(listener.getsockname()[0])

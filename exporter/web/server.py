"""Sockets and the HTTP server's life."""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from exporter.errors import AddressError, UsageError
from exporter.web.protocol import GuardedProtocol
from exporter.web.web_config import WebConfigFile

_GRACE_SECONDS = 4
_BACKLOG = 2048
# Else the kernel takes 4 MB for each reader that takes nothing: 200 of them cost seconds.
_MOST_UNSENT_BYTES = 131_072
_HANDSHAKE_SECONDS = 10.0
# uvicorn's ticks are a tenth of a second.
_TICKS_BETWEEN_LOOKS = 10


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen. An empty host is all interfaces; port 0 picks a free one."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """`127.0.0.1:10105`, `[::1]:10105`, `:10105`.

    Raises:
        UsageError: It is none of these.
    """
    host, colon, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    if not colon or (":" in bare and bare == host) or not (port.isascii() and port.isdecimal()):
        raise UsageError(f"{text!r} is not an address: HOST:PORT, [IPV6]:PORT or :PORT")
    if int(port) > 65535:
        raise UsageError(f"{text!r} is not an address: the port is over 65535")
    return Address(bare, int(port))


def bind(address: Address) -> socket.socket:
    """A listening socket.

    Raises:
        AddressError: The address is in use, not of this machine, or has no meaning.
    """
    try:
        if not address.host:
            dual = socket.has_dualstack_ipv6()
            family = socket.AF_INET6 if dual else socket.AF_INET
            listener = socket.create_server(
                ("", address.port), family=family, backlog=_BACKLOG, dualstack_ipv6=dual
            )
        else:
            found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            family, where = found[0][0], found[0][4]
            listener = socket.create_server(where[:2], family=family, backlog=_BACKLOG)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MOST_UNSENT_BYTES)
        return listener
    except OSError as error:
        # getaddrinfo's numbers are its own; what create_server says repeats the address.
        known = error.errno is not None and error.errno > 0
        reason = os.strerror(error.errno or 0) if known else error.strerror
        raise AddressError(f"cannot listen on {address}: {reason}") from None


def address_of(listener: socket.socket) -> str:
    """The real address of a socket, `HOST:PORT`."""
    host, port = listener.getsockname()[:2]
    return str(Address(host, port))


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
                backlog=_BACKLOG,
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
                backlog=_BACKLOG,
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

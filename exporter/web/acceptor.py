"""Accepts connections on a listening socket and gives each its protocol.

asyncio's own server tells a protocol of a TLS connection only when the handshake is over: until
then nobody could count it, nor end it for an honest client.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable

from exporter.web.connections import Connections
from exporter.web.protocol import GuardedProtocol

_HANDSHAKE_SECONDS = 10.0
# Of one wake-up: a flood leaves turns to those that are open, and to those that are ending.
_MOST_ACCEPTED = 16
_RETRY_SECONDS = 0.1


class Acceptor:
    """Stands where uvicorn expects an asyncio server: `close` and `wait_closed`."""

    def __init__(
        self,
        listener: socket.socket,
        connections: Connections,
        make_protocol: Callable[[], GuardedProtocol],
        context: Callable[[], ssl.SSLContext | None],
    ) -> None:
        self._listener = listener
        self._connections = connections
        self._make_protocol = make_protocol
        self._context = context
        self._loop = asyncio.get_running_loop()
        self._opening: dict[asyncio.Task[None], GuardedProtocol] = {}
        self._retry: asyncio.TimerHandle | None = None
        listener.setblocking(False)
        self._listen()

    def _listen(self) -> None:
        self._retry = None
        self._loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        for _ in range(_MOST_ACCEPTED):
            try:
                accepted, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue
            except OSError:  # no descriptors or no memory: the listener would wake us for ever
                self._loop.remove_reader(self._listener)
                self._retry = self._loop.call_later(_RETRY_SECONDS, self._listen)
                return
            self._begin(accepted)

    def _begin(self, accepted: socket.socket) -> None:
        accepted.setblocking(False)
        protocol = self._make_protocol()
        protocol.accepted(accepted, self._connections)
        if not self._connections.admit(protocol):
            accepted.close()
            return
        task = self._loop.create_task(self._open(accepted, protocol))
        self._opening[task] = protocol
        task.add_done_callback(self._opening.pop)

    async def _open(self, accepted: socket.socket, protocol: GuardedProtocol) -> None:
        context = self._context()
        try:
            await self._loop.connect_accepted_socket(
                lambda: protocol,
                accepted,
                ssl=context,
                ssl_handshake_timeout=_HANDSHAKE_SECONDS if context else None,
            )
        except OSError:
            pass  # the client's affair: a handshake that failed, was cut or took too long
        finally:
            if not protocol.connected:
                self._connections.forget(protocol)

    def close(self) -> None:
        """Stops accepting, and drops connections whose handshake is not over."""
        if self._retry is not None:
            self._retry.cancel()
        elif self._listener.fileno() >= 0:
            self._loop.remove_reader(self._listener)
        for protocol in self._opening.values():
            protocol.drop()

    async def wait_closed(self) -> None:
        """Returns when no handshake is running."""
        if self._opening:
            await asyncio.wait(self._opening)

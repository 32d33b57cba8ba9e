"""Deadlines and a cap for connections, which uvicorn does not have.

It never closes a connection that sends its header slowly or not at all, nor drops a reader that
stalls; each would hold a descriptor for good. A private interface of uvicorn is used, so
pyproject.toml keeps it below its next minor.
"""

import asyncio
import contextlib
import resource
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST_CONNECTIONS = 4096
# For the rest of the process: the API's connections, files, the log.
_OTHER_DESCRIPTORS = 128
_HEADER_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


def raise_descriptor_limit() -> None:
    """Takes as many descriptors as the machine allows the process; a sandbox may forbid it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class GuardedProtocol(HttpToolsProtocol):
    """HTTP/1.1 for people and Prometheus, not for who holds connections."""

    most_header_bytes: ClassVar[int] = 65_536
    request_seconds: ClassVar[float] = 10.0
    write_seconds: ClassVar[float] = 30.0

    _header_bytes = 0
    _in_body = False
    _whole = False
    _turned_away = False
    _request_deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Turns away what is over the cap; starts the first request's deadline."""
        super().connection_made(transport)
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if len(self.connections) > max(1, min(_MOST_CONNECTIONS, soft - _OTHER_DESCRIPTORS)):
            transport.abort()
            return
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the deadlines."""
        self._cancel(self._request_deadline)
        self._cancel(self._write_deadline)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A request that does not come whole has a deadline; its header a size.

        The parser would take any. One that has not begun needs no deadline: uvicorn's keep-alive
        ends an idle connection.
        """
        if self._turned_away:
            return
        self._whole = False
        if not self._in_body:
            self._header_bytes += len(data)
        super().data_received(data)
        if self._whole:
            return
        if not self._in_body and self._header_bytes > self.most_header_bytes:
            self._turn_away()
        elif self._request_deadline is None:
            self._expect_request()

    def on_headers_complete(self) -> None:
        """A whole header has come, and is being answered."""
        # What was counted may be of a body, too.
        too_large = self._header_bytes > self.most_header_bytes and (
            len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            > self.most_header_bytes
        )
        self._header_bytes = 0
        self._in_body = True
        if too_large:
            self._turn_away()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Bytes that nobody asked for pass by."""
        if not self._turned_away:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The next request may begin."""
        self._in_body = False
        self._whole = True
        self._cancel(self._request_deadline)
        self._request_deadline = None
        if not self._turned_away:
            super().on_message_complete()

    def _turn_away(self) -> None:
        self._turned_away = True
        if not self.transport.is_closing():
            self.transport.write(_HEADER_TOO_LARGE)
            self.transport.close()

    def pause_writing(self) -> None:
        """The reader does not take what was sent."""
        super().pause_writing()
        self._cancel(self._write_deadline)
        self._write_deadline = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._cancel(self._write_deadline)

    def _answering(self) -> bool:
        cycle = self.cycle
        return cycle is not None and not cycle.response_complete

    def _expect_request(self) -> None:
        self._request_deadline = self.loop.call_later(self.request_seconds, self._request_is_late)

    def _request_is_late(self) -> None:
        if self._answering():  # its body is not waited for, but its answer is
            self._expect_request()
        else:
            self.transport.abort()

    def _cancel(self, handle: asyncio.TimerHandle | None) -> None:
        if handle is not None:
            handle.cancel()

"""Deadlines and a connection cap for uvicorn, which has neither.

uvicorn never closes a connection that sends its header slowly or not at all, nor one whose
reader stalls; each would hold a file descriptor for ever. A private interface of uvicorn is
used, so pyproject.toml keeps uvicorn below its next minor version.
"""

import asyncio
import contextlib
import resource
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MAX_CONNECTIONS = 4096
# Reserved for the rest of the process: connections to Ringostat, files, the log.
_OTHER_DESCRIPTORS = 128
_HEADER_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


def raise_descriptor_limit() -> None:
    """Raises the soft limit of file descriptors to the hard one; a sandbox may forbid that."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol with deadlines and a connection cap.

    Slow clients cannot exhaust file descriptors. Per connection:

    - a request must be whole within `request_seconds` of its first byte, and the first request
      within that time of the connection;
    - a request's header has at most `max_header_bytes`; a larger one is answered with 431;
    - a reader that takes nothing for `write_seconds` is disconnected.
    """

    max_header_bytes: ClassVar[int] = 65_536
    request_seconds: ClassVar[float] = 10.0
    write_seconds: ClassVar[float] = 30.0

    _header_bytes = 0
    _in_body = False
    _request_complete = False
    _rejected = False
    _request_deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Closes a connection over the cap; starts the deadline of the first request."""
        super().connection_made(transport)
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if len(self.connections) > max(1, min(_MAX_CONNECTIONS, soft - _OTHER_DESCRIPTORS)):
            transport.abort()
            return
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancels the deadlines."""
        self._cancel(self._request_deadline)
        self._cancel(self._write_deadline)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts the header's bytes and starts the deadline of a request that is not complete.

        The parser accepts headers of any size. Between requests no deadline is needed: uvicorn's
        keep-alive timeout closes an idle connection.
        """
        if self._rejected:
            return
        self._request_complete = False
        if not self._in_body:
            self._header_bytes += len(data)
        super().data_received(data)
        if self._request_complete:
            return
        if not self._in_body and self._header_bytes > self.max_header_bytes:
            self._reject()
        elif self._request_deadline is None:
            self._expect_request()

    def on_headers_complete(self) -> None:
        """Rejects a header that is too large, or lets uvicorn answer the request."""
        # Bytes of a body that came in the same read were counted, too: measure the header itself.
        too_large = self._header_bytes > self.max_header_bytes and (
            len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            > self.max_header_bytes
        )
        self._header_bytes = 0
        self._in_body = True
        if too_large:
            self._reject()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Ignores the body of a request that was rejected."""
        if not self._rejected:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Cancels the deadline: the request is complete, the next may begin."""
        self._in_body = False
        self._request_complete = True
        self._cancel(self._request_deadline)
        self._request_deadline = None
        if not self._rejected:
            super().on_message_complete()

    def _reject(self) -> None:
        self._rejected = True
        if not self.transport.is_closing():
            self.transport.write(_HEADER_TOO_LARGE)
            self.transport.close()

    def pause_writing(self) -> None:
        """Starts the write deadline: the reader takes nothing at the moment."""
        super().pause_writing()
        self._cancel(self._write_deadline)
        self._write_deadline = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Cancels the write deadline: the reader takes data again."""
        super().resume_writing()
        self._cancel(self._write_deadline)

    def _answering(self) -> bool:
        cycle = self.cycle
        return cycle is not None and not cycle.response_complete

    def _expect_request(self) -> None:
        self._request_deadline = self.loop.call_later(
            self.request_seconds, self._on_request_deadline
        )

    def _on_request_deadline(self) -> None:
        # No endpoint reads a body, so a request may be answered before all of it has come.
        if self._answering():
            self._expect_request()
        else:
            self.transport.abort()

    def _cancel(self, handle: asyncio.TimerHandle | None) -> None:
        if handle is not None:
            handle.cancel()

"""Deadlines and limits for uvicorn, which has neither.

uvicorn never closes a connection that sends its header slowly or not at all, nor one whose
reader stalls; and it keeps every trailer and every pipelined request that it is sent. A private
interface of uvicorn is used, so pyproject.toml keeps uvicorn below its next minor version.
"""

import asyncio
import contextlib
import socket
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from exporter.web.answers import SAFE_HEADERS
from exporter.web.connections import Connections, Standing

# What TLS may have encrypted and not yet handed over; its own default is half a megabyte.
_TLS_UNSENT_BYTES = 32_768
_STALLED_SECONDS = 1.0


class _Refused(Exception):
    """Ends the parsing of what was read: nothing after it is answered."""


class GuardedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 protocol with deadlines and limits, so that nobody can exhaust it.

    Per connection:

    - a request must be whole within `request_seconds` of its first byte, and the first request
      within that time of the connection;
    - a request has at most `max_header_bytes` beside its body: URL, header, chunk sizes and
      extensions, trailers, blank lines before it; a larger one is answered with 431;
    - its body, which no endpoint asks for, has at most `max_body_bytes`;
    - of the requests of one read at most `max_pipelined` are answered, then the connection ends;
    - a reader that takes nothing for `write_seconds` is disconnected.
    """

    max_header_bytes: ClassVar[int] = 65_536
    max_body_bytes: ClassVar[int] = 16 << 20
    max_pipelined: ClassVar[int] = 8
    request_seconds: ClassVar[float] = 10.0
    write_seconds: ClassVar[float] = 30.0

    connected = False
    _accepted: socket.socket | None = None
    _registry: Connections | None = None
    # Bytes of the present request that are not its body.
    _overhead = 0
    _body_bytes = 0
    _in_body = False
    _requests_of_read = 0
    _request_complete = False
    _asked_once = False
    _ending = False
    _stalled_since: float | None = None
    _request_deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def accepted(self, accepted: socket.socket, registry: Connections) -> None:
        """Notes the socket and who counts it, before there is a transport."""
        self._accepted, self._registry = accepted, registry

    def standing(self) -> Standing:
        """What the connection is doing now."""
        if not self._asked_once:
            return Standing.SILENT
        if self._stalled_since is not None:
            stalled = self.loop.time() - self._stalled_since > _STALLED_SECONDS
            return Standing.STALLED if stalled else Standing.BUSY
        return Standing.BUSY if self._answering() else Standing.IDLE

    def drop(self) -> None:
        """Ends the connection at once, also in the middle of its TLS handshake."""
        if self.connected:
            self.transport.abort()
        elif self._accepted is not None:
            with contextlib.suppress(OSError):
                self._accepted.shutdown(socket.SHUT_RDWR)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the deadline of the first request."""
        self.connected, self._accepted = True, None
        super().connection_made(transport)
        if self.scheme == "https":
            transport.set_write_buffer_limits(high=_TLS_UNSENT_BYTES)
        self._expect_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancels the deadlines."""
        self._cancel(self._request_deadline)
        self._cancel(self._write_deadline)
        if self._registry is not None:
            self._registry.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts every byte and starts the deadline of a request that is not complete.

        The parser accepts any amount of anything. Between requests no deadline is needed:
        uvicorn's keep-alive timeout closes an idle connection.
        """
        if self._ending:
            return
        self._requests_of_read = 0
        self._request_complete = False
        # What is not told to be a body below stays counted.
        self._overhead = max(self._overhead, 0) + len(data)
        super().data_received(data)
        if self._ending or self._request_complete:
            return
        if self._overhead > self.max_header_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._request_deadline is None:
            self._expect_request()

    def on_message_begin(self) -> None:
        """Begins a request, or ends the reading where one read has brought too many."""
        self._requests_of_read += 1
        if self._requests_of_read > self.max_pipelined:
            self._end_after_answers()
            raise _Refused
        self._request_complete = False
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Refuses a header that is too large, or lets uvicorn answer the request."""
        # Bytes of a body that came in the same read were counted, too: measure the header itself.
        too_large = self._overhead > self.max_header_bytes and (
            len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
            > self.max_header_bytes
        )
        if too_large:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            raise _Refused
        super().on_headers_complete()
        self._in_body = True
        # Else the parser would add trailers to the header.
        self.headers = []

    def on_body(self, body: bytes) -> None:
        """Counts the body apart; nobody reads it."""
        self._overhead -= len(body)
        self._body_bytes += len(body)
        if self._body_bytes > self.max_body_bytes:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            raise _Refused
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Cancels the deadline: the request is complete, the next may begin."""
        self._in_body = False
        self._overhead = self._body_bytes = 0
        self._request_complete = self._asked_once = True
        self._cancel(self._request_deadline)
        self._request_deadline = None
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Answers what is not HTTP; called by uvicorn for every error of the parser."""
        if not self._ending:
            self._refuse(HTTPStatus.BAD_REQUEST)

    def _refuse(self, status: HTTPStatus) -> None:
        """Reads no more, answers with the status if nothing is being answered, and closes."""
        answering = self._answering()
        self._end_after_answers()
        if answering or self.transport.is_closing():
            return
        if not self._in_body:  # else the request had its answer already
            self.transport.write(_error_response(status))
        self.transport.close()

    def _end_after_answers(self) -> None:
        self._ending = True
        if self._answering():
            self.cycle.keep_alive = False
            self.flow.pause_reading()

    def pause_writing(self) -> None:
        """Starts the write deadline: the reader takes nothing at the moment."""
        super().pause_writing()
        self._cancel(self._write_deadline)
        self._stalled_since = self.loop.time()
        self._write_deadline = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Cancels the write deadline: the reader takes data again."""
        super().resume_writing()
        self._stalled_since = None
        self._cancel(self._write_deadline)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Begins an answer that ends in silence when the connection does.

        uvicorn tells only the last of several requests that the connection is lost. The answer
        under way would be written on, which uvloop's transport refuses with an exception.
        """

        async def send(message: Any) -> None:
            if cycle.flow.write_paused and not cycle.disconnected:
                await cycle.flow.drain()
            cycle.disconnected |= cycle.transport.is_closing()
            await cycle.send(message)

        async def answer(scope: Any, receive: Any, _send: Any) -> None:
            await app(scope, receive, send)

        super()._start_asgi_task(cycle, answer)

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


def _error_response(status: HTTPStatus) -> bytes:
    """An answer of the protocol's own, beside the application."""
    text = f"{status.phrase}\n".encode()
    headers = {
        **SAFE_HEADERS,
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(text)),
        "connection": "close",
    }
    head = "".join(f"{name.lower()}: {value}\r\n" for name, value in headers.items())
    return b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (status, status.phrase.encode(), head.encode(), text)

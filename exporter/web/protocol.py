"""Deadlines and a cap for connections, which uvicorn does not have.

It never closes a connection that sends its header slowly or not at all, nor drops a reader that
stalls; each would hold a descriptor for good. A private interface of uvicorn is used, so
pyproject.toml keeps it below its next minor.
"""

import asyncio
import resource
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

_MOST_CONNECTIONS = 4096
# For the rest of the process: the API's connections, files, the log.
_OTHER_DESCRIPTORS = 128


def raise_descriptor_limit() -> None:
    """Takes as many descriptors as the machine allows the process."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class GuardedProtocol(H11Protocol):
    """HTTP/1.1 for people and Prometheus, not for who holds connections."""

    header_seconds: ClassVar[float] = 10.0
    write_seconds: ClassVar[float] = 30.0

    _header_deadline: asyncio.TimerHandle | None = None
    _write_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Turns away what is over the cap; starts the header's deadline."""
        super().connection_made(transport)
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if len(self.connections) > max(1, min(_MOST_CONNECTIONS, soft - _OTHER_DESCRIPTORS)):
            transport.abort()
            return
        self._expect_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the deadlines."""
        self._cancel(self._header_deadline)
        self._cancel(self._write_deadline)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """The next header's deadline begins; keep-alive ends an idle connection before it."""
        super().on_response_complete()
        self._expect_header()

    def handle_events(self) -> None:
        """A whole header has come, and is being answered."""
        super().handle_events()
        if self._answering():
            self._cancel(self._header_deadline)

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
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_header(self) -> None:
        self._cancel(self._header_deadline)
        self._header_deadline = self.loop.call_later(self.header_seconds, self._header_is_late)

    def _header_is_late(self) -> None:
        if not self._answering():
            self.transport.abort()

    def _cancel(self, handle: asyncio.TimerHandle | None) -> None:
        if handle is not None:
            handle.cancel()

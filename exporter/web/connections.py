"""Connections: counted from accept on, so that a TLS handshake that never ends counts as well."""

import contextlib
import enum
import resource
from collections.abc import Callable
from typing import Protocol

_MAX_CONNECTIONS = 4096
# Reserved for the rest of the process: connections to Ringostat, files, the log.
_OTHER_DESCRIPTORS = 128


class Standing(enum.IntEnum):
    """What a connection is doing; at the cap the lowest goes first."""

    SILENT = 0  # it never sent a whole request, or is still in its TLS handshake
    IDLE = 1  # between two requests
    STALLED = 2  # its reader takes nothing
    BUSY = 3  # it is being answered


class Connection(Protocol):
    """What is counted."""

    def standing(self) -> Standing:
        """What it is doing now."""
        ...

    def drop(self) -> None:
        """Ends it at once."""
        ...


def raise_descriptor_limit() -> None:
    """Raises the soft limit of file descriptors to the hard one; a sandbox may forbid that."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def connection_cap() -> int:
    """How many connections the process may hold; follows the limit of descriptors."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(1, min(_MAX_CONNECTIONS, soft - _OTHER_DESCRIPTORS))


class Connections:
    """Every connection from accept to its end, the oldest first."""

    def __init__(self, cap: Callable[[], int] = connection_cap) -> None:
        self._cap = cap
        self._open: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: Connection) -> bool:
        """Counts a new connection; at the cap another one is dropped for it.

        Returns:
            Whether there is room; there is none while every other connection is being answered.
        """
        while len(self._open) >= self._cap():
            dispensable = self._dispensable()
            if dispensable is None:
                return False
            self.forget(dispensable)
            dispensable.drop()
        self._open[connection] = None
        return True

    def forget(self, connection: Connection) -> None:
        """Counts a connection no longer."""
        self._open.pop(connection, None)

    def _dispensable(self) -> Connection | None:
        """The oldest of those of the lowest standing; None if all are being answered."""
        lowest, oldest = Standing.BUSY, None
        for connection in self._open:
            standing = connection.standing()
            if standing < lowest:
                lowest, oldest = standing, connection
            if lowest is Standing.SILENT:
                break
        return oldest

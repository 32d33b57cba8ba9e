"""Reading files that somebody else may change, replace or turn into something that never ends."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

_T = TypeVar("_T")
MAX_BYTES = 1 << 20
# A named pipe without a writer would hold up the opening, a terminal would become this process's.
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
# A file system's clock may stand still for two seconds: what is written within its tick after a
# reading leaves the stamp as it was. So a changed file is read again at as many further looks.
_SURE_LOOKS = 3


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells one state of a file from the next, without reading it.

    Kubernetes swaps a symbolic link and editors rename, so the inode counts as the times do; a
    change of mode alone shows in the inode's own time.

    Attributes:
        device: Of the file that a symbolic link leads to, as everything here.
        inode: Its number on that device.
        modified_ns: When its content changed, in Unix nanoseconds.
        changed_ns: When its content, mode or owner changed, in Unix nanoseconds.
        size: In bytes.
        mode: Its permissions, as `chmod` has them.
    """

    device: int
    inode: int
    modified_ns: int
    changed_ns: int
    size: int
    mode: int


def stamp_of(path: Path) -> FileStamp | None:
    """The stamp of a file now; None where there is none, or it may not be looked at."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return FileStamp(
        device=status.st_dev,
        inode=status.st_ino,
        modified_ns=status.st_mtime_ns,
        changed_ns=status.st_ctime_ns,
        size=status.st_size,
        mode=stat.S_IMODE(status.st_mode),
    )


def read_file(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The whole content of a regular file.

    Never waits for a writer (a named pipe) and never reads without end (a device).

    Args:
        path: Where it is.
        limit: The most bytes that are read; a whole number of KiB.

    Raises:
        ValueError: It cannot be read, is not a regular file or is over the limit. The message
            says which, in our own words, and does not name the file.
    """
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
            content = _read_up_to(descriptor, limit + 1) if regular else b""
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ValueError(f"cannot be read: {os.strerror(error.errno or 0)}") from None
    except ValueError:  # a NUL character, or one that the file system's encoding does not have
        raise ValueError("cannot be read: the name is invalid") from None
    if not regular:
        raise ValueError("is not a regular file")
    if len(content) > limit:
        raise ValueError(f"is over {_in_words(limit)}")
    return content


def _read_up_to(descriptor: int, limit: int) -> bytes:
    parts: list[bytes] = []
    while limit > 0 and (part := os.read(descriptor, limit)):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def _in_words(limit: int) -> str:
    return f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit >> 10} KiB"


class FileValue(Generic[_T]):
    """A value that is read from a file, and read again when the file changes.

    Two are equal if path and value are.

    Attributes:
        path: The file; None for a value that is fixed.
        problem: Why the file's newest content is not used; None while it is good.
    """

    def __init__(
        self,
        value: _T,
        read: Callable[[Path], _T],
        path: Path | None = None,
        stamp: FileStamp | None = None,
    ) -> None:
        self._value = value
        self._read = read
        self.path = path
        self.problem: str | None = None
        self._stamp = stamp
        self._looks_left = _SURE_LOOKS

    @classmethod
    def read_from(cls, path: Path, read: Callable[[Path], _T]) -> "FileValue[_T]":
        """The value that is in a file now.

        Args:
            path: The file.
            read: Makes the value of a file; raises ValueError, without path and content.

        Raises:
            ValueError: As `read`.
        """
        # Taken before the file is read: what is written in between is a change to be seen.
        stamp = stamp_of(path)
        return cls(read(path), read, path, stamp)

    def __eq__(self, other: object) -> bool:
        same_file = isinstance(other, FileValue) and other.path == self.path
        return same_file and bool(other._value == self._value)  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash((self.path, self._value))

    @property
    def readable_by_others(self) -> bool:
        """Whether the file's mode allowed everybody on the machine to read it, when last read."""
        return self._stamp is not None and bool(self._stamp.mode & stat.S_IROTH)

    def changed(self) -> bool:
        """Reads the file again if it changed, or could not be used; True if the value is another.

        A file that is gone or holds no value leaves the value as it was, with `problem` set, and
        is looked at again the next time. Reads the disk: not to be called on the event loop.
        """
        if self.path is None or not self._is_due(self.path):
            return False
        try:
            value = self._read(self.path)
        except ValueError as error:
            self.problem = str(error)
            return False
        self.problem = None
        if value == self._value:
            return False
        self._value = value
        return True

    def _is_due(self, path: Path) -> bool:
        # Taken before the file is read: what is written in between is a change to be seen.
        stamp = stamp_of(path)
        if stamp != self._stamp or self.problem is not None:
            self._stamp, self._looks_left = stamp, _SURE_LOOKS
            return True
        due = self._looks_left > 0
        self._looks_left -= due
        return due

    def current(self) -> _T:
        """The value to use now."""
        return self._value

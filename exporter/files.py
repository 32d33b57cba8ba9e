"""Reading files that somebody else may change, replace or turn into something that never ends."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 1 << 20
# A named pipe without a writer would hold up the opening, a terminal would become this process's.
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


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
    """

    device: int
    inode: int
    modified_ns: int
    changed_ns: int
    size: int


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

"""What the commands write to stdout and stderr, whoever reads it and whatever is in it.

Words of Ringostat, of the configuration and of the environment may hold sequences that command a
terminal, or characters that it does not have. Either stream may be closed, or full.
"""

import contextlib
import io
import os
import sys
from collections.abc import Iterable

from exporter.errors import ExporterError
from exporter.words import one_line

_STYLES = {"bold": ("\x1b[1m", "\x1b[0m"), "dim": ("\x1b[2m", "\x1b[0m")}


class OutputError(ExporterError):
    """What a command has to say cannot be written: to stdout, or to a file."""


def os_error_in_words(error: OSError) -> str:
    """The operating system's words for an error; Python's own would quote values."""
    return os.strerror(error.errno) if error.errno else "it cannot be written"


def write_line(line: str, before: str = "", after: str = "") -> None:
    """Writes a line for people to stdout, as far as its encoding goes; the rest is escaped.

    Args:
        line: Cleaned of whatever is no printable character.
        before: Our own sequence that sets a style.
        after: Our own sequence that ends it.

    Raises:
        OutputError: stdout is closed, or takes no more.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    _write(f"{before}{one_line(line)}{after}\n".encode(encoding, "backslashreplace"))


def write_styled(lines: Iterable[tuple[str, str]]) -> None:
    """Writes lines for people to stdout, each with its style where stdout is a terminal.

    Args:
        lines: The style, which is `bold`, `dim` or none, and the line.

    Raises:
        OutputError: stdout is closed, or takes no more.
    """
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    for style, line in lines:
        write_line(line, *(_STYLES.get(style, ("", "")) if is_terminal else ("", "")))


def write_bytes(content: bytes) -> None:
    """Writes what a program reads to stdout: the same bytes in any locale.

    Raises:
        OutputError: stdout is closed, or takes no more.
    """
    _write(content)


def write_note(line: str) -> None:
    """Writes a line to stderr, where that is possible; it is beside the answer."""
    write_progress(f"{one_line(line)}\n")


def write_progress(text: str) -> None:
    """Writes text whose control characters are our own to stderr, where that is possible."""
    if sys.stderr is not None:  # print() would take stdout instead
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()


def _write(content: bytes) -> None:
    if sys.stdout is None:
        raise OutputError("stdout is closed")
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.buffer.write(content)
        else:  # a stand-in that takes text alone
            sys.stdout.write(content.decode(errors="backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:  # who read it wants no more: nothing to complain of
        raise
    except OSError as error:
        raise OutputError(f"stdout: {os_error_in_words(error)}") from None
    except ValueError:
        raise OutputError("stdout is closed") from None

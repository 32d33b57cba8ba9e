"""stdout and stderr of the commands, whatever is written and whatever takes it."""

import contextlib
import errno
import io

import pytest

from exporter.commands.output import OutputError, write_bytes, write_line, write_note
from exporter.words import one_line

HOSTILE = [
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "a\rb\x08c",
    "\ud800\udfff",
    "\u202egnp.exe",
    "a\nb\u2028c",
    "\x00",
]


def written(line: str, encoding: str) -> bytes:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding)
    with contextlib.redirect_stdout(stdout):
        write_line(line)
    return raw.getvalue()


class Refusing(io.RawIOBase):
    """A device that takes nothing."""

    def __init__(self, number: int) -> None:
        self.number = number

    def writable(self) -> bool:
        return True

    def write(self, _content: object) -> int:
        raise OSError(self.number, "in words that are not ours")


def full(number: int = errno.ENOSPC) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(Refusing(number)))


@pytest.mark.parametrize("word", HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_no_word_commands_the_terminal(word: str, encoding: str) -> None:
    """Control characters, surrogates and direction marks become replacement characters."""
    text = written(f"project {word}!", encoding).decode(encoding)
    assert text.endswith("!\n")
    assert text[:-1].isprintable()


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "Продажі é"),
        ("latin-1", "\\u041f\\u0440\\u043e\\u0434\\u0430\\u0436\\u0456 é"),
        ("ascii", "\\u041f\\u0440\\u043e\\u0434\\u0430\\u0436\\u0456 \\xe9"),
    ],
)
def test_what_an_encoding_lacks_is_escaped(encoding: str, shown: str) -> None:
    """A terminal shows what it can of a name, and the code points of the rest."""
    assert written("Продажі é", encoding).decode(encoding) == f"{shown}\n"


def test_a_closed_or_full_stdout_is_one_error() -> None:
    """Nothing at all, a closed stream and a full device are told apart in words."""
    with contextlib.redirect_stdout(None), pytest.raises(OutputError, match="stdout is closed"):
        write_line("x")
    closed = io.TextIOWrapper(io.BytesIO())
    closed.close()
    with contextlib.redirect_stdout(closed), pytest.raises(OutputError, match="is closed"):
        write_bytes(b"x")
    with contextlib.redirect_stdout(full()), pytest.raises(OutputError, match="No space left"):
        write_bytes(b"x")


def test_a_reader_that_has_gone_is_no_error_of_ours() -> None:
    """A closed pipe is the reader's choice, and passed on as what it is."""
    with contextlib.redirect_stdout(full(errno.EPIPE)), pytest.raises(BrokenPipeError):
        write_line("x")


def test_stderr_that_is_closed_or_full_is_no_matter() -> None:
    """A note that cannot be written is not an error, and never goes to stdout instead."""
    stdout = io.StringIO()
    for stderr in (None, full()):
        with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
            write_note("x")
    assert stdout.getvalue() == ""


def test_every_hostile_word_is_one_clean_line() -> None:
    """`one_line` is what every message goes through."""
    for word in HOSTILE:
        assert one_line(word).isprintable()

"""What `backfill` writes to stderr while it works."""

import contextlib
import io

import pytest

from exporter.commands.backfill import Progress, check_labels
from exporter.errors import UsageError


class Terminal(io.StringIO):
    """A stderr that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_one_bar_that_grows() -> None:
    """On a terminal each day redraws the same line, which ends after the last day."""
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal):
        progress = Progress(total=3)
        for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
            progress.step(f"Sales {day}")
    first, second, third = terminal.getvalue().removeprefix("\r").split("\r")
    assert first == f"[{'#' * 10}{'.' * 20}] 1/3 Sales 2026-03-01\x1b[K"
    assert second == f"[{'#' * 20}{'.' * 10}] 2/3 Sales 2026-03-02\x1b[K"
    assert third == f"[{'#' * 30}] 3/3 Sales 2026-03-03\x1b[K\n"


def test_elsewhere_each_tenth_day_is_a_line() -> None:
    """Without a terminal every tenth day and the last write one line each."""
    stderr = io.StringIO()
    with contextlib.redirect_stderr(stderr):
        progress = Progress(total=12)
        for number in range(12):
            progress.step(f"day {number}", problem="HTTP 500" if number == 4 else "")
    assert stderr.getvalue().splitlines() == ["10 of 12 days", "12 of 12 days"]
    assert progress.failed == ["day 4: HTTP 500"]


@pytest.mark.parametrize("name", ["project", "employee", "status", "window", "__name__"])
def test_a_label_that_the_series_have_is_a_usage_error(name: str) -> None:
    """It would overwrite what tells the series apart."""
    with pytest.raises(UsageError, match=f"--label={name}=.*: the series have a label {name}"):
        check_labels({"job": "ringostat", name: "x"})


def test_any_other_label_is_taken_and_bytes_that_are_no_text_are_not() -> None:
    """What the shell hands on as invalid UTF-8 cannot be written."""
    check_labels({"job": "x", "instance": "y", "replica": "Ä\n"})
    with pytest.raises(UsageError, match="the value is not valid UTF-8"):
        check_labels({"replica": "\udcff"})


def test_words_of_others_in_the_bar_move_no_cursor() -> None:
    """The bar's own sequences are the only ones."""
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal):
        Progress(total=1).step("\x1b[2JSales\r")
    assert terminal.getvalue() == f"\r[{'#' * 30}] 1/1 \ufffd[2JSales\ufffd\x1b[K\n"

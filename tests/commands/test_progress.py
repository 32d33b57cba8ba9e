"""What commands that ask for many days write to stderr while they work."""

import contextlib
import io
from collections.abc import Sequence

import pytest

from exporter.commands.progress import Progress


class Terminal(io.StringIO):
    """A stderr that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def written(stderr: io.StringIO, days: Sequence[str], seconds_a_day: float = 1) -> str:
    """What is written where each day takes so long."""
    age = 100.0
    with contextlib.redirect_stderr(stderr):
        progress = Progress(len(days), lambda: age)
        for day in days:
            age += seconds_a_day
            progress.step(day)
    return stderr.getvalue()


def test_a_terminal_shows_one_bar_that_grows_and_says_how_long_it_takes() -> None:
    """On a terminal each day redraws the same line, which ends after the last day."""
    text = written(Terminal(), ["Sales 2026-03-01", "Sales 2026-03-02", "Sales 2026-03-03"], 40)
    first, second, third = text.removeprefix("\r").split("\r")
    assert first == f"[{'#' * 10}{'.' * 20}] 1/3 Sales 2026-03-01, about 1m20s left\x1b[K"
    assert second == f"[{'#' * 20}{'.' * 10}] 2/3 Sales 2026-03-02, about 40s left\x1b[K"
    assert third == f"[{'#' * 30}] 3/3 Sales 2026-03-03\x1b[K\n"


def test_elsewhere_each_tenth_day_is_a_line() -> None:
    """Without a terminal every tenth day and the last write one line each."""
    lines = written(io.StringIO(), [f"day {n}" for n in range(12)]).splitlines()
    assert lines == ["10 of 12 days, about 2s left", "12 of 12 days"]


@pytest.mark.parametrize(
    ("seconds_a_day", "left"),
    [(0.01, "1s"), (1, "10s"), (11.9, "1m59s"), (12.1, "2m"), (370, "1h2m")],
)
def test_what_is_left_is_told_as_roughly_as_it_is_known(seconds_a_day: float, left: str) -> None:
    """Whole seconds, and whole minutes from two minutes on."""
    text = written(io.StringIO(), [f"day {n}" for n in range(20)], seconds_a_day)
    assert text.splitlines()[0] == f"10 of 20 days, about {left} left"


def test_words_of_others_in_the_bar_move_no_cursor() -> None:
    """The bar's own sequences are the only ones."""
    text = written(Terminal(), ["\x1b[2JSales\r"])
    assert text == f"\r[{'#' * 30}] 1/1 \ufffd[2JSales\ufffd\x1b[K\n"

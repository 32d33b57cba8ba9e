"""How far a long command is, for the person who waits for it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

from exporter.commands.output import write_note, write_progress
from exporter.durations import format_duration
from exporter.words import one_line

_BAR = 30
_LINE_EVERY = 10


@dataclass(slots=True)
class Progress:
    """Tells how far it is and how long it may still take.

    A bar on a terminal, plain lines elsewhere.

    Attributes:
        total: How many days there are to ask for.
        age: The clock of ages, in seconds.
        done: How many of them are through, well or not.
        started: When the first was begun, on the clock of ages.
        bar_is_open: Whether the bar's line has yet to end.
    """

    total: int
    age: Callable[[], float]
    done: int = 0
    started: float = field(init=False)
    bar_is_open: bool = False

    def __post_init__(self) -> None:
        self.started = self.age()

    def step(self, what: str) -> None:
        """One day is through, well or not."""
        self.done += 1
        if sys.stderr is not None and sys.stderr.isatty():
            filled = _BAR * self.done // self.total
            bar = "#" * filled + "." * (_BAR - filled)
            text = f"[{bar}] {self.done}/{self.total} {one_line(what)}{self._left()}"
            write_progress(f"\r{text}\x1b[K")
            self.bar_is_open = True
        elif self.done % _LINE_EVERY == 0 or self.done == self.total:
            write_note(f"{self.done} of {self.total} days{self._left()}")
        if self.done == self.total:
            self.end_bar()

    def _left(self) -> str:
        """`, about 2m left`: as long a day as until now; nothing after the last."""
        if self.done == self.total:
            return ""
        seconds = (self.age() - self.started) / self.done * (self.total - self.done)
        return f", about {format_duration(_rough(seconds))} left"

    def end_bar(self) -> None:
        """Ends the bar's line, so that what is written next has one of its own."""
        if self.bar_is_open:
            write_progress("\n")
        self.bar_is_open = False


def _rough(seconds: float) -> int:
    """Whole seconds, and from 2 minutes on whole minutes: it is an estimate."""
    return max(1, round(seconds)) if seconds < 120 else round(seconds / 60) * 60

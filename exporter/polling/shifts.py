"""Shifts: "mon-fri from 09:00 to 18:00" -> which shift it is at a moment. Pure.

docs/shifts.md has the rules for people. Times of day are the wall clock of the project's zone,
with the offset of that very day. A time that comes twice, as clocks go back, is the first of the
two; a time that is skipped, as clocks go forward, counts as if they had not yet: an hour later by
the new time. Both are Python's fold=0, as in window.py. Moments are Unix time in seconds.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from exporter.polling.window import local_date, midnight
from exporter.ringostat.expressions import compile_any

_DAY = timedelta(days=1)
_DAY_SECONDS = 86_400.0
# Shifts repeat by the week: overlaps that end at all begin and end within 7 days of any moment.
_HORIZON = timedelta(days=7)
# A shift ends on the day after it began, an hour later where clocks skip the end of that day.
_LONGEST = timedelta(days=2)


class Span(NamedTuple):
    """From a moment (inclusive) to a later one (exclusive)."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Shift:
    """When work begins and ends on some days of the week, and whose work it is.

    Two are equal by what the configuration says of them.

    Attributes:
        days: The days on which it begins; 0 is Monday.
        start: The local time of day at which it begins.
        end: The local time of day at which it ends: on the next day where it is not after
            `start`, so that `start` itself is a whole day later.
        departments: Whose members have it.
        employees: RE2 expressions, fully anchored; whose cleaned name matches one has it too.
            Everybody has a shift that names neither departments nor employees.

    Raises:
        ValueError: An expression is not valid.
    """

    days: frozenset[int]
    start: time
    end: time
    departments: tuple[str, ...] = ()
    employees: tuple[str, ...] = ()
    _named: Callable[[str], bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_named", compile_any(self.employees))

    @property
    def is_everybodys(self) -> bool:
        """Whether it names neither departments nor employees."""
        return not self.departments and not self.employees

    def names(self, name: str) -> bool:
        """Whether one of its expressions matches the whole of a cleaned name."""
        return self._named(name)

    def span(self, day: date, zone: ZoneInfo) -> Span | None:
        """The shift that begins on a day; None where the zone's clocks skip it whole."""
        last = day if self.end > self.start else day + _DAY
        span = Span(_moment(day, self.start, zone), _moment(last, self.end, zone))
        return span if span.start < span.end else None


@dataclass(frozen=True, slots=True)
class Timetable:
    """The shifts of some people, who all have the same ones.

    Spans of it are disjoint: shifts that overlap are one, also across midnight. A day that is
    split is two, and so are shifts of which one ends as the other begins.

    Attributes:
        shifts: At least one.
        holidays: Days on which none of them begins; one that began before runs on.
        zone: Whose wall clock it is.
    """

    shifts: tuple[Shift, ...]
    holidays: frozenset[date]
    zone: ZoneInfo

    def spans(self, first: date, last: date) -> list[Span]:
        """What begins on these days, both inclusive, in order."""
        return merge(self._begun(first, last))

    def shift_at(self, moment: float) -> Span | None:
        """The shift that is meant at a moment, or None on a day off.

        It is the one that runs, from its start (inclusive) to its end (exclusive); else the next
        that begins on this local day; else the last that ended on it. A shift that ends at
        midnight ended on the day before. Overlaps without end are cut: they are one shift, made
        of those that begin from 7 days before this day to 7 days after it.
        """
        today = local_date(moment, self.zone)
        day_start, day_end = midnight(today, self.zone), midnight(today + _DAY, self.zone)
        last = None
        for span in self._around(today):
            if span.end > moment:
                # The first that has not ended: it runs, begins later today, or another day.
                return span if span.start < day_end else last
            if span.end > day_start:
                last = span
        return last

    def next_change(self, moment: float) -> float:
        """The next moment at which `shift_at` may differ: a shift's begin or end, or midnight.

        Where one shift ends as another begins is such a moment.
        """
        today = local_date(moment, self.zone)
        edges = [edge for span in self._around(today) for edge in span if edge > moment]
        return min([midnight(today + _DAY, self.zone), *edges])

    def scheduled_seconds(self, begins: float, ends: float, until: float) -> int:
        """How many seconds of a window lie in shifts, until a moment.

        Args:
            begins: When the window begins.
            ends: When it ends, exclusive.
            until: What comes after does not count; may lie outside of the window.
        """
        ends = min(ends, until)
        if ends <= begins:
            return 0
        first, last = local_date(begins, self.zone) - _LONGEST, local_date(ends, self.zone)
        spans = self.spans(first, last)
        return int(sum(max(0.0, min(span.end, ends) - max(span.start, begins)) for span in spans))

    def _around(self, today: date) -> list[Span]:
        return self.spans(today - _HORIZON, today + _HORIZON)

    def _begun(self, first: date, last: date) -> Iterator[Span]:
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day in self.holidays:
                continue
            weekday = day.weekday()
            for shift in self.shifts:
                if weekday in shift.days and (span := shift.span(day, self.zone)) is not None:
                    yield span


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time in disjoint spans, in order: those that overlap are one.

    What overlaps by way of a third does too. Spans that only touch stay two, so that a shift of
    each day keeps its own bounds where nobody pauses. Two that are equal are one.
    """
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _moment(day: date, wall: time, zone: ZoneInfo) -> float:
    """Unix time of a time of day."""
    begins, is_even = _day(day, zone)
    if is_even:
        return begins + wall.hour * 3600 + wall.minute * 60 + wall.second
    return datetime.combine(day, wall, zone).timestamp()


@lru_cache(maxsize=4096)
def _day(day: date, zone: ZoneInfo) -> tuple[float, bool]:
    """When a day begins, and whether clocks stay as they are on it: then one may add to that."""
    begins = midnight(day, zone)
    return begins, midnight(day + _DAY, zone) - begins == _DAY_SECONDS

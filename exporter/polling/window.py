"""Windows: "yesterday" -> dates in a zone. Pure.

A day of a project is a calendar day in its zone, from local midnight (inclusive) to the next
(exclusive): 23, 24 or 25 hours.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LAST_DAYS = re.compile(r"last_([1-9][0-9]{0,2})_days", re.ASCII)
_NAMED = ("today", "yesterday", "this_week", "this_month", "previous_week", "previous_month")
_SETTLED = ("yesterday", "previous_week", "previous_month")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dates:
    """Calendar days, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Period:
    """What a window means at one moment: computed once, where a request is planned.

    Attributes:
        dates: The days that are asked for.
        begins: Unix time at which the first of them begins, in the project's zone.
        ends: Unix time at which the last of them ends, exclusive.
        shown_from: Unix time from which the window means these dates.
        shown_until: Unix time of the midnight from which the window means other dates.
    """

    dates: Dates
    begins: float
    ends: float
    shown_from: float
    shown_until: float


@dataclass(frozen=True, slots=True)
class Window:
    """One configured window, by the name that is its label."""

    name: str

    @property
    def settled(self) -> bool:
        """Whether it lies wholly in the past."""
        return self.name in _SETTLED

    def dates(self, today: date) -> Dates:
        """The days it covers when `today` is the project's date. Weeks are ISO: from Monday."""
        week = today - timedelta(days=today.weekday())
        month = today.replace(day=1)
        match self.name:
            case "today":
                return Dates(today, today)
            case "yesterday":
                return Dates(today - _DAY, today - _DAY)
            case "this_week":
                return Dates(week, today)
            case "this_month":
                return Dates(month, today)
            case "previous_week":
                return Dates(week - 7 * _DAY, week - _DAY)
            case "previous_month":
                return Dates((month - _DAY).replace(day=1), month - _DAY)
        match = _LAST_DAYS.fullmatch(self.name)
        assert match is not None  # parse_window let it in
        return Dates(today - (int(match[1]) - 1) * _DAY, today)


TODAY = Window("today")
YESTERDAY = Window("yesterday")


def parse_window(name: str) -> Window:
    """The window of that name.

    Raises:
        ValueError: It is none, or N of `last_<N>_days` is not within 2 to 366.
    """
    match = _LAST_DAYS.fullmatch(name)
    if name in _NAMED or (match is not None and 2 <= int(match[1]) <= 366):
        return Window(name)
    raise ValueError(f"must be one of {', '.join(_NAMED)} or last_<N>_days (N from 2 to 366)")


def local_date(moment: float, zone: ZoneInfo) -> date:
    """The zone's date at a Unix time in seconds."""
    return datetime.fromtimestamp(moment, zone).date()


def midnight(day: date, zone: ZoneInfo) -> float:
    """Unix time at which the day begins in the zone.

    Where clocks go forward at midnight it is the moment of the change; where midnight comes
    twice it is the first.
    """
    return datetime.combine(day, time(), zone).timestamp()


def bounds(dates: Dates, zone: ZoneInfo) -> tuple[float, float]:
    """Unix time of the first day's beginning (inclusive) and the last day's end (exclusive)."""
    return midnight(dates.first, zone), midnight(dates.last + _DAY, zone)


def period_of(window: Window, moment: float, zone: ZoneInfo) -> Period:
    """The period that a window means at a Unix time in seconds.

    It is shown from the first midnight to the last at which the window means the same dates: for
    all but the previous week and month that is the project's present day.
    """
    today = local_date(moment, zone)
    dates = window.dates(today)
    first = last = today
    while window.dates(first - _DAY) == dates:
        first -= _DAY
    while window.dates(last + _DAY) == dates:
        last += _DAY
    begins, ends = bounds(dates, zone)
    return Period(dates, begins, ends, midnight(first, zone), midnight(last + _DAY, zone))

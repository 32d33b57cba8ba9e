"""Shifts against minutes: an oracle that knows no offsets, no sorting and no intervals.

It looks at a clock on the wall once for every minute, colours the minutes of each shift, and
looks left and right. Where the exporter does arithmetic, it counts. Where the exporter compares
ends with begins, it asks of two minutes that follow each other whether some shift has both.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.polling.shifts import Shift, Span, Timetable

# A zone, and days about which its clocks change, or a quiet one.
CHANGES = [
    ("Europe/Kyiv", date(2026, 3, 29)),
    ("Europe/Kyiv", date(2026, 10, 25)),
    ("Europe/Kyiv", date(2026, 6, 10)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Nuuk", date(2026, 3, 28)),
    ("America/Nuuk", date(2026, 10, 24)),
    ("Asia/Tokyo", date(2026, 12, 31)),
]
DAY = timedelta(days=1)
MARGIN = 12
MINUTE = 60
# A minute's colours, the stronger one last.
FREE, BEGINS, GOES_ON = range(3)


class Wall:
    """The clock on the wall, minute by minute, for `MARGIN` days before and after a day."""

    def __init__(self, zone: ZoneInfo, about: date) -> None:
        noon = datetime.combine(about, time(12), zone).timestamp()
        self.first = int(noon) - MARGIN * 86_400
        minutes = range(self.first, self.first + 2 * MARGIN * 86_400, MINUTE)
        self.shown = [
            datetime.fromtimestamp(minute, zone).replace(tzinfo=None) for minute in minutes
        ]
        self.days = [shown.date() for shown in self.shown]
        self.index: dict[datetime, int] = {}
        for number, shown in enumerate(self.shown):
            self.index.setdefault(shown, number)  # the first of two

    def number(self, day: date, wall: time) -> int:
        """The minute at which the wall shows a time of a day.

        A time that it never shows is when it would with yesterday's clock.
        """
        shown = datetime.combine(day, wall)
        if shown in self.index:
            return self.index[shown]
        return self.index[shown - DAY] + 1440

    def at(self, number: int) -> float:
        return float(self.first + number * MINUTE)


@cache
def wall_of(zone: str, about: date) -> Wall:
    return Wall(ZoneInfo(zone), about)


def coloured(wall: Wall, shifts: Sequence[Shift], holidays: set[date], today: date) -> bytearray:
    """The minutes of the shifts that begin at most 7 days from today.

    `FREE` is in none. `GOES_ON` is in one that has the minute before as well. `BEGINS` is in one,
    but none has the minute before as well.
    """
    colours = bytearray(len(wall.shown))
    for ahead in range(-7, 8):
        day = today + ahead * DAY
        for shift in shifts:
            if day.weekday() in shift.days and day not in holidays:
                begin = wall.number(day, shift.start)
                ends_on = day + DAY if shift.end <= shift.start else day
                for number in range(begin, wall.number(ends_on, shift.end)):
                    colour = BEGINS if number == begin else GOES_ON
                    colours[number] = max(colours[number], colour)
    return colours


def oracle(wall: Wall, colours: bytearray, today: date, number: int) -> Span | None:
    """The shift at a minute: look here, then right until midnight, then left until midnight."""
    inside = number
    while not colours[inside] and wall.days[inside] == today:
        inside += 1
    if not colours[inside] or (inside != number and wall.days[inside] != today):
        inside = number
        while not colours[inside] and wall.days[inside] == today:
            inside -= 1
        if wall.days[inside] != today:
            return None
    left = inside
    while colours[left] == GOES_ON:
        left -= 1
    return Span(wall.at(left), wall.at(end_of(colours, left)))


def end_of(colours: bytearray, begin: int) -> int:
    """The first minute that does not belong to what begins at a minute."""
    right = begin + 1
    while colours[right] == GOES_ON:
        right += 1
    return right


def is_edge(colours: bytearray, number: int) -> bool:
    """Whether something begins or ends as a minute begins."""
    return colours[number] == BEGINS or bool(colours[number]) != bool(colours[number - 1])


times = st.one_of(
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 30])),
    st.builds(time, st.integers(0, 4), st.integers(0, 59)),
    st.sampled_from([time(), time(23, 30), time(23, 59)]),
    st.sampled_from([time(3, 30), time(12)]),  # few, so that shifts touch and last a whole day
)
shifts_of_a_week = st.builds(
    Shift, st.frozensets(st.integers(0, 6), min_size=1), start=times, end=times
)
cases = st.tuples(
    st.sampled_from(CHANGES),
    st.lists(shifts_of_a_week, min_size=1, max_size=4),
    st.sets(st.integers(-8, 8), max_size=3),
)


@pytest.mark.parametrize("seconds", [0, 37])
@given(case=cases, ahead=st.integers(-1, 1), minute=st.integers(0, 1379))
def test_the_shift_at_any_moment_is_the_oracles(
    case: tuple[tuple[str, date], list[Shift], set[int]], ahead: int, minute: int, seconds: int
) -> None:
    """About days of 23, 23.5, 24, 24.5 and 25 hours; and it stays so until the next change."""
    (zone, about), shifts, offs = case
    wall, today = wall_of(zone, about), about + ahead * DAY
    holidays = {about + off * DAY for off in offs}
    table = Timetable(tuple(shifts), frozenset(holidays), ZoneInfo(zone))
    number = wall.days.index(today) + minute
    moment = wall.at(number) + seconds
    colours = coloured(wall, shifts, holidays, today)
    expected = oracle(wall, colours, today, number)
    assert table.shift_at(moment) == expected
    change = table.next_change(moment)
    later = int(change - wall.first) // MINUTE
    assert change > moment
    assert oracle(wall, colours, today, later - 1) == expected
    assert table.shift_at(change - 1) == expected
    assert wall.days[later] != today or is_edge(colours, later)


@given(
    case=cases,
    first=st.integers(-3, 1),
    length=st.integers(1, 3),
    until=st.integers(-86_400, 5 * 86_400),
)
def test_the_scheduled_seconds_of_any_window_are_the_oracles(
    case: tuple[tuple[str, date], list[Shift], set[int]], first: int, length: int, until: int
) -> None:
    """Minutes are counted one by one, the last of them by its seconds."""
    (zone, about), shifts, offs = case
    wall = wall_of(zone, about)
    holidays = {about + off * DAY for off in offs}
    table = Timetable(tuple(shifts), frozenset(holidays), ZoneInfo(zone))
    begin = wall.days.index(about + first * DAY)
    end = wall.days.index(about + (first + length) * DAY)
    moment = wall.at(begin) + until
    colours = coloured(wall, shifts, holidays, about)
    expected = sum(
        max(0.0, min(wall.at(number + 1), moment) - wall.at(number))
        for number in range(begin, end)
        if colours[number]
    )
    assert table.scheduled_seconds(wall.at(begin), wall.at(end), moment) == expected


@given(case=cases, ahead=st.integers(-3, 3))
def test_the_spans_of_one_day_are_the_oracles(
    case: tuple[tuple[str, date], list[Shift], set[int]], ahead: int
) -> None:
    """Runs of minutes, each of which some shift has together with the one before."""
    (zone, about), shifts, _ = case
    wall, day = wall_of(zone, about), about + ahead * DAY
    table = Timetable(tuple(shifts), frozenset(), ZoneInfo(zone))
    others = {about + number * DAY for number in range(-12, 13)} - {day}
    colours = coloured(wall, shifts, others, day)
    expected = [
        Span(wall.at(number), wall.at(end_of(colours, number)))
        for number, colour in enumerate(colours)
        if colour == BEGINS
    ]
    assert table.spans(day, day) == expected

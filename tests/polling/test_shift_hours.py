"""Shifts by tables: days of 23 and 25 hours, and how much of a window is scheduled."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from exporter.polling.shifts import Span
from tests.support.shifts import (
    AUTUMN,
    DAY,
    MON,
    NEXT,
    NIGHT,
    SAT,
    SPRING,
    SUN,
    TUE,
    WED,
    at,
    timetable,
)


@pytest.mark.parametrize(
    ("text", "day", "start", "end"),
    [
        # A day of 23 hours, and one of 25.
        ("sun 00:00-24:00", SPRING, f"{SPRING}T00:00+02:00", "2026-03-30T00:00+03:00"),
        ("sun 00:00-24:00", AUTUMN, f"{AUTUMN}T00:00+03:00", "2026-10-26T00:00+02:00"),
        ("sun 09:00-18:00", SPRING, f"{SPRING}T09:00+03:00", f"{SPRING}T18:00+03:00"),
        ("sat 22:00-06:00", "2026-03-28", "2026-03-28T22:00+02:00", f"{SPRING}T06:00+03:00"),
        ("sat 22:00-06:00", "2026-10-24", "2026-10-24T22:00+03:00", f"{AUTUMN}T06:00+02:00"),
        # 03:30 does not come in spring: as if the clocks had not gone forward at 03:00.
        ("sun 03:30-12:00", SPRING, f"{SPRING}T04:30+03:00", f"{SPRING}T12:00+03:00"),
        ("sun 01:00-03:30", SPRING, f"{SPRING}T01:00+02:00", f"{SPRING}T04:30+03:00"),
        ("sun 03:00-03:30", SPRING, f"{SPRING}T04:00+03:00", f"{SPRING}T04:30+03:00"),
        # 03:30 comes twice in autumn, and is the first.
        ("sun 03:30-12:00", AUTUMN, f"{AUTUMN}T03:30+03:00", f"{AUTUMN}T12:00+02:00"),
        ("sun 01:00-03:30", AUTUMN, f"{AUTUMN}T01:00+03:00", f"{AUTUMN}T03:30+03:00"),
    ],
)
def test_clocks_that_change_move_a_shift_with_the_wall_clock(
    text: str, day: str, start: str, end: str
) -> None:
    """Times that are skipped or come twice have one meaning, for begins and ends alike."""
    on = date.fromisoformat(day)
    assert timetable(text).spans(on, on) == [Span(at(start), at(end))]


@pytest.mark.parametrize("text", ["sun 03:00-04:00", "sun 03:30-04:15", "sun 03:59-04:59"])
def test_a_shift_that_the_clocks_skip_does_not_take_place(text: str) -> None:
    """It would end before it begins, or as it begins. In the week after it is there again."""
    table = timetable(text)
    on, later = date.fromisoformat(SPRING), date(2026, 4, 5)
    assert table.spans(on, on) == []
    assert len(table.spans(later, later)) == 1


@pytest.mark.parametrize(
    ("first", "last", "seam"),
    [
        ("2026-03-28", SPRING, f"{SPRING}T04:30+03:00"),
        ("2026-10-24", AUTUMN, f"{AUTUMN}T03:30+03:00"),
    ],
)
def test_shifts_that_meet_at_a_time_of_the_change_still_meet(
    first: str, last: str, seam: str
) -> None:
    """One's end is the other's begin, on the days of 23 and of 25 hours; they do not overlap."""
    table = timetable("sat 22:00-03:30", "sun 03:30-08:00")
    assert table.spans(date.fromisoformat(first), date.fromisoformat(last)) == [
        Span(at(f"{first} 22:00"), at(seam)),
        Span(at(seam), at(f"{last} 08:00")),
    ]
    assert table.next_change(at(seam) - 1) == at(seam)
    assert table.shift_at(at(seam)) == Span(at(seam), at(f"{last} 08:00"))


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        (SPRING, f"{SPRING}T00:00+02:00", "2026-03-30T00:00+03:00"),
        (AUTUMN, f"{AUTUMN}T00:00+03:00", "2026-10-26T00:00+02:00"),
    ],
)
def test_around_the_clock_a_day_of_23_or_25_hours_is_one_shift(
    day: str, begins: str, ends: str
) -> None:
    """From its own midnight to the next, beside the shifts of the days around it."""
    table = timetable("mon-sun 00:00-24:00")
    assert table.shift_at(at(begins) - 1) == Span(at(begins) - 24 * 3600, at(begins))
    assert table.shift_at(at(begins)) == Span(at(begins), at(ends))
    assert table.shift_at(at(ends) - 1) == Span(at(begins), at(ends))
    assert table.next_change(at(f"{day} 12:00")) == at(ends)


def test_an_end_that_the_clocks_push_past_the_next_begin_makes_one_shift() -> None:
    """03:30 does not come in spring and counts as 04:30, so that night alone they overlap."""
    table = timetable("sat 22:00-03:30", "sun 04:00-08:00")
    first, last = date(2026, 3, 28), date.fromisoformat(SPRING)
    assert table.spans(first, last) == [Span(at("2026-03-28 22:00"), at(f"{SPRING} 08:00"))]
    assert len(table.spans(date(2026, 4, 4), date(2026, 4, 5))) == 2


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        (f"{MON} 00:00", 0),
        (f"{MON} 09:00", 0),
        (f"{MON} 09:00:01", 1),
        (f"{MON} 12:00", 3 * 3600),
        (f"{MON} 18:00", 9 * 3600),
        (f"{MON} 23:00", 9 * 3600),
        (f"{TUE} 12:00", 9 * 3600),
        ("2026-05-31 12:00", 0),
    ],
)
def test_scheduled_is_what_lies_in_shifts_until_a_moment(until: str, seconds: int) -> None:
    """The window is Monday; nothing before it or after it counts."""
    begins, ends = at(f"{MON} 00:00"), at(f"{TUE} 00:00")
    assert timetable(DAY).scheduled_seconds(begins, ends, at(until)) == seconds


@pytest.mark.parametrize(
    ("shifts", "first", "after", "hours"),
    [
        ([NIGHT], TUE, WED, 8),  # 6 of Monday's and 2 of Tuesday's
        ([NIGHT], SAT, SUN, 6),
        ([NIGHT], MON, TUE, 2),
        ([DAY], MON, NEXT, 45),
        ([DAY], SAT, NEXT, 0),
        ([DAY], MON, "2026-07-01", 22 * 9),
        (["mon 09:00-18:00", "mon 12:00-20:00"], MON, TUE, 11),
        (["sun 00:00-24:00"], SPRING, "2026-03-30", 23),
        (["sun 00:00-24:00"], AUTUMN, "2026-10-26", 25),
        (["sat 22:00-06:00"], "2026-03-28", "2026-03-30", 7),
        (["mon-sun 09:00-09:00"], MON, TUE, 24),
        (["mon 09:00-13:00", "mon 13:00-18:00"], MON, TUE, 9),
        (["mon-sun 00:00-24:00"], MON, NEXT, 7 * 24),
        (["mon-sun 08:00-20:00", "mon-sun 20:00-08:00"], MON, NEXT, 7 * 24),
        (["mon-sun 08:00-20:30", "mon-sun 20:00-08:30"], MON, NEXT, 7 * 24),
    ],
)
def test_scheduled_of_days_weeks_and_months(
    shifts: list[str], first: str, after: str, hours: int
) -> None:
    """A shift over midnight counts on either day; one that overlaps another counts once."""
    begins, ends = at(f"{first} 00:00"), at(f"{after} 00:00")
    found = timetable(*shifts).scheduled_seconds(begins, ends, at("2026-12-01 00:00"))
    assert found == hours * 3600


def test_scheduled_is_whole_seconds() -> None:
    """A poll that was sent between two seconds counts the one that was full."""
    begins, ends = at(f"{MON} 00:00"), at(f"{TUE} 00:00")
    assert timetable(DAY).scheduled_seconds(begins, ends, at(f"{MON} 09:00") + 1.9) == 1


def test_a_shift_whose_end_the_clocks_push_over_midnight_counts_on_that_day() -> None:
    """In Nuuk 23:30 of a spring Saturday is skipped: Friday's shift ends at 00:30 on Sunday."""
    zone = ZoneInfo("America/Nuuk")
    begins, ends = at("2026-03-29 00:00", zone), at("2026-03-30 00:00", zone)
    table = timetable("fri 23:45-23:30", zone=zone)
    assert table.scheduled_seconds(begins, ends, ends) == 1800
    assert table.shift_at(begins + 1799) == Span(at("2026-03-27 23:45", zone), begins + 1800)

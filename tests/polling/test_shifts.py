"""Shifts by tables: what each sentence of docs/shifts.md says, with days by name."""

from datetime import date

import pytest

from exporter.polling.shift_words import parse_end, parse_start
from exporter.polling.shifts import Shift
from tests.support.shifts import (
    DAY,
    FRI,
    MON,
    NEXT,
    NIGHT,
    SAT,
    SPRING,
    SUN,
    THU,
    TUE,
    WED,
    at,
    span,
    spans,
    timetable,
)

# Days and nights by turns, and the week in shifts of which each overlaps the next.
TURNS = ["mon-sun 08:00-20:00", "mon-sun 20:00-08:00"]
NEARLY_ALWAYS = ["mon-sun 08:00-20:30", "mon-sat 20:00-08:30", "sun 20:00-07:59"]


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ([DAY], [f"{MON} 09:00 .. {MON} 18:00", f"{TUE} 09:00 .. {TUE} 18:00"]),
        ([NIGHT], [f"{MON} 22:00 .. {TUE} 06:00", f"{TUE} 22:00 .. {WED} 06:00"]),
        (["mon 16:00-24:00"], [f"{MON} 16:00 .. {TUE} 00:00"]),
        (["mon 16:00-00:00"], [f"{MON} 16:00 .. {TUE} 00:00"]),
        (["mon 00:00-24:00"], [f"{MON} 00:00 .. {TUE} 00:00"]),
        (["mon 09:00-09:00"], [f"{MON} 09:00 .. {TUE} 09:00"]),
        (["wed-sun 09:00-18:00"], []),
        # A day that is split is two spans.
        (
            ["mon 09:00-13:00", "mon 15:00-19:00"],
            [f"{MON} 09:00 .. {MON} 13:00", f"{MON} 15:00 .. {MON} 19:00"],
        ),
        # Shifts that overlap are one, whatever their order.
        (["mon 12:00-20:00", "mon 09:00-18:00"], [f"{MON} 09:00 .. {MON} 20:00"]),
        (["mon 09:00-18:00", "mon 10:00-11:00"], [f"{MON} 09:00 .. {MON} 18:00"]),
        ([DAY, DAY], [f"{MON} 09:00 .. {MON} 18:00", f"{TUE} 09:00 .. {TUE} 18:00"]),
        (["mon 09:00-18:00", "mon 17:59-20:00"], [f"{MON} 09:00 .. {MON} 20:00"]),
        (["mon 22:00-06:00", "tue 05:00-14:00"], [f"{MON} 22:00 .. {TUE} 14:00"]),
        # One that lies across the seam of two makes one of all three.
        (
            ["mon 09:00-13:00", "mon 13:00-18:00", "mon 12:00-14:00"],
            [f"{MON} 09:00 .. {MON} 18:00"],
        ),
        # Shifts that only touch are two, also at midnight and past it.
        (
            ["mon 09:00-13:00", "mon 13:00-18:00"],
            [f"{MON} 09:00 .. {MON} 13:00", f"{MON} 13:00 .. {MON} 18:00"],
        ),
        (
            ["mon 18:00-24:00", "tue 00:00-06:00"],
            [f"{MON} 18:00 .. {TUE} 00:00", f"{TUE} 00:00 .. {TUE} 06:00"],
        ),
        (
            ["mon 22:00-06:00", "tue 06:00-14:00"],
            [f"{MON} 22:00 .. {TUE} 06:00", f"{TUE} 06:00 .. {TUE} 14:00"],
        ),
        (["mon-tue 00:00-24:00"], [f"{MON} 00:00 .. {TUE} 00:00", f"{TUE} 00:00 .. {WED} 00:00"]),
        (["mon-tue 09:00-09:00"], [f"{MON} 09:00 .. {TUE} 09:00", f"{TUE} 09:00 .. {WED} 09:00"]),
        # What overlaps one of them is part of that one alone.
        (
            ["mon 09:00-13:00", "mon 13:00-18:00", "mon 10:00-13:00"],
            [f"{MON} 09:00 .. {MON} 13:00", f"{MON} 13:00 .. {MON} 18:00"],
        ),
    ],
)
def test_shifts_become_spans(shifts: list[str], expected: list[str]) -> None:
    """Those that begin on Monday and Tuesday."""
    found = timetable(*shifts).spans(date.fromisoformat(MON), date.fromisoformat(TUE))
    assert found == spans(*expected)


def test_no_shift_begins_on_a_holiday_and_one_that_began_before_runs_into_it() -> None:
    """Monday's night shift ends on Tuesday, a holiday, as ever."""
    nights = timetable(NIGHT, holidays=(TUE,))
    assert nights.spans(date.fromisoformat(MON), date.fromisoformat(WED)) == spans(
        f"{MON} 22:00 .. {TUE} 06:00", f"{WED} 22:00 .. {THU} 06:00"
    )


@pytest.mark.parametrize(
    ("shifts", "moment", "expected"),
    [
        # The shift that runs, from its first second to its last.
        ([DAY], f"{MON} 09:00", f"{MON} 09:00 .. {MON} 18:00"),
        ([DAY], f"{MON} 17:59:59", f"{MON} 09:00 .. {MON} 18:00"),
        # Else the next that begins today, from midnight on.
        ([DAY], f"{MON} 00:00", f"{MON} 09:00 .. {MON} 18:00"),
        ([DAY], f"{MON} 08:59:59", f"{MON} 09:00 .. {MON} 18:00"),
        # Else the last that ended today, until midnight.
        ([DAY], f"{MON} 18:00", f"{MON} 09:00 .. {MON} 18:00"),
        ([DAY], f"{MON} 23:59:59", f"{MON} 09:00 .. {MON} 18:00"),
        ([DAY], f"{TUE} 00:00", f"{TUE} 09:00 .. {TUE} 18:00"),
        # None on a day off.
        ([DAY], f"{SAT} 00:00", None),
        ([DAY], f"{SAT} 12:00", None),
        ([DAY], f"{SUN} 23:59:59", None),
        # A split day: in the pause the second part is next; after it, it is the last.
        (["mon 09:00-13:00", "mon 15:00-19:00"], f"{MON} 12:59", f"{MON} 09:00 .. {MON} 13:00"),
        (["mon 09:00-13:00", "mon 15:00-19:00"], f"{MON} 13:00", f"{MON} 15:00 .. {MON} 19:00"),
        (["mon 09:00-13:00", "mon 15:00-19:00"], f"{MON} 20:00", f"{MON} 15:00 .. {MON} 19:00"),
        # A night: yesterday's runs, then today's is next, though one ended today.
        ([NIGHT], f"{TUE} 00:00", f"{MON} 22:00 .. {TUE} 06:00"),
        ([NIGHT], f"{TUE} 05:59:59", f"{MON} 22:00 .. {TUE} 06:00"),
        ([NIGHT], f"{TUE} 06:00", f"{TUE} 22:00 .. {WED} 06:00"),
        ([NIGHT], f"{MON} 05:00", f"{MON} 22:00 .. {TUE} 06:00"),
        # Friday's night ends on Saturday, and is Saturday's last until midnight.
        ([NIGHT], f"{SAT} 05:00", f"{FRI} 22:00 .. {SAT} 06:00"),
        ([NIGHT], f"{SAT} 06:00", f"{FRI} 22:00 .. {SAT} 06:00"),
        ([NIGHT], f"{SAT} 23:59", f"{FRI} 22:00 .. {SAT} 06:00"),
        ([NIGHT], f"{SUN} 00:00", None),
        # What begins at midnight begins tomorrow.
        (["tue 00:00-09:00"], f"{MON} 23:59:59", None),
        # What ended at midnight ended yesterday: Saturday is a day off.
        (["fri 16:00-24:00"], f"{FRI} 23:59:59", f"{FRI} 16:00 .. {SAT} 00:00"),
        (["fri 16:00-24:00"], f"{SAT} 00:00", None),
        (["fri 16:00-24:00"], f"{SAT} 12:00", None),
        # 24 hours on duty, from nine to nine.
        (["mon 09:00-09:00"], f"{MON} 08:00", f"{MON} 09:00 .. {TUE} 09:00"),
        (["mon 09:00-09:00"], f"{TUE} 08:59", f"{MON} 09:00 .. {TUE} 09:00"),
        (["mon 09:00-09:00"], f"{TUE} 12:00", f"{MON} 09:00 .. {TUE} 09:00"),
        # One shift of two that overlap, seen from each of its days.
        (["mon 20:00-06:00", "tue 05:00-14:00"], f"{MON} 21:00", f"{MON} 20:00 .. {TUE} 14:00"),
        (["mon 20:00-06:00", "tue 05:00-14:00"], f"{TUE} 13:00", f"{MON} 20:00 .. {TUE} 14:00"),
        (["mon 20:00-06:00", "tue 05:00-14:00"], f"{TUE} 15:00", f"{MON} 20:00 .. {TUE} 14:00"),
        # One follows the other: the one that runs, up to its last second.
        (["mon 09:00-13:00", "mon 13:00-18:00"], f"{MON} 08:00", f"{MON} 09:00 .. {MON} 13:00"),
        (["mon 09:00-13:00", "mon 13:00-18:00"], f"{MON} 12:59:59", f"{MON} 09:00 .. {MON} 13:00"),
        (["mon 09:00-13:00", "mon 13:00-18:00"], f"{MON} 13:00", f"{MON} 13:00 .. {MON} 18:00"),
        (["mon 09:00-13:00", "mon 13:00-18:00"], f"{MON} 20:00", f"{MON} 13:00 .. {MON} 18:00"),
        # Around the clock is the shift of each day, by its own bounds.
        (["mon-sun 00:00-24:00"], f"{WED} 00:00", f"{WED} 00:00 .. {THU} 00:00"),
        (["mon-sun 00:00-24:00"], f"{WED} 23:59:59", f"{WED} 00:00 .. {THU} 00:00"),
        (["mon-sun 09:00-09:00"], f"{WED} 08:59:59", f"{TUE} 09:00 .. {WED} 09:00"),
        (["mon-sun 09:00-09:00"], f"{WED} 09:00", f"{WED} 09:00 .. {THU} 09:00"),
        (TURNS, f"{WED} 07:59:59", f"{TUE} 20:00 .. {WED} 08:00"),
        (TURNS, f"{WED} 08:00", f"{WED} 08:00 .. {WED} 20:00"),
        (TURNS, f"{WED} 20:00", f"{WED} 20:00 .. {THU} 08:00"),
        # Friday's ends at midnight, and Saturday is a day off.
        (["mon-fri 00:00-24:00"], f"{FRI} 23:59", f"{FRI} 00:00 .. {SAT} 00:00"),
        (["mon-fri 00:00-24:00"], f"{SAT} 00:00", None),
        # All week in overlaps but for a minute is one shift, whole, from each end.
        (NEARLY_ALWAYS, f"{MON} 08:00", f"{MON} 08:00 .. {NEXT} 07:59"),
        (NEARLY_ALWAYS, f"{NEXT} 07:58", f"{MON} 08:00 .. {NEXT} 07:59"),
    ],
)
def test_the_shift_at_a_moment(shifts: list[str], moment: str, expected: str | None) -> None:
    """The one that runs; else the next that begins today; else the last that ended today."""
    assert timetable(*shifts).shift_at(at(moment)) == span(expected)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (f"{MON} 23:00", f"{MON} 22:00 .. {TUE} 06:00"),
        (f"{TUE} 05:00", f"{MON} 22:00 .. {TUE} 06:00"),
        (f"{TUE} 12:00", f"{MON} 22:00 .. {TUE} 06:00"),
        (f"{WED} 05:00", f"{WED} 22:00 .. {THU} 06:00"),
    ],
)
def test_the_shift_of_a_holiday_is_what_runs_into_it(moment: str, expected: str) -> None:
    """Tuesday is a holiday; Monday's night shift ends on it, and is its last."""
    assert timetable(NIGHT, holidays=(TUE,)).shift_at(at(moment)) == span(expected)


def test_a_holiday_without_a_shift_that_runs_into_it_is_a_day_off() -> None:
    """The days beside it are as ever."""
    days = timetable(DAY, holidays=(TUE,))
    assert days.shift_at(at(f"{TUE} 12:00")) is None
    assert days.shift_at(at(f"{WED} 00:00")) == span(f"{WED} 09:00 .. {WED} 18:00")


def test_overlaps_without_end_are_cut_a_week_from_today() -> None:
    """What begins from 7 days before today to 7 days after it, as long as today lasts."""
    days, nights = "mon-sun 08:00-20:30", "mon-sun 20:00-08:30"
    always = timetable(days, nights)
    expected = span("2026-06-03 08:00 .. 2026-06-18 08:30")
    assert always.shift_at(at("2026-06-10 00:00")) == expected
    assert always.shift_at(at("2026-06-10 23:59")) == expected
    holiday = timetable(days, nights, holidays=("2026-06-09",))
    assert holiday.shift_at(at("2026-06-10 12:00")) == span("2026-06-10 08:00 .. 2026-06-18 08:30")


@pytest.mark.parametrize(
    ("shifts", "moment", "change"),
    [
        ([DAY], f"{MON} 00:00", f"{MON} 09:00"),
        ([DAY], f"{MON} 09:00", f"{MON} 18:00"),
        ([DAY], f"{MON} 18:00", f"{TUE} 00:00"),
        ([DAY], f"{SAT} 12:00", f"{SUN} 00:00"),
        ([NIGHT], f"{MON} 23:00", f"{TUE} 00:00"),
        ([NIGHT], f"{TUE} 00:00", f"{TUE} 06:00"),
        (["sun 00:00-24:00"], f"{SPRING} 12:00", "2026-03-30 00:00"),
        # One shift hands over to the next.
        (["mon 09:00-13:00", "mon 13:00-18:00"], f"{MON} 09:00", f"{MON} 13:00"),
        (["mon 09:00-13:00", "mon 13:00-18:00"], f"{MON} 13:00", f"{MON} 18:00"),
        (["mon-sun 09:00-09:00"], f"{WED} 00:00", f"{WED} 09:00"),
        (["mon-sun 00:00-24:00"], f"{WED} 00:00", f"{THU} 00:00"),
        (TURNS, f"{WED} 08:00", f"{WED} 20:00"),
        # What one overlaps changes nothing.
        (["mon 09:00-13:00", "mon 12:00-18:00"], f"{MON} 09:00", f"{MON} 18:00"),
    ],
)
def test_the_next_change_is_a_begin_an_end_or_midnight(
    shifts: list[str], moment: str, change: str
) -> None:
    """Whichever comes first, and never the moment itself."""
    assert timetable(*shifts).next_change(at(moment)) == at(change)


def test_where_holidays_leave_no_shift_near_the_next_change_is_midnight() -> None:
    """A closed fortnight of who works on Mondays alone."""
    table = timetable("mon 09:00-18:00", holidays=(MON, NEXT))
    assert table.next_change(at(f"{WED} 12:00")) == at(f"{THU} 00:00")


def test_two_shifts_are_equal_by_what_the_configuration_says() -> None:
    """Compiled expressions do not make them differ."""
    one, other = (
        Shift(frozenset({0}), parse_start("09:00"), parse_end("18:00"), (), ("Ann .*",))
        for _ in range(2)
    )
    assert one == other
    assert hash(one) == hash(other)
    assert one != Shift(one.days, one.start, one.end, (), ("Bob",))

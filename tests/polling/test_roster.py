"""Who has which shifts, and what that is for many people at once."""

import time as wall_time
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from exporter.polling.roster import Roster, next_change, scheduled_seconds, shifts_at
from exporter.polling.shifts import Shift, Span
from exporter.polling.window import midnight

KYIV = ZoneInfo("Europe/Kyiv")
MONDAY = date(2026, 6, 1)
MIDNIGHT = midnight(MONDAY, KYIV)
HOUR = 3600.0
WEEK = frozenset(range(5))
EVERYBODY = Shift(WEEK, time(9), time(18))
SALES = Shift(WEEK, time(10), time(20), departments=("Sales 1", "Sales 2"))
ANN = Shift(WEEK, time(7), time(8), employees=("Ann .*", "Оля"))
SALES_AND_BOB = Shift(WEEK, time(21), time(23), departments=("Sales 1",), employees=("Bob",))
NIGHT = Shift(WEEK, time(22), time(6), departments=("Night desk",))


def roster(*shifts: Shift, holidays: frozenset[date] = frozenset()) -> Roster:
    return Roster(shifts, holidays, KYIV)


@pytest.mark.parametrize(
    ("shift", "name", "departments", "applies"),
    [
        (EVERYBODY, "Bob", [], True),
        (EVERYBODY, "Bob", ["Support"], True),
        (SALES, "Bob", ["Support", "Sales 2"], True),
        (SALES, "Bob", ["Support"], False),
        (SALES, "Bob", ["sales 2"], False),
        (SALES, "Sales 1", [], False),
        (ANN, "Ann Lee", [], True),
        (ANN, "Оля", [], True),
        (ANN, "Ann", [], False),
        (ANN, "Joann Lee", [], False),
        (ANN, "Bob", ["Ann Lee"], False),
        (SALES_AND_BOB, "Bob", [], True),
        (SALES_AND_BOB, "Eve", ["Sales 1"], True),
        (SALES_AND_BOB, "Eve", ["Support"], False),
    ],
)
def test_whose_a_shift_is(shift: Shift, name: str, departments: list[str], applies: bool) -> None:
    """Everybody's, a department's, or theirs whose whole name an expression matches."""
    assert (roster(shift).timetable(name, departments) is not None) is applies


def test_an_expression_that_is_not_valid_is_refused_where_the_shift_is_made() -> None:
    """In the words of every expression of the configuration."""
    with pytest.raises(ValueError, match="is not a valid regular expression"):
        Shift(WEEK, time(9), time(18), employees=("(",))


def test_several_shifts_of_one_person_are_taken_together() -> None:
    """By department and by name; what overlaps is one."""
    spans = roster(EVERYBODY, SALES, ANN, NIGHT).spans_of("Ann Lee", ["Sales 1"], MONDAY, MONDAY)
    hours = [((span.start - MIDNIGHT) / HOUR, (span.end - MIDNIGHT) / HOUR) for span in spans]
    assert hours == [(7, 8), (9, 20)]


def test_who_has_no_shift_on_any_day_has_no_timetable() -> None:
    """No shift is no series, which is something else than 0 seconds."""
    nights = roster(NIGHT)
    assert nights.timetable("Bob", ["Support"]) is None
    assert nights.spans_of("Bob", ["Support"], MONDAY, MONDAY) == []
    assert nights.groups({"Bob": ["Support"], "Eve": []}) == ()
    assert roster().groups({"Bob": []}) == ()


def test_people_with_the_same_shifts_are_one_group() -> None:
    """Whatever gave them the shifts."""
    found = roster(SALES_AND_BOB, NIGHT).groups(
        {"Bob": [], "Eve": ["Sales 1"], "Kim": ["Night desk"], "Lea": [], "Max": ["Night desk"]}
    )
    assert [(group.names, group.timetable.shifts) for group in found] == [
        (("Bob", "Eve"), (SALES_AND_BOB,)),
        (("Kim", "Max"), (NIGHT,)),
    ]


def test_what_is_so_at_a_moment_is_told_of_everybody_who_has_a_shift() -> None:
    """At 19:00 sales work, the night desk comes, Ann has gone, and Lea has no shift at all."""
    people = {"Ann Lee": [], "Bo": ["Sales 2"], "Kim": ["Night desk"], "Lea": []}
    groups = roster(SALES, ANN, NIGHT).groups(people)
    moment = MIDNIGHT + 19 * HOUR
    assert shifts_at(groups, moment) == {
        "Ann Lee": Span(MIDNIGHT + 7 * HOUR, MIDNIGHT + 8 * HOUR),
        "Bo": Span(MIDNIGHT + 10 * HOUR, MIDNIGHT + 20 * HOUR),
        "Kim": Span(MIDNIGHT + 22 * HOUR, MIDNIGHT + 30 * HOUR),
    }
    assert scheduled_seconds(groups, MIDNIGHT, MIDNIGHT + 24 * HOUR, moment) == {
        "Ann Lee": 3600,
        "Bo": 9 * 3600,
        "Kim": 0,
    }
    assert next_change(groups, moment) == MIDNIGHT + 20 * HOUR


def test_a_day_off_is_no_shift_and_0_scheduled_seconds() -> None:
    """On a holiday as on a Sunday."""
    groups = roster(EVERYBODY, holidays=frozenset({MONDAY})).groups({"Bob": []})
    assert shifts_at(groups, MIDNIGHT + 12 * HOUR) == {}
    ends = MIDNIGHT + 24 * HOUR
    assert scheduled_seconds(groups, MIDNIGHT, ends, ends) == {"Bob": 0}


def test_where_nobody_has_a_shift_nothing_changes() -> None:
    """There is no moment to wait for."""
    assert next_change((), MIDNIGHT) is None


def test_rosters_and_timetables_are_equal_by_value() -> None:
    """A reload that changed nothing changes no group."""
    first, second = roster(SALES, ANN), roster(SALES, ANN)
    assert first == second
    assert first.groups({"Ann Lee": []}) == second.groups({"Ann Lee": []})


def test_5_000_people_with_few_timetables_cost_little() -> None:
    """The shift at a moment in under 20 ms; fastest of five, so that a busy machine may be."""
    people = {
        f"Ann {number}": [f"Sales {number % 3}", "Night desk"][: number % 3]
        for number in range(5000)
    }
    groups = roster(EVERYBODY, SALES, ANN, SALES_AND_BOB, NIGHT).groups(people)
    took: list[float] = []
    for number in range(5):
        before = wall_time.perf_counter()
        shown = shifts_at(groups, MIDNIGHT + number * 24 * HOUR)
        took.append(wall_time.perf_counter() - before)
        assert len(shown) == 5000
    assert min(took) < 0.020

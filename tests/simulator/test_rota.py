"""The rota: what it states is what the exporter's own shifts make of it, and what people keep."""

import dataclasses
from datetime import date, datetime, time, timedelta

import pytest

from exporter.polling.roster import Roster
from exporter.polling.shift_words import parse_days, parse_end, parse_start
from exporter.polling.shifts import Shift, Span, merge
from exporter.ringostat.names import clean
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk, Person, desks
from exporter.simulator.rota import (
    WEEKDAYS,
    ends_next_day,
    planned,
    shifts_of,
    statuses_of,
    working_days,
)
from exporter.simulator.spans import OFFLINE

SALES, SUPPORT, NIGHT = desks()
# More than a year, with both changes of clocks in Kyiv and in New York.
DAYS = [date(2026, 2, 1) + timedelta(days=n) for n in range(400)]
# The longest that a last call keeps somebody.
OVERTIME = 300


def roster_of(desk: Desk) -> Roster:
    """What the exporter makes of a configuration that states the rota."""
    shifts = tuple(
        Shift(
            parse_days(section["days"]),
            parse_start(section["start"]),
            parse_end(section["end"]),
            employees=tuple(section["employees"]),
        )
        for section in (shift.section() for shift in shifts_of(desk))
    )
    return Roster(shifts, frozenset(), desk.zone)


def same_name(desk: Desk, name: str) -> list[int]:
    return [index for index, person in enumerate(desk.people) if person.name == name]


def test_a_shift_is_plain_data_in_the_words_of_the_configuration() -> None:
    assert dataclasses.asdict(shifts_of(SALES)[1]) == {
        "employee": "Taras Bondarenko",
        "days": "sat-wed",
        "start": "08:00",
        "end": "17:00",
    }
    assert shifts_of(NIGHT)[0].section() == {
        "days": "tue-sat",
        "start": "18:00",
        "end": "02:00",
        "employees": ["Maria Garcia"],
    }


def test_everybody_but_a_bot_has_a_shift_on_five_days() -> None:
    """Both of one name too, and every desk works on every day of the week."""
    for desk in (SALES, SUPPORT, NIGHT):
        names = [person.name for person in desk.people if not person.bot]
        assert [shift.employee for shift in shifts_of(desk)] == names
        days = [working_days(shift.days) for shift in shifts_of(desk)]
        assert {len(one) for one in days} == {5}
        assert frozenset().union(*days) == set(range(7))
    assert len(shifts_of(SALES)) == len(SALES.people) - 1
    assert [shift.employee for shift in shifts_of(SUPPORT)].count("Kim Lee") == 2


@pytest.mark.parametrize("first", WEEKDAYS)
@pytest.mark.parametrize("last", WEEKDAYS)
def test_days_are_read_as_the_configuration_reads_them(first: str, last: str) -> None:
    """Of every range; a range from a day to itself is the day alone."""
    words = first if first == last else f"{first}-{last}"
    assert working_days(words) == parse_days(words)


@pytest.mark.parametrize("name", ["Ann Lee (Jr.)", "A+B", "R|S?", r"Back\slash", "[x]{2}^$*"])
def test_a_name_with_signs_of_expressions_is_that_name_alone(name: str) -> None:
    people = (Person(name, "mon", "09:00", "18:00"), Person("B", "tue", "09:00", "18:00"))
    roster = roster_of(dataclasses.replace(SALES, people=people, departments={}))
    monday = roster.timetable(name, ())
    assert monday is not None
    assert [shift.days for shift in monday.shifts] == [frozenset({0})]
    assert roster.timetable("Ann Lee Jr", ()) is None


@pytest.mark.parametrize("desk", desks(), ids=lambda desk: desk.name)
def test_the_rota_is_what_the_exporter_expects_to_the_second(desk: Desk) -> None:
    """Over a year, on days of 23 and 25 hours too; shifts of one name that overlap are one."""
    roster = roster_of(desk)
    for name in {shift.employee for shift in shifts_of(desk)}:
        theirs = [planned(desk, n, day) for day in DAYS for n in same_name(desk, name)]
        expected = merge(Span(*shift) for shift in theirs if shift)
        assert roster.spans_of(clean(name), (), DAYS[0], DAYS[-1]) == expected
        assert len(expected) >= 285


@pytest.mark.parametrize("desk", desks(), ids=lambda desk: desk.name)
def test_nobody_is_there_outside_of_their_shifts_but_for_a_last_call(desk: Desk) -> None:
    """Never before the shift begins, and at most 5 minutes after it ends."""
    centre, roster = Centre(), roster_of(desk)
    for index, person in enumerate(desk.people):
        if person.bot:
            assert roster.timetable(clean(person.name), ()) is None
            continue
        for day in DAYS[20:130]:
            shifts = roster.spans_of(clean(person.name), (), day - timedelta(days=2), day)
            there = [span for span in centre.day(desk, index, day) if span.status != OFFLINE]
            for span in there:
                assert any(
                    shift.start <= span.start and span.end <= shift.end + OVERTIME
                    for shift in shifts
                ), (person.name, day, span)


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)])
def test_a_shift_begins_by_the_clock_on_the_wall(day: date) -> None:
    """In Kyiv, before and on the days on which the clocks change."""
    index = next(
        n
        for n, p in enumerate(SALES.people)
        if day.weekday() in working_days(p.days) and not p.bot
    )
    shift = planned(SALES, index, day)
    assert shift is not None
    begins, ends = (datetime.fromtimestamp(moment, SALES.zone).time() for moment in shift)
    person = SALES.people[index]
    assert (f"{begins:%H:%M}", f"{ends:%H:%M}") == (person.start, person.end)


def test_a_night_shift_is_an_hour_shorter_or_longer_where_clocks_change() -> None:
    """In New York, from 23:00 to 07:00; an end that the clocks skip counts by the old time."""
    index = same_name(NIGHT, "Zoë van Dijk")[0]
    person = dataclasses.replace(NIGHT.people[index], days="mon-sun")
    two = dataclasses.replace(person, start="18:00", end="02:30")
    desk = dataclasses.replace(NIGHT, people=(person, two))
    hours = {}
    for day in (date(2026, 3, 6), date(2026, 3, 7), date(2026, 10, 31)):
        shifts = [planned(desk, n, day) for n in (0, 1)]
        hours[day.day] = [(shift[1] - shift[0]) / 3600 for shift in shifts if shift]
    assert hours == {6: [8, 8.5], 7: [7, 8.5], 31: [9, 9.5]}
    assert ends_next_day(person)


def test_a_shift_may_end_at_midnight() -> None:
    person = Person("Ann", "mon-sun", "16:00", "24:00")
    desk = dataclasses.replace(SALES, people=(person,))
    shift = planned(desk, 0, DAYS[0])
    assert shift is not None
    midnight = datetime.combine(DAYS[1], time(), SALES.zone).timestamp()
    assert shift[1] == midnight


def test_limits_are_stated_of_what_a_desk_has() -> None:
    """Lunch, break and dnd have one in every desk; only statuses of the desk are named."""
    for desk in (SALES, SUPPORT, NIGHT):
        statuses = statuses_of(desk)
        limits = {word: rule["limit"] for word, rule in statuses.items() if "limit" in rule}
        assert limits == {"At lunch": "1h", "Break": "20m", "dnd": "20m"}
        assert set(statuses) == {*desk.custom.values(), "dnd"}

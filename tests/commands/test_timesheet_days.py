"""A day's report -> what each person's day was, worked out by hand."""

from dataclasses import replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from exporter.commands.timesheet_days import PersonDay, person_days
from exporter.instant import Instant
from exporter.polling.departments import OwnDepartment, OwnDepartments
from exporter.polling.roster import Roster
from exporter.polling.shifts import Shift
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot
from exporter.polling.window import TODAY, midnight
from exporter.ringostat.names import EmployeeFilter
from tests.support.answers import with_catalog, with_report, with_staff
from tests.support.exporting import make_spec

KYIV = ZoneInfo("Europe/Kyiv")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)  # clocks at 03:00 and at 04:00
DAY = date(2026, 3, 25)


def read(rows: list[dict[str, Any]], day: date = DAY, **changes: Any) -> dict[str, PersonDay]:
    """By name, of a report of one day in Kyiv."""
    spec = make_spec(zone=KYIV, **changes)
    return by_name(with_report(first_snapshot(spec), rows, TODAY, at(day)))


def at(day: date) -> Instant:
    return Instant(midnight(day, KYIV), 1000.0)


def by_name(snapshot: ProjectSnapshot) -> dict[str, PersonDay]:
    return {one.employee: one for one in person_days(snapshot)}


def test_a_day_is_its_seconds_what_is_present_and_who_has_come() -> None:
    """Nine hours offline: at 09:00 at the latest."""
    ann = read([{"employee": "Ann", "offline": "09:00:00", "online": "01:31:55"}])["Ann"]
    assert ann.seconds == {"online": 5515, "speaking": 0, "dnd": 0, "offline": 32400}
    assert (ann.present, ann.arrived, ann.day) == (5515, time(9), DAY)
    assert (ann.project_id, ann.project) == (68861, "Sales")
    assert (ann.employee_id, ann.departments, ann.scheduled) == (None, None, None)
    assert not ann.unreadable


@pytest.mark.parametrize(
    ("day", "offline", "arrived"),
    [
        (SPRING, "02:59:59", time(2, 59, 59)),
        (SPRING, "03:00:00", time(4)),
        (SPRING, "08:00:00", time(9)),
        (AUTUMN, "03:30:00", time(3, 30)),
        (AUTUMN, "04:30:00", time(3, 30)),
        (AUTUMN, "10:00:00", time(9)),
        (DAY, "00:00:00", time(0)),
    ],
)
def test_the_time_of_arrival_is_the_walls_clock_also_when_clocks_change(
    day: date, offline: str, arrived: time
) -> None:
    """The day's start plus the time offline, which has no hour twice and leaves none out."""
    row = {"employee": "Ann", "offline": offline, "online": "01:00:00"}
    assert read([row], day)["Ann"].arrived == arrived


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([{"offline": "24:00:00"}], "never there"),
        ([{"offline": "00:00:00"}], "the day has just begun"),
        ([{"offline": "24:00:00", "online": "01:00:00"}], "the row does not add up"),
        ([{"offline": "x", "online": "01:00:00"}], "the time offline cannot be read"),
        ([{"offline": "09:00:00", "online": "x"}], "whether there was any cannot be read"),
        ([{"offline": "09:00:00", "online": "01:00:00"}] * 2, "two people of one name"),
    ],
)
def test_nobody_arrives_who_was_not_there_or_of_whom_it_is_not_known(
    rows: list[dict[str, str]], why: str
) -> None:
    found = read([{"employee": "Ann", **row} for row in rows])
    assert found["Ann"].arrived is None, why


def test_what_cannot_be_read_is_unknown_and_so_is_what_depends_on_it() -> None:
    """Never 0; a value that does not matter to it leaves the rest known."""
    rows = [
        {"employee": "Ann", "offline": "09:00:00", "online": "x", "speaking": "00:10:00"},
        {"employee": "Bob", "offline": "x", "online": "01:00:00"},
        {"employee": "Cid", "offline": "x"},
        {"employee": "Dan", "offline": "09:00:00", "online": "01:00:00", "nap": "00:01:00"},
    ]
    found = read(rows)
    assert found["Ann"].seconds["online"] is None
    assert found["Ann"].seconds["speaking"] == 600
    assert (found["Ann"].present, found["Ann"].arrived) == (None, time(9))
    assert (found["Bob"].present, found["Bob"].seconds["offline"]) == (3600, None)
    # Of Cid's row nothing can be read: a day of which nothing is known, not a day off.
    assert set(found["Cid"].seconds) == {"online", "speaking", "dnd", "offline", "nap"}
    assert set(found["Cid"].seconds.values()) == {None}
    assert found["Cid"].present is None
    assert [name for name, one in found.items() if one.unreadable] == ["Ann", "Bob", "Cid"]


def test_a_status_has_its_title_and_one_that_nobody_has_is_not_there() -> None:
    """`7` is shown as At lunch; a catalog's status that the report does not name is no zero."""
    titled = with_catalog(
        first_snapshot(make_spec(zone=KYIV)),
        [{"id": 7, "title": "At lunch"}, {"id": 8, "title": "Training"}],
    )
    rows = [{"employee": "Ann", "7": "00:30:00"}, {"employee": "Bob", "7": "x", "dnd": "00:01:00"}]
    found = by_name(with_report(titled, rows, TODAY, at(DAY)))
    assert found["Ann"].seconds["At lunch"] == 1800
    assert found["Bob"].seconds["At lunch"] is None
    assert "Training" not in found["Ann"].seconds


def test_ids_and_departments_are_there_where_they_are_known() -> None:
    """Ringostat's and the configuration's, joined; empty for who is in none."""
    own = OwnDepartments((OwnDepartment("VIP", ("Ann",)),))
    spec = make_spec(zone=KYIV, staff=True, departments=own)
    staff = [
        {"staffId": 5, "fio": "Ann", "departments": [{"id": 1, "name": "Sales 1"}]},
        {"staffId": 9, "fio": "Bob"},
        {"staffId": 3, "fio": "Bob"},
    ]
    rows = [{"employee": name, "online": "01:00:00"} for name in ("Ann", "Bob", "Cid")]
    found = by_name(with_report(with_staff(first_snapshot(spec), staff), rows, TODAY, at(DAY)))
    assert {name: (one.employee_id, one.departments) for name, one in found.items()} == {
        "Ann": ("5", "Sales 1; VIP"),
        "Bob": ("3; 9", ""),
        "Cid": (None, ""),
    }


def test_who_is_hidden_has_no_day() -> None:
    """Neither with a readable row nor with one that is not."""
    rows = [
        {"employee": "Bot 1", "online": "01:00:00"},
        {"employee": "Bot 2", "online": "x"},
        {"employee": "Ann", "online": "01:00:00"},
    ]
    assert set(read(rows, shown=EmployeeFilter(exclude=("Bot .*",)))) == {"Ann"}


def test_the_schedule_is_that_of_the_person_and_the_day() -> None:
    """A day of 23 hours is right; who has no shift on any day has none."""
    sundays = Shift(frozenset({6}), time(0), time(0), employees=("Ann",))
    mondays = Shift(frozenset({0}), time(9), time(17), employees=("Bob",))
    spec = make_spec(zone=KYIV, roster=Roster((sundays, mondays), frozenset(), KYIV))
    rows = [{"employee": name, "online": "01:00:00"} for name in (" Ann ", "Bob", "Cyd")]
    late = Instant(midnight(SPRING, KYIV) + 2 * 86400, 0.0)
    snapshot = with_report(first_snapshot(spec), rows, TODAY, at(SPRING))
    answer = snapshot.answer_of(TODAY)
    assert answer is not None
    state = replace(snapshot.windows[0], answer=replace(answer, sent=late))
    days = {day.employee: day for day in person_days(snapshot.with_window(state))}
    assert SPRING.weekday() == 6
    assert {name: day.scheduled for name, day in days.items()} == {
        "Ann": 23 * 3600,
        "Bob": 0,
        "Cyd": None,
    }


def test_before_a_report_there_is_nobody() -> None:
    assert list(person_days(first_snapshot(make_spec()))) == []

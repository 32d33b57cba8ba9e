"""The shift that is meant now follows the clock, through outages, midnights and reloads.

docs/contract.md#8-shifts.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from exporter.polling.departments import OwnDepartment, OwnDepartments
from exporter.polling.roster import Roster
from exporter.polling.shifts import Shift
from exporter.polling.status_rules import StatusRule
from exporter.ringostat.names import EmployeeFilter
from tests.support.exporting import Rig, Upstream, answer, make_spec, rig, row, select
from tests.support.virtual import VirtualClock, virtual

START = "ringostat_employee_shift_start_timestamp_seconds"
END = "ringostat_employee_shift_end_timestamp_seconds"
SCHEDULED = "ringostat_employee_scheduled_seconds"
UTC_ZONE = ZoneInfo("UTC")
EVERY_DAY = frozenset(range(7))


def at(day: int, hour: float) -> float:
    """Unix time of an hour of a day of March 2026 in UTC; the 25th is a Wednesday."""
    return datetime(2026, 3, day, tzinfo=UTC).timestamp() + hour * 3600


def shift(start: int, end: int, days: frozenset[int] = EVERY_DAY, **whose: Any) -> Shift:
    return Shift(days, time(start), time(end % 24), **whose)


def roster(*shifts: Shift, holidays: tuple[date, ...] = ()) -> Roster:
    return Roster(shifts, frozenset(holidays), UTC_ZONE)


def shifts(made: Rig) -> dict[str, tuple[float, float]]:
    """Who has which shift, as a scrape tells: hours since the midnight of the 25th."""
    page = made.scrape()
    starts, ends = (
        {dict(labels)["employee"]: value for (_, labels), value in select(page, name).items()}
        for name in (START, END)
    )
    assert starts.keys() == ends.keys()
    begin = at(25, 0)
    return {
        name: ((start - begin) / 3600, (ends[name] - begin) / 3600)
        for name, start in starts.items()
    }


def people(*names: str) -> list[dict[str, str]]:
    return [row(name, offline="01:00:00") for name in names]


@virtual
async def test_the_shift_that_runs_else_the_next_else_the_last_within_5_seconds() -> None:
    """Split shifts: what is meant changes at each begin and end, whenever the report is polled."""
    clock = VirtualClock(at(25, 7))
    upstream = Upstream(lambda body: answer(body, people("Ann")), clock)
    spec = make_spec(roster=roster(shift(9, 12), shift(14, 18)), interval=3600.0)
    async with rig(clock, upstream, spec) as made:
        for hour, meant in (
            (7.5, (9, 12)),
            (9, (9, 12)),
            (11.99, (9, 12)),
            (12, (14, 18)),
            (15, (14, 18)),
            (18, (14, 18)),
            (23.9, (14, 18)),
        ):
            await clock.sleep(at(25, hour) + 5 - clock.now().wall)
            assert shifts(made) == {"Ann": meant}, hour


@virtual
async def test_through_an_outage_it_stays_for_who_was_named_today_and_ends_with_the_day() -> None:
    """Also for somebody whom only an earlier report of the day named."""
    clock = VirtualClock(at(25, 7))
    upstream = Upstream(lambda body: answer(body, people("Ann", "Bob")), clock)
    async with rig(clock, upstream, make_spec(roster=roster(shift(9, 18), shift(20, 22)))) as made:
        await clock.sleep(100)
        upstream.handler = lambda body: answer(body, people("Ann"))
        await clock.sleep(100)
        upstream.handler = lambda _body: httpx.Response(503)
        await clock.sleep(at(25, 18) + 5 - clock.now().wall)
        assert select(made.scrape(), "ringostat_employee_status_seconds") == {}
        assert shifts(made) == {"Ann": (20, 22), "Bob": (20, 22)}
        await clock.sleep(at(26, 0) + 5 - clock.now().wall)
        assert shifts(made) == {}


@virtual
async def test_who_is_not_in_the_report_has_a_shift_by_the_staff_list() -> None:
    """That is who has not come; at midnight the next day's is meant at once."""
    clock = VirtualClock(at(25, 20))

    def handler(body: dict[str, Any]) -> httpx.Response:
        if body["method"] == "getProjectStaffListAndDirections":
            entries = [{"staffId": 1, "fio": "Cyd", "departments": ["Sales"]}]
            return answer(body, entries)
        return answer(body, people("Ann"))

    spec = make_spec(
        staff=True,
        departments=OwnDepartments((OwnDepartment("VIP", ("Ann",)),)),
        roster=roster(shift(9, 17, departments=("Sales",)), shift(10, 18, departments=("VIP",))),
        interval=7200.0,
    )
    async with rig(clock, Upstream(handler, clock), spec) as made:
        await clock.sleep(5)
        assert shifts(made) == {"Ann": (10, 18), "Cyd": (9, 17)}
        assert made.value("ringostat_employee_department_info", employee="Cyd") == 1
        await clock.sleep(at(26, 0) + 5 - clock.now().wall)
        assert shifts(made)["Cyd"] == (33, 41)


@virtual
async def test_a_day_off_and_a_holiday_have_no_shift() -> None:
    """A shift that began the day before runs into the holiday."""
    clock = VirtualClock(at(25, 20))
    upstream = Upstream(lambda body: answer(body, people("Ann", "Bob")), clock)
    nights = shift(22, 6, frozenset({2}), employees=("Ann",))
    days = shift(9, 17, frozenset({2, 3, 4}), employees=("Bob",))
    spec = make_spec(roster=roster(nights, days, holidays=(date(2026, 3, 26),)))
    async with rig(clock, upstream, spec) as made:
        await clock.sleep(5)
        assert shifts(made) == {"Ann": (22, 30), "Bob": (9, 17)}
        await clock.sleep(at(26, 2) - clock.now().wall)
        assert shifts(made) == {"Ann": (22, 30)}
        await clock.sleep(at(27, 8) - clock.now().wall)
        assert shifts(made) == {"Bob": (57, 65)}


@virtual
async def test_scheduled_time_is_of_each_window_until_it_was_asked_for() -> None:
    """Of today so far; of yesterday all of it; 0 where the shifts lie elsewhere."""
    clock = VirtualClock(at(25, 13))
    upstream = Upstream(lambda body: answer(body, people("Ann", "Bob")), clock)
    spec = make_spec(
        windows=("today", "yesterday"),
        roster=roster(shift(9, 17, frozenset({1, 2})), shift(9, 10, frozenset({5}))),
        shown=EmployeeFilter(exclude=("Bob",)),
    )
    async with rig(clock, upstream, spec) as made:
        await clock.sleep(1)
        sent = made.snapshot().windows[0].answer
        assert sent is not None
        assert made.value(SCHEDULED, window="today") == int(sent.sent.wall - at(25, 9))
        assert made.value(SCHEDULED, window="yesterday") == 8 * 3600
        await clock.sleep(at(26, 1) - clock.now().wall)
        assert made.value(SCHEDULED, window="today") == 0
        assert made.value(SCHEDULED, window="yesterday") == 8 * 3600


@virtual
async def test_a_reload_of_shifts_holds_at_once_for_what_is_shown() -> None:
    """Without a request; without shifts there is nothing of them."""
    clock = VirtualClock(at(25, 13))
    upstream = Upstream(lambda body: answer(body, people("Ann")), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(5)
        asked = len(upstream.asked)
        spec = made.pollers[68861].spec
        limits = (StatusRule("dnd", None, 1200.0), StatusRule("Walk", "break", None))
        await made.adopt(replace(spec, roster=roster(shift(9, 17)), statuses=limits))
        assert shifts(made) == {"Ann": (9, 17)}
        assert made.value(SCHEDULED) is not None
        assert made.value("ringostat_status_limit_seconds", status="dnd") == 1200
        assert made.value("ringostat_status_info", status="Walk", kind="break") == 1
        assert made.value("ringostat_status_info", status="dnd", kind="busy") == 1
        await made.adopt(replace(spec, roster=roster(shift(10, 16))))
        assert shifts(made) == {"Ann": (10, 16)}
        assert select(made.scrape(), "ringostat_status_limit_seconds") == {}
        await made.adopt(spec)
        assert shifts(made) == {}
        assert made.value(SCHEDULED) is None
        assert len(upstream.asked) == asked


@virtual
async def test_a_clock_that_was_set_back_is_followed_as_well() -> None:
    """The shift is that of the clock's moment, within 5 seconds."""
    clock = VirtualClock(at(25, 17.5))
    upstream = Upstream(lambda body: answer(body, people("Ann")), clock)
    spec = make_spec(roster=roster(shift(9, 12), shift(14, 17)), interval=3600.0)
    async with rig(clock, upstream, spec) as made:
        await clock.sleep(5)
        assert shifts(made) == {"Ann": (14, 17)}
        clock.jump(at(25, 11) - clock.now().wall)
        await clock.sleep(5)
        assert shifts(made) == {"Ann": (9, 12)}


@virtual
async def test_kinds_of_statuses_are_known_for_every_word_that_is_shown() -> None:
    """Built-ins, the catalog's, a report's own; `other` where nobody says."""
    clock = VirtualClock(at(25, 13))
    rows = [row("Ann", online="01:00:00", Nap="00:10:00")]
    catalog = [{"id": 1, "title": "At lunch"}]
    upstream = Upstream(lambda body: answer(body, rows, catalog), clock)
    rules = (StatusRule("At lunch", "break", 3600.0),)
    async with rig(clock, upstream, make_spec(statuses=rules)) as made:
        await clock.sleep(5)
        found = select(made.scrape(), "ringostat_status_info")
        assert {(dict(key[1])["status"], dict(key[1])["kind"]) for key in found} == {
            ("online", "available"),
            ("speaking", "call"),
            ("dnd", "busy"),
            ("offline", "offline"),
            ("At lunch", "break"),
            ("Nap", "other"),
        }

"""Presence and its counter as the poll loop shows them: docs/contract.md#presence."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from exporter.ringostat.names import EmployeeFilter
from tests.support.exporting import (
    GAINED,
    HELD,
    MIDNIGHT,
    SECONDS,
    Upstream,
    answer,
    broken,
    good,
    make_spec,
    rig,
    row,
    select,
)
from tests.support.virtual import NOON, VirtualClock, virtual


@virtual
async def test_presence_from_the_second_poll_on_and_gone_three_and_a_half_intervals_later() -> (
    None
):
    """The status vanishes before the marks of the day do; the counter stays."""
    clock = VirtualClock(NOON)
    catalog = [{"id": 7, "title": "At lunch"}]

    def lunch(body: dict[str, Any]) -> httpx.Response:
        seconds = int(clock.now().wall - NOON)
        value = f"01:{seconds // 60:02d}:{seconds % 60:02d}"
        return answer(body, [row("Ann", online="11:00:00", **{"7": value})], catalog)

    upstream = Upstream(lunch, clock)
    async with rig(clock, upstream, make_spec(windows=("today", "yesterday"))) as made:
        await clock.sleep(1)
        assert made.value(HELD) is None
        assert made.value(GAINED, employee="Ann", status="online") == 0
        await clock.sleep(91)
        assert made.value(HELD, employee="Ann", status="At lunch") == 1
        gained = made.value(GAINED, employee="Ann", status="At lunch")
        assert gained is not None
        assert 30 <= gained <= 91
        assert made.value("ringostat_employee_first_active_timestamp_seconds") == NOON - 12 * 3600
        since = made.value("ringostat_employee_last_active_timestamp_seconds")
        upstream.handler = broken(404)
        last = made.value("ringostat_report_last_success_timestamp_seconds", window="today")
        assert since == last
        assert last is not None
        # From when the last good poll was sent, which is when it was answered here.
        await clock.sleep(last + 209.9 - clock.now().wall)
        assert made.value(HELD) == 1
        await clock.sleep(0.2)
        assert made.value(HELD) is None
        assert made.value("ringostat_employee_last_active_timestamp_seconds") == since
        await clock.sleep(200)
        assert made.value("ringostat_employee_last_active_timestamp_seconds") is None
        assert made.value(GAINED, status="At lunch") == gained


@pytest.mark.long
@virtual
async def test_the_counter_outlives_an_outage_and_ends_two_days_after_the_name() -> None:
    """Counted back from the newest report's day, whatever the wall clock says."""
    clock = VirtualClock(MIDNIGHT - 600)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(300)
        upstream.handler = broken(404)
        await clock.sleep(300 + 3 * 86400)
        assert made.value(GAINED, employee="Ann", status="online") == 0
        upstream.handler = good([row("Bob", online="01:00:00")])
        await clock.sleep(1000)
        assert made.value(GAINED, employee="Ann", status="online") is None
        assert made.value(GAINED, employee="Bob", status="online") == 0


@virtual
async def test_presence_can_be_switched_off_and_needs_the_window_today() -> None:
    """Without either no presence family is exposed, the counter included."""
    for changes in ({"presence": False}, {"windows": ("yesterday",)}):
        clock = VirtualClock(NOON)
        upstream = Upstream(good(), clock)
        async with rig(clock, upstream, make_spec(**changes)) as made:
            await clock.sleep(200)
            assert made.value("ringostat_up") == 1
            names = {name for name, _ in made.scrape() if name.startswith("ringostat_employee_")}
            assert names == {SECONDS, "ringostat_employee_department_info"}


@virtual
async def test_a_renamed_project_keeps_its_counters_and_a_filter_hides_people_of_them() -> None:
    """A new name moves the counters at once, and excluded people are gone from them."""
    clock = VirtualClock(MIDNIGHT - 30)
    people = [row("Ann", online="01:00:00"), row("Bob", online="01:00:00")]
    upstream = Upstream(good(people), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(200)
        assert made.value(GAINED, employee="Ann", status="online") == 3600
        poller = made.pollers[68861]
        await made.adopt(replace(poller.spec, name="New", shown=EmployeeFilter(exclude=("Bob",))))
        assert made.value(GAINED, project="New", employee="Ann", status="online") == 3600
        assert not select(made.scrape(), GAINED, employee="Bob")

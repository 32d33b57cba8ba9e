"""Midnights, days of other lengths, and clocks that jump.

docs/contract.md#rule-4-never-old, docs/faults.md#upstream.
"""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.support.exporting import (
    MIDNIGHT,
    SECONDS,
    Upstream,
    broken,
    good,
    make_spec,
    rig,
    select,
)
from tests.support.virtual import NOON, VirtualClock, run_virtual, virtual


@virtual
async def test_at_midnight_yesterdays_today_is_gone_polled_or_not() -> None:
    """The samples vanish at 00:00 of the project's zone; the last success stays."""
    clock = VirtualClock(MIDNIGHT - 100)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec(interval=600.0)) as made:
        await clock.sleep(99.9)
        assert made.value(SECONDS, employee="Ann", status="online") == 3600
        upstream.handler = broken(500)
        await clock.sleep(0.11)
        assert not select(made.scrape(), SECONDS)
        assert made.value("ringostat_report_last_success_timestamp_seconds") is not None


@virtual
async def test_an_answer_overtaken_by_midnight_is_not_shown_and_the_new_day_asked_at_once() -> (
    None
):
    """An answer belongs to the day that was asked for."""
    clock = VirtualClock(MIDNIGHT - 1.5)
    upstream = Upstream(good(), clock)
    upstream.delay = 1.0  # the catalog until -0.5, the report until +0.5
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(2.2)
        assert not select(made.scrape(), SECONDS)
        assert made.value("ringostat_up") == 1
        await clock.sleep(1)
        days = [body["params"]["filter"]["from"] for _, body in upstream.asked[1:]]
        assert days == ["2026-03-25", "2026-03-26"]
        assert made.value(SECONDS, employee="Ann", status="online") == 3600


@virtual
async def test_a_settled_window_at_midnight_at_once_after_5_minutes_then_every_interval() -> None:
    """The request names the day that has just ended."""
    clock = VirtualClock(MIDNIGHT - 1000)
    upstream = Upstream(good(), clock)
    plan = make_spec(windows=("yesterday",), settled_interval=900.0)
    async with rig(clock, upstream, plan):
        await clock.sleep(1000 + 2500)
        after = [moment - MIDNIGHT for moment in upstream.times() if moment >= MIDNIGHT]
        assert after == pytest.approx([0, 300, 1200, 2100], abs=0.1)
        assert upstream.asked[-1][1]["params"]["filter"]["from"] == "2026-03-25"


@virtual
async def test_a_wall_clock_that_jumps_moves_no_poll_and_shows_no_other_day() -> None:
    """Polls keep to the clock of ages; what is of another day is hidden until it is asked for."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(1)
        for jump in (86400, -2 * 86400):
            clock.jump(jump)
            assert not select(made.scrape(), SECONDS)
            asked = len(upstream.times())
            await clock.sleep(90)
            assert 1 <= len(upstream.times()) - asked <= 2
            assert made.value(SECONDS, employee="Ann", status="online") == 3600


@virtual
async def test_a_suspended_machine_shows_nothing_stale_and_polls_once() -> None:
    """After six hours the first scrape shows no old value, and no skipped polls are counted."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(200)
        asked = len(upstream.times())
        clock.suspend(6 * 3600)
        assert not select(made.scrape(), SECONDS)
        await clock.sleep(6)
        assert len(upstream.times()) == asked + 1
        assert made.value("ringostat_polls_skipped_total") == 0
        assert made.value(SECONDS, employee="Ann", status="online") == 3600


@pytest.mark.long
@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Kyiv", datetime(2026, 3, 29), 23),  # noqa: DTZ001
        ("Europe/Kyiv", datetime(2026, 10, 25), 25),  # noqa: DTZ001
    ],
)
def test_no_poll_is_missed_or_doubled_on_a_day_of_23_or_25_hours(
    zone: str, day: datetime, hours: int
) -> None:
    """The window's bounds are as long as the day, and polls keep their interval."""

    async def main() -> None:
        start = day.replace(tzinfo=ZoneInfo(zone)).timestamp()
        clock = VirtualClock(start)
        upstream = Upstream(good(), clock)
        async with rig(clock, upstream, make_spec(zone=ZoneInfo(zone))) as made:
            await clock.sleep(90)
            width = [
                made.value(f"ringostat_report_window_{edge}_timestamp_seconds")
                for edge in ("end", "start")
            ]
            assert width[0] is not None and width[1] is not None  # noqa: PT018
            assert width[0] - width[1] == hours * 3600
            upstream.asked.clear()
            await clock.sleep(hours * 3600)
            assert len(upstream.times()) == hours * 60
            await asyncio.sleep(0)  # noqa: TID251

    run_virtual(main)

"""Simulated days against an oracle that integrates the simulator's own timeline, second by second.

The oracle knows nothing of windows, midnights or snapshots as the exporter computes them: it
finds a day's first second by asking the zone for the date of every quarter of an hour.
"""

import json
import random
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import httpx
import pytest

from exporter.simulator.api import SimulatedApi
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk, Person
from tests.support.exporting import Rig, make_spec, select
from tests.support.virtual import VirtualClock, run_virtual

BUILT_IN = ("online", "offline", "dnd", "speaking")
# Zones and days with something to trip over: clocks that change by an hour or half of one, at
# midnight or at night, and zones far from UTC on both sides.
CASES = [
    ("Europe/Kyiv", date(2026, 3, 28)),
    ("Europe/Kyiv", date(2026, 10, 24)),
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("America/Havana", date(2026, 3, 7)),
    ("America/Havana", date(2026, 10, 31)),
    ("Africa/Cairo", date(2026, 4, 23)),
    ("Atlantic/Azores", date(2026, 3, 28)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("Pacific/Apia", date(2026, 1, 31)),
    ("Pacific/Marquesas", date(2025, 12, 31)),
    ("UTC", date(2026, 2, 28)),
]


@lru_cache(maxsize=1000)
def first_second(zone_name: str, day: date) -> int:
    """The first second whose date in the zone is `day`: by looking, not by arithmetic."""
    zone = ZoneInfo(zone_name)
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("UTC")).timestamp())
    quarters = range(noon - 40 * 3600, noon + 40 * 3600, 900)
    return next(q for q in quarters if datetime.fromtimestamp(q, zone).date() >= day)


def days_of(window: str, today: date) -> tuple[date, date]:
    one = timedelta(days=1)
    monday = today - timedelta(days=today.isoweekday() - 1)
    return {
        "today": (today, today),
        "yesterday": (today - one, today - one),
        "last_3_days": (today - 2 * one, today),
        "this_week": (monday, today),
        "previous_week": (monday - 7 * one, monday - one),
    }[window]


@dataclass
class Answered:
    """An answer as the exporter received it."""

    received: float
    moment: float
    first: str
    last: str


class Flaky(httpx.AsyncBaseTransport):
    """The simulated API over a network with outages; keeps what came through."""

    def __init__(
        self, api: httpx.AsyncBaseTransport, clock: VirtualClock, dice: random.Random
    ) -> None:
        self._api, self._clock, self._dice = api, clock, dice
        self.answers: list[Answered] = []
        self.down_until = 0.0
        self.failed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._clock.sleep(self._dice.choice([0.05, 0.3, 4.0]))
        if self._clock.now().wall < self.down_until:
            raise httpx.ConnectError("an outage")
        moment = self._clock.now().wall
        response = await self._api.handle_async_request(request)
        await self._clock.sleep(self._dice.choice([0.05, 0.2, 6.0]))
        body = json.loads(request.content)
        if body["method"] == "getSipStatusDailyReport":
            days = body["params"]["filter"]
            self.answers.append(Answered(self._clock.now().wall, moment, days["from"], days["to"]))
        return response


def expected(
    centre: Centre, desk: Desk, first: date, last: date, moment: float
) -> dict[tuple[str, str], int]:
    """Seconds per person and status from the first day to the last, as far as a moment."""
    zone = desk.zone.key
    start, end = first_second(zone, first), first_second(zone, last + timedelta(days=1))
    stop = min(int(moment), end)
    found: dict[tuple[str, str], int] = {}
    statuses = set(BUILT_IN)
    for index, person in enumerate(desk.people):
        day = first
        while day <= last:
            for segment in centre.day(desk, index, day):
                seconds = min(segment.end, stop) - max(segment.start, start)
                if seconds > 0:
                    statuses.add(segment.status)
                    key = (person.name, segment.status)
                    found[key] = found.get(key, 0) + seconds
            day += timedelta(days=1)
    names = {person.name for person in desk.people}
    return {(name, status): found.get((name, status), 0) for name in names for status in statuses}


def make_desk(zone: str) -> Desk:
    people = (
        Person("Ann", "mon-sun", "08:00", "17:00"),
        Person("Twin", "mon-sun", "20:00", "04:00"),
        Person("Twin", "sun-fri", "21:00", "05:00", accounts=2),
        Person('O"Brien\\', "mon-sun", "00:30", "07:30"),
    )
    return Desk(68861, "Sales", ZoneInfo(zone), people, {1: "At lunch", 2: "Break"})


def moments(
    dice: random.Random, start: float, end: float, midnights: list[int]
) -> Iterator[float]:
    """When to scrape: at random, and closely around every midnight."""
    found = [dice.uniform(start, end) for _ in range(60)]
    for midnight in midnights:
        found += [midnight - 0.01, midnight + 0.01, midnight + 1, midnight + dice.uniform(1, 900)]
    yield from sorted(moment for moment in found if start < moment < end)


@pytest.mark.long
@pytest.mark.parametrize(("zone", "day"), CASES)
def test_no_wrong_sample_over_simulated_days(zone: str, day: date) -> None:
    """Over 3 days with outages, slow answers and restarts every sample is the timeline's."""
    dice = random.Random(f"{zone}{day}")
    desk = make_desk(zone)
    centre = Centre(7, (desk,))
    begin = first_second(zone, day)
    midnights = [first_second(zone, day + timedelta(days=n)) for n in range(5)]
    end = midnights[3] + 7200
    windows = (
        "today",
        "yesterday",
        *dice.sample(["last_3_days", "this_week", "previous_week"], 1),
    )
    stale_after = dice.choice([None, 400.0])
    plan = make_spec(
        zone=ZoneInfo(zone),
        windows=windows,
        interval=dice.choice([120.0, 300.0, 420.0]),
        settled_interval=600.0,
        stale_after=stale_after,
    )
    checked = 0

    async def main() -> None:
        nonlocal checked
        clock = VirtualClock(begin + dice.uniform(0, 40000))
        api = SimulatedApi(centre, lambda: clock.now().wall, clock.sleep, "KEY-canary-1")
        network = Flaky(httpx.ASGITransport(app=api), clock, dice)
        rig = Rig(clock, network)
        await rig.poll(plan)
        restarted_at = clock.now().wall
        for moment in moments(dice, clock.now().wall, end, midnights):
            await clock.sleep(moment - clock.now().wall)
            checked += check(rig, network, moment, restarted_at)
            if dice.random() < 0.08:
                network.down_until = clock.now().wall + dice.choice([30, 600, 5400])
            if dice.random() < 0.04:
                await rig.stop()
                rig = Rig(clock, network)
                await rig.poll(plan)
                restarted_at = clock.now().wall
        await rig.stop()

    def check(rig: Rig, network: Flaky, moment: float, restarted_at: float) -> int:
        found = select(rig.scrape(), "ringostat_employee_status_seconds")
        today = day_at(moment)
        count = 0
        for window in windows:
            first, last = days_of(window, today)
            fresh = [
                one
                for one in network.answers
                if (one.first, one.last) == (str(first), str(last))
                and days_of(window, day_at(one.moment)) == (first, last)
                and restarted_at <= one.received <= moment
            ]
            # On a Monday this week is today: two questions have the same dates.
            twins = sum(days_of(other, today) == (first, last) for other in windows)
            shown = {
                (dict(labels)["employee"], dict(labels)["status"]): value
                for (_, labels), value in found.items()
                if dict(labels)["window"] == window
            }
            settled = window in ("yesterday", "previous_week")
            own = 600.0 if settled else plan.interval
            limit = max(3 * own, 300.0) if stale_after is None else stale_after
            limit = max(limit, 1800.0) if settled else limit
            if shown:
                newest = next(
                    one
                    for one in reversed(fresh[-twins:])
                    if shown == expected(centre, desk, first, last, one.moment)
                )
                assert moment - newest.received <= limit + 0.001
                count += len(shown)
            elif fresh and twins == 1 and rig.snapshot().tried:
                assert moment - fresh[-1].received >= limit - 0.001
        return count

    boundaries = [first_second(zone, day + timedelta(days=n)) for n in range(-1, 6)]

    def day_at(moment: float) -> date:
        return day + timedelta(days=bisect_left(boundaries, moment + 1e-9) - 2)

    run_virtual(main)
    # 3 days of 3 windows; with outages about half of the scrapes still show something.
    assert checked > 500

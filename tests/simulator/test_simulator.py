"""The simulated contact centre: a partition of every day, the same at every look, and its API."""

import itertools
import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from exporter.simulator.api import FAULTS, Faults, SimulatedApi
from exporter.simulator.centre import Centre
from exporter.simulator.desks import desks
from exporter.simulator.spans import OFFLINE, ONLINE, SPEAKING, Span, merge
from tests.support.real import run_real

NOW = 1774440000.0
DAYS = [date(2026, 3, 25) + timedelta(days=n) for n in range(14)]


def test_three_desks_in_three_zones_with_people_one_believes() -> None:
    """One name is shared by two people, and some have two accounts."""
    found = desks()
    assert len({desk.zone.key for desk in found}) == len(found) == 3
    assert all(8 <= len(desk.people) <= 15 for desk in found)
    names = [person.name for desk in found for person in desk.people]
    assert "AI IVR Test" in names
    assert len(names) - len(set(names)) == 1
    assert any(person.accounts == 2 for desk in found for person in desk.people)


def test_every_day_is_a_partition_from_midnight_to_midnight() -> None:
    """Segments meet without gap or overlap, on days of 23 and 25 hours too."""
    centre = Centre()
    for desk in centre.desks.values():
        for day in (*DAYS, date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8)):
            end = datetime.combine(day + timedelta(days=1), datetime.min.time(), desk.zone)
            for index in range(len(desk.people)):
                segments = centre.day(desk, index, day)
                assert segments[0].start == centre.midnight(desk, day)
                assert segments[-1].end == int(end.timestamp())
                for one, two in itertools.pairwise(segments):
                    assert one.end == two.start
                    assert one.status != two.status


def test_it_is_pure_in_seed_and_time() -> None:
    """The same seed and day give the same timeline, in any order of asking."""
    one, two, other = Centre(3), Centre(3), Centre(4)
    desk = one.desks[68861]
    assert two.day(desk, 0, DAYS[5]) == one.day(desk, 0, DAYS[5])
    assert [one.day(desk, 0, day) for day in DAYS] == [one.day(desk, 0, day) for day in DAYS]
    assert [one.day(desk, 0, day) for day in DAYS] != [other.day(desk, 0, day) for day in DAYS]


def test_people_do_what_people_in_a_contact_centre_do() -> None:
    """All statuses occur, and calls are a believable share of the time."""
    centre = Centre()
    seen: set[str] = set()
    speaking = worked = 0
    for desk in centre.desks.values():
        for index in range(len(desk.people)):
            for day in DAYS:
                for segment in centre.day(desk, index, day):
                    seen.add(segment.status)
                    length = segment.end - segment.start
                    speaking += length if segment.status == SPEAKING else 0
                    worked += length if segment.status in (SPEAKING, ONLINE) else 0
    assert {"online", "offline", "dnd", "speaking", "At lunch", "Break"} <= seen
    assert 0.2 < speaking / worked < 0.7


def test_accounts_are_merged_by_the_documented_priority() -> None:
    """Of several accounts the highest status counts at each second."""
    first = [Span(0, 10, OFFLINE), Span(10, 20, "dnd"), Span(20, 30, SPEAKING)]
    second = [Span(5, 15, ONLINE), Span(15, 35, "Break")]
    assert merge([first, second]) == [
        Span(0, 5, OFFLINE),
        Span(5, 15, ONLINE),
        Span(15, 20, "dnd"),
        Span(20, 30, SPEAKING),
        Span(30, 35, "Break"),
    ]


async def ask(
    api: SimulatedApi, method: str, key: str = "demo-key", **params: Any
) -> httpx.Response:
    path = {"getCustomStatuses": "/rsp-api-v3"}.get(method, "/api/json-rpc")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=api), base_url="http://simulated"
    ) as client:
        body = {"id": 777, "jsonrpc": "2.0", "method": method, "params": params}
        return await client.post(path, json=body, headers={"Auth-key": key})


async def no_sleep(_seconds: float) -> None:
    return


def make(faults: Faults | None = None, now: float = NOW) -> SimulatedApi:
    return SimulatedApi(Centre(), lambda: now, no_sleep, faults=faults)


def test_it_answers_as_the_description_shows() -> None:
    """The custom statuses are the documented example, id as a string."""
    found = run_real(ask(make(), "getCustomStatuses", projectId=68861)).json()
    assert found == {
        "id": "777",
        "jsonrpc": "2.0",
        "result": [
            {"id": 1763, "title": "At lunch"},
            {"id": 1768, "title": "Break"},
            {"id": 1773, "title": "On the call"},
            {"id": 1778, "title": "On the move"},
        ],
    }


def test_rows_of_a_project_sum_to_the_elapsed_time_and_grow_second_by_second() -> None:
    """Every row accounts for the time since the zone's midnight."""
    days = {"from": "2026-03-25", "to": "2026-03-25"}
    for later in (0, 1, 7):
        api = make(now=NOW + later)
        reply = run_real(ask(api, "getSipStatusDailyReport", projectId=68861, filter=days)).json()
        assert reply["id"] == 777
        midnight = datetime(2026, 3, 25, tzinfo=ZoneInfo("Europe/Kyiv")).timestamp()
        for row in reply["result"]:
            total = 0
            for status, text in row.items():
                if status != "employee":
                    hours, minutes, seconds = text.split(":")
                    total += int(hours) * 3600 + int(minutes) * 60 + int(seconds)
            assert total == NOW + later - midnight


def test_refusals() -> None:
    """A wrong key, an unknown project, missing parameters and an unknown method."""
    assert run_real(ask(make(), "getCustomStatuses", key="x", projectId=1)).status_code == 401
    unknown = run_real(ask(make(), "getCustomStatuses", projectId=1)).json()
    assert unknown["error"]["message"] == "Project not found"
    bad = run_real(ask(make(), "getSipStatusDailyReport", projectId=68861)).json()
    assert bad["error"]["code"] == -32602
    wrong = run_real(ask(make(), "getOther", projectId=68861)).json()
    assert wrong["error"]["code"] == -32601


@pytest.mark.parametrize("fault", [one for one in FAULTS if one not in ("hang", "drip", "cut")])
def test_faults_on_request(fault: str) -> None:
    """A fault strikes the named project and leaves the others alone."""
    days = {"from": "2026-03-25", "to": "2026-03-25"}
    faults = Faults((fault,), projects=frozenset({68861}))
    api = make(faults)
    broken = run_real(ask(api, "getSipStatusDailyReport", projectId=68861, filter=days))
    fine = run_real(ask(api, "getSipStatusDailyReport", projectId=39071, filter=days))
    assert fine.status_code == 200
    assert "result" in fine.json()
    if fault.isdecimal():
        assert broken.status_code == int(fault)
    elif fault == "frozen":
        again = SimulatedApi(api.centre, lambda: NOW + 900, no_sleep, faults=faults)
        later = run_real(ask(again, "getSipStatusDailyReport", projectId=68861, filter=days))
        assert later.json() == broken.json()
    elif fault == "rpc-error":
        assert broken.json()["error"]["code"] == -32603
    else:
        with pytest.raises(ValueError, match=r"Expecting|Extra"):
            json.loads(broken.text)

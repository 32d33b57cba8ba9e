"""Days asked for one by one: what fails for now is asked again, what is refused is not."""

from collections import defaultdict
from datetime import date
from typing import Any, TypeVar

import pytest

from exporter.commands.day_run import Plan, read_days
from exporter.commands.missing_day import MissingDay
from exporter.commands.past_days import PastDays
from exporter.commands.progress import Progress
from exporter.errors import (
    AccessForbidden,
    KeyRefused,
    PollError,
    RateLimited,
    RequestRejected,
    ServerFailed,
    TimedOut,
)
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import ProjectSnapshot
from exporter.ringostat.calls import CUSTOM_STATUSES, DAILY_REPORT, STAFF, Call
from exporter.ringostat.key import Secret
from exporter.ringostat.reply import InFlight, Reply
from tests.support.exporting import make_spec
from tests.support.virtual import VirtualClock, run_virtual

_T = TypeVar("_T")
DAYS = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3))
ROWS = [{"employee": "Ann", "online": "01:00:00"}]
PEOPLE = [{"staffId": 5, "fio": "Ann"}]


class FakeApi:
    """Answers by a script: an error for a request as often as it says, then an answer.

    Attributes:
        errors: By `(project, day)`, or `(project, method)` of a list: what comes first.
        asked: The same keys, in the order of the requests.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.errors: defaultdict[tuple[int, str], list[PollError]] = defaultdict(list)
        self.asked: list[tuple[int, str]] = []

    async def fetch(self, call: Call[_T], _key: Secret, _in_flight: InFlight) -> Reply[_T]:
        parameters: Any = call.params
        day = parameters.get("filter", {}).get("from", call.method)
        request = (parameters["projectId"], day)
        self.asked.append(request)
        if self.errors[request]:
            raise self.errors[request].pop(0)
        result: Any = {CUSTOM_STATUSES: [], STAFF: PEOPLE, DAILY_REPORT: ROWS}[call.method]
        now = self.clock.now()
        return Reply(call.parse(result, now.wall), now, now)


def run(
    script: dict[tuple[int, str], list[PollError]], *specs: ProjectSpec
) -> tuple[list[tuple[int, date]], list[MissingDay], FakeApi, Progress]:
    """What was handed on, what is missing, and what was asked."""

    async def main() -> Any:
        clock = VirtualClock(1774440000.0)
        api = FakeApi(clock)
        api.errors.update(script)
        had: list[tuple[int, date]] = []

        def take(past: PastDays, day: date, snapshot: ProjectSnapshot) -> None:
            assert snapshot.windows[0].answer is not None
            had.append((past.spec.project_id, day))

        plans = [Plan(PastDays(api, clock, spec), DAYS) for spec in specs or (make_spec(),)]
        progress = Progress(len(plans) * len(DAYS), lambda: clock.now().age)
        missing = await read_days(plans, take, progress)
        return had, missing, api, progress

    result: tuple[list[tuple[int, date]], list[MissingDay], FakeApi, Progress] = run_virtual(main)
    return result


def test_every_day_is_one_request_and_the_lists_are_asked_once() -> None:
    """Titles and staff first, the days in their order."""
    had, missing, api, progress = run({}, make_spec(staff=True))
    assert [day for _, day in had] == list(DAYS)
    assert (missing, progress.done) == ([], 3)
    days = [day for _, day in api.asked]
    assert days == [CUSTOM_STATUSES, STAFF, "2026-03-01", "2026-03-02", "2026-03-03"]


def test_the_staff_list_is_asked_only_where_it_is_configured() -> None:
    assert STAFF not in [day for _, day in run({})[2].asked]


@pytest.mark.parametrize("error", [ServerFailed("HTTP 500"), TimedOut("slow")])
def test_a_day_that_fails_for_now_is_asked_again_when_the_others_are_through(
    error: PollError,
) -> None:
    """Then it is there, and nothing is missing."""
    had, missing, api, progress = run({(68861, "2026-03-01"): [error]})
    assert [str(day) for _, day in had] == ["2026-03-02", "2026-03-03", "2026-03-01"]
    assert api.asked[-1] == (68861, "2026-03-01")
    assert (missing, progress.done) == ([], 3)


def test_a_limit_is_waited_for_and_then_asked_again_at_the_end() -> None:
    """Three pauses of the API's choice, and one more request when all is through."""
    errors: list[PollError] = [RateLimited("HTTP 429", 60) for _ in range(4)]
    had, missing, api, _ = run({(68861, "2026-03-02"): errors})
    assert api.asked.count((68861, "2026-03-02")) == 5
    assert str(had[-1][1]) == "2026-03-02"
    assert missing == []


def test_a_day_that_fails_twice_is_missing_and_not_asked_a_third_time() -> None:
    errors: list[PollError] = [ServerFailed(f"HTTP 50{n}") for n in range(3)]
    had, missing, api, progress = run({(68861, "2026-03-02"): errors})
    assert [day.line for day in missing] == [
        "Sales 2026-03-02: HTTP 501. Ringostat is down; this heals by itself."
    ]
    assert api.asked.count((68861, "2026-03-02")) == 2
    assert (len(had), progress.done) == (2, 3)


def test_what_will_not_pass_is_not_asked_again() -> None:
    _, missing, api, _ = run({(68861, "2026-03-02"): [RequestRejected("HTTP 400")]})
    assert [str(day.day) for day in missing] == ["2026-03-02"]
    assert api.asked.count((68861, "2026-03-02")) == 1


@pytest.mark.parametrize("error", [KeyRefused("HTTP 401"), AccessForbidden("HTTP 403")])
def test_a_refused_key_ends_its_project_at_once_and_no_other(error: PollError) -> None:
    """Its other days are missing for the same reason, without a request."""
    other = make_spec(project_id=2, name="Support")
    had, missing, api, progress = run({(68861, "2026-03-02"): [error]}, make_spec(), other)
    assert [str(day.day) for day in missing] == ["2026-03-02", "2026-03-03"]
    assert {day.project for day in missing} == {"Sales"}
    assert (68861, "2026-03-03") not in api.asked
    assert len(had) == 4
    assert progress.done == 6


def test_without_the_staff_list_a_day_is_not_handed_on() -> None:
    """It would lack departments; each day asks for the list again."""
    refused = RequestRejected("HTTP 400")
    refused.method = STAFF
    had, missing, _, _ = run({(68861, STAFF): [refused]}, make_spec(staff=True))
    assert [str(day) for _, day in had] == ["2026-03-02", "2026-03-03"]
    assert missing[0].line.startswith("Sales 2026-03-01: staff list: HTTP 400. ")


def test_missing_days_are_in_the_order_of_projects_and_time() -> None:
    """Whatever came first."""
    script: dict[tuple[int, str], list[PollError]] = {
        (9, "2026-03-03"): [RequestRejected("x")],
        (9, "2026-03-01"): [ServerFailed("x"), ServerFailed("x")],
        (2, "2026-03-02"): [RequestRejected("x")],
    }
    specs = make_spec(project_id=9, name="B"), make_spec(project_id=2, name="A")
    _, missing, _, _ = run(script, *specs)
    assert [f"{day.project}{day.day.day}" for day in missing] == ["B1", "B3", "A2"]

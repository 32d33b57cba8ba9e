"""Departments of one's own, filters, and that nobody is without a department."""

import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.exporting import select
from tests.support.people_api import (
    ONLINE,
    REPORT,
    SPEAKING,
    STAFF,
    Reply,
    bare,
    by_date,
    html,
    rpc,
)
from tests.support.people_pages import People, departments, people_of
from tests.support.people_run import Case, Polled, live, person, poll_once, rows, write
from tests.support.processes import wait_for

SALES = {"id": 12, "name": "Sales"}
ANN = person(3, "Ann Lee", "demo_ann", departments=[SALES])
BOB = person(20, "Bob", "demo_bob")
BOSS = person(1, "Boss Big", "demo_boss", "demo_boss_mob", departments=[{"id": 1, "name": "Top"}])
OWN = [
    {"name": "Desk 1", "employees": ["Ann .*", "Bob"]},
    {"name": "Desk 2", "employees": ["B.*"]},
    {"name": "Nobody's", "employees": ["Lee"]},  # anchored: no part of a name will do
]
SIP = {ONLINE: bare(["demo_ann", "demo_boss"]), SPEAKING: bare(["demo_boss_mob", "demo_bob"])}
REPORTED = {REPORT: rpc(rows("Ann Lee", "Bob"))}
EVERYBODY = {STAFF: rpc([ANN, BOB, BOSS]), REPORT: rpc(rows("Ann Lee", "Bob", "Boss Big"))}
STAFFED = {"staff": True}
IDS = {"Ann Lee": "3", "Bob": "20"}


def of_the_day(today: tuple[str, ...], before: tuple[str, ...]) -> Reply:
    """One report for the day of the test, another for the day before."""
    first = datetime.now(UTC).date().isoformat()  # noqa: TID251 - real programs, real days
    return by_date(lambda date: rpc(rows(*(today if date == first else before))))


CASES = [
    Case(
        "own without staff",
        REPORTED,
        {"departments": OWN},
        People(departments=departments(Ann_Lee=["Desk 1"], Bob=["Desk 1", "Desk 2"])),
    ),
    Case(
        "own beside Ringostat's",
        {**REPORTED, STAFF: rpc([ANN, BOB, person(7, "Bea")])},
        {"departments": OWN, **STAFFED},
        People(
            {**IDS, "Bea": "7"},
            departments(Ann_Lee=["Sales", "Desk 1"], Bob=["Desk 1", "Desk 2"], Bea=["Desk 2"]),
            staff_up=1,
            unlisted=0,
        ),
    ),
    Case(
        "own of the same name",
        {**REPORTED, STAFF: rpc([ANN, BOB])},
        {"departments": [{"name": "Sales", "employees": [".*"]}], **STAFFED},
        People(IDS, departments(Ann_Lee=["Sales"], Bob=["Sales"]), staff_up=1, unlisted=0),
    ),
    Case(
        "nobody tells",
        REPORTED,
        {},
        People(departments=departments(Ann_Lee=["(none)"], Bob=["(none)"])),
    ),
    Case(
        "cleaned names",
        {REPORT: rpc(rows(" Ann\u00a0 Lee\n"))},
        {"departments": OWN},
        People(departments=departments(Ann_Lee=["Desk 1"])),
    ),
    Case(
        "every window names people",
        {REPORT: of_the_day(("Ann Lee",), ("Bob", "Cyd"))},
        {"departments": OWN, "windows": ["today", "yesterday"]},
        People(
            departments=departments(Ann_Lee=["Desk 1"], Bob=["Desk 1", "Desk 2"], Cyd=["(none)"])
        ),
    ),
    Case(
        "unlisted are those of today",
        {REPORT: of_the_day(("Ann Lee", "Zed"), ("Bob", "Cyd")), STAFF: rpc([ANN])},
        {"windows": ["yesterday", "today"], **STAFFED},
        People(
            {"Ann Lee": "3"},
            departments(Ann_Lee=["Sales"], Bob=["(none)"], Cyd=["(none)"], Zed=["(none)"]),
            staff_up=1,
            unlisted=1,
        ),
    ),
    Case(
        "unlisted without today",
        {REPORT: of_the_day((), ("Bob", "Cyd")), STAFF: rpc([ANN])},
        {"windows": ["yesterday"], **STAFFED},
        People(
            {"Ann Lee": "3"},
            departments(Ann_Lee=["Sales"], Bob=["(none)"], Cyd=["(none)"]),
            staff_up=1,
            unlisted=2,
        ),
    ),
    Case(
        "the report fails",
        {REPORT: html(), STAFF: rpc([ANN, BOB])},
        STAFFED,
        People(IDS, departments(Ann_Lee=["Sales"], Bob=["(none)"]), staff_up=1),
    ),
    Case(
        "a filter hides",
        {**EVERYBODY, **SIP},
        {
            "employees": {"exclude": ["Boss .*"]},
            "departments": OWN,
            "sip_accounts": True,
            **STAFFED,
        },
        People(
            IDS,
            departments(Ann_Lee=["Sales", "Desk 1"], Bob=["Desk 1", "Desk 2"]),
            {("demo_ann", "Ann Lee"): (1, 0), ("demo_bob", "Bob"): (1, 1)},
            1,
            1,
            0,
        ),
    ),
    Case(
        "a filter chooses",
        {**EVERYBODY, **SIP},
        {"employees": {"include": ["Ann Lee"]}, "sip_accounts": True, **STAFFED},
        People(
            {"Ann Lee": "3"},
            departments(Ann_Lee=["Sales"]),
            {("demo_ann", "Ann Lee"): (1, 0)},
            1,
            1,
            0,
        ),
    ),
    Case(
        "who is hidden is not unlisted",
        {STAFF: rpc([ANN]), REPORT: rpc(rows("Ann Lee", "Boss Big", "Zed"))},
        {"employees": {"exclude": ["Boss .*"]}, **STAFFED},
        People(
            {"Ann Lee": "3"},
            departments(Ann_Lee=["Sales"], Zed=["(none)"]),
            staff_up=1,
            unlisted=1,
        ),
    ),
]


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    """One run with a project for each case."""
    return poll_once(tmp_path_factory.mktemp("departments"), *CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_everybody_has_the_departments_that_are_theirs(polled: Polled, case: Case) -> None:
    """Every sample of the people families, in text and in OpenMetrics."""
    assert people_of(polled.samples, case.name) == case.expected
    assert people_of(polled.openmetrics_samples, case.name) == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_join_with_departments_hides_nobody(polled: Polled, case: Case) -> None:
    """Whoever has a sample of any employee family has at least one department."""
    named = {
        dict(labels)["employee"]
        for (name, labels) in select_employees(polled, case.name)
        if name.startswith("ringostat_employee_")
    }
    assert named == people_of(polled.samples, case.name).departments.keys()


def select_employees(polled: Polled, project: str) -> list[tuple[str, frozenset[tuple[str, str]]]]:
    """Every series of a project that has an employee."""
    return [
        (name, labels)
        for name, labels in polled.samples
        if ("project", project) in labels and "employee" in dict(labels)
    ]


def test_who_is_hidden_is_in_no_series_at_all(polled: Polled) -> None:
    """Neither the name nor a login of somebody hidden is anywhere on the project's page."""
    for project in ("a filter hides", "who is hidden is not unlisted"):
        words = [str(labels) for _, labels in polled.samples if ("project", project) in labels]
        assert not [word for word in words if "Boss" in word or "demo_boss" in word]


def test_a_reload_changes_own_departments_and_turns_the_rest_off(tmp_path: Path) -> None:
    """Own departments hold at once; without `staff` and `sip_accounts` their families are gone."""
    answers = {**EVERYBODY, **SIP}
    first = Case("Sales", answers, {"departments": OWN, "sip_accounts": True, **STAFFED})
    then = Case("Sales", answers, {"departments": [{"name": "All", "employees": [".*"]}]})
    with live(tmp_path, first) as found:
        before = found.people("Sales")
        assert before.ids == {**IDS, "Boss Big": "1"}
        assert before.departments["Bob"] == {"Desk 1", "Desk 2"}
        assert len(before.accounts) == 4
        asked = len(found.account("Sales").times(REPORT))
        write(tmp_path, found.api.url, [then])
        found.running.send(signal.SIGHUP)
        everybody = departments(Ann_Lee=["All"], Bob=["All"], Boss_Big=["All"])
        wait_for(lambda: found.people("Sales") == People(departments=everybody), 5, "turned off")
        assert len(found.account("Sales").times(REPORT)) == asked  # of what was known already
        assert set(select(found.scrape(), "ringostat_up").values()) == {1}


def test_a_reload_that_turns_staff_on_asks_at_once(tmp_path: Path) -> None:
    """The first staff list is on the page within a moment, not at the next interval."""
    with live(tmp_path, Case("Sales", EVERYBODY)) as found:
        assert found.people("Sales").ids == {}
        write(tmp_path, found.api.url, [Case("Sales", EVERYBODY, STAFFED)])
        found.running.send(signal.SIGHUP)
        wait_for(lambda: found.people("Sales").ids == {**IDS, "Boss Big": "1"}, 5, "asked")

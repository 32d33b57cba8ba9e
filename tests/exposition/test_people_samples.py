"""Staff, departments and accounts of one snapshot, at any moment.

docs/contract.md#families-of-people.
"""

from typing import Any

import pytest

from exporter.errors import AccessForbidden
from exporter.exposition.people_families import (
    EMPLOYEE_DEPARTMENT_INFO,
    SIP_ACCOUNT_ONLINE,
    UNLISTED_EMPLOYEES,
)
from exporter.exposition.samples import sample_sets
from exporter.instant import Instant
from exporter.polling.departments import OwnDepartment, OwnDepartments
from exporter.polling.list_queries import StaffQuery
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot
from exporter.polling.window import YESTERDAY
from exporter.ringostat.names import EmployeeFilter
from tests.support.answers import NOON, later, with_report, with_sip_accounts, with_staff
from tests.support.exporting import make_spec, row

DAY = 86400.0


def shown(snapshot: ProjectSnapshot, family: object, at: Instant = NOON) -> list[tuple[str, ...]]:
    """The labels, without the project, of a family's samples that may be shown; sorted."""
    found = [
        (*labels[1:], f"{value:g}")
        for samples in sample_sets(snapshot)
        if samples.family == family and any(one.holds(at) for one in samples.lifetimes)
        for labels, value in samples.rows
    ]
    assert len(set(found)) == len(found)
    return sorted(found)


def departments(snapshot: ProjectSnapshot, at: Instant = NOON) -> list[tuple[str, str]]:
    return [
        (name, department) for name, department, _ in shown(snapshot, EMPLOYEE_DEPARTMENT_INFO, at)
    ]


def project(**changes: Any) -> ProjectSnapshot:
    return first_snapshot(make_spec(**{"staff": True, "sip_accounts": True, **changes}))


def test_everybody_of_a_shown_window_has_a_department() -> None:
    """Of each window as long as it is shown; of several windows while one of them is."""
    snapshot = project(windows=("today", "yesterday"), staff=False, stale_after=600.0)
    snapshot = with_report(snapshot, [row("Ann"), row("Bob")])
    snapshot = with_report(snapshot, [row("Bob"), row("Cyd")], YESTERDAY)
    everybody = [("Ann", "(none)"), ("Bob", "(none)"), ("Cyd", "(none)")]
    assert departments(snapshot) == everybody
    assert departments(snapshot, later(599)) == everybody
    # `today` is stale after 10 minutes, `yesterday` not before 45.
    assert departments(snapshot, later(601)) == everybody[1:]
    assert departments(snapshot, later(2701)) == []
    assert departments(snapshot, later(DAY / 2)) == []


def test_departments_of_both_sources_are_one_series_each() -> None:
    """A person in three departments has three; one that both name comes once."""
    own = OwnDepartments((OwnDepartment("Sales", ("A.*",)), OwnDepartment("VIP", ("Ann", "Bob"))))
    snapshot = with_report(project(departments=own), [row("Ann"), row("Bob"), row("Cyd")])
    entries = [
        {"staffId": 1, "fio": "Ann", "departments": ["Sales", "Night"]},
        {"staffId": 2, "fio": "Cyd"},
    ]
    assert departments(with_staff(snapshot, entries)) == [
        ("Ann", "Night"),
        ("Ann", "Sales"),
        ("Ann", "VIP"),
        ("Bob", "VIP"),
        ("Cyd", "(none)"),
    ]


def test_own_departments_need_no_staff_list() -> None:
    """Expressions look at the whole cleaned name."""
    own = OwnDepartments((OwnDepartment("VIP", ("Ann",)),))
    snapshot = with_report(project(departments=own), [row(" Ann"), row("Ann Lee")])
    assert departments(snapshot) == [("Ann", "VIP"), ("Ann Lee", "(none)")]


@pytest.mark.parametrize(
    ("windows", "number"), [(("today", "yesterday"), "1"), (("yesterday", "last_7_days"), "2")]
)
def test_unlisted_are_counted_of_today_else_of_the_first_window(
    windows: tuple[str, ...], number: str
) -> None:
    """Of those who are shown."""
    hidden = EmployeeFilter(exclude=("Bot",))
    snapshot = with_staff(project(windows=windows, shown=hidden), [{"staffId": 1, "fio": "Ann"}])
    assert shown(snapshot, UNLISTED_EMPLOYEES) == []
    rows = {"today": ["Ann", "Bob", "Bot"], "yesterday": ["Ann", "Bob", "Cyd", "Bot"]}
    for state in snapshot.windows:
        names = rows.get(state.window.name, ["Ann"])
        snapshot = with_report(snapshot, [row(name) for name in names], state.window)
    assert shown(snapshot, UNLISTED_EMPLOYEES) == [(number,)]


def accounts(snapshot: ProjectSnapshot, at: Instant = NOON) -> list[tuple[str, ...]]:
    return shown(snapshot, SIP_ACCOUNT_ONLINE, at)


def test_owners_of_accounts() -> None:
    """One owner is named; several are not, and one who is hidden hides the account."""
    entries = [
        {"staffId": 1, "fio": "Ann", "directions": ["a_ann", "a_both", "a_bot_and_ann"]},
        {"staffId": 2, "fio": "Bob", "directions": ["a_both"]},
        {"staffId": 3, "fio": "Bot", "directions": ["a_bot", "a_bot_and_ann"]},
        {"staffId": 4, "fio": "Ann", "directions": ["a_ann"]},
    ]
    snapshot = project(shown=EmployeeFilter(exclude=("Bot",)))
    every = ["a_ann", "a_both", "a_bot", "a_bot_and_ann", "a_stranger"]
    snapshot = with_sip_accounts(with_staff(snapshot, entries), every, [])
    assert accounts(snapshot) == [
        ("a_ann", "Ann", "1"),
        ("a_both", "", "1"),
        ("a_stranger", "", "1"),
    ]


def test_before_the_first_staff_list_no_account_is_shown_that_may_be_hidden() -> None:
    """With a filter; without one, or without a staff list to come, owners are empty.

    A first request for the staff list that failed tells nothing either.
    """
    hidden = EmployeeFilter(exclude=("Bot",))
    for changes, number in (
        ({"shown": hidden}, 0),
        ({}, 1),
        ({"shown": hidden, "staff": False}, 1),
    ):
        snapshot = with_sip_accounts(project(**changes), ["a_ann"], [])
        assert accounts(snapshot) == [("a_ann", "", "1")] * number
        refused = AccessForbidden("HTTP 403").problem
        assert accounts(StaffQuery().fail(snapshot, refused)) == [("a_ann", "", "1")] * number

"""The keys about people and shifts: what is wrong is one line, what is doubtful a warning.

docs/contract.md#7-people, docs/contract.md#8-shifts.
"""

from datetime import date, time
from pathlib import Path

import pytest

from exporter.config import Config, load
from exporter.errors import ConfigurationError
from exporter.polling.departments import OwnDepartment
from exporter.polling.shifts import Shift
from exporter.polling.status_rules import StatusRule

HEAD = "projects:\n- id: 1\n  auth_key: k\n  timezone: Europe/Kyiv\n"


def read(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    return load(path, {})


def test_what_is_read(tmp_path: Path) -> None:
    """Of the project, else of the defaults, a key at a time."""
    config = read(
        tmp_path,
        "defaults: {staff: true, staff_interval: 30m, departments: [{name: X, employees: [x]}],\n"
        '  holidays: [2026-12-25], shifts: [{days: sat-mon, start: "9:00", end: "24:00"}]}\n'
        f"{HEAD}"
        "  sip_accounts: true\n"
        "  departments: [{name: Sales  1, employees: ['Ann .*', Bob]}]\n"
        "  statuses: {At  lunch: {kind: break, limit: 1h}, dnd: {limit: 20m}, Walk: }\n",
    )
    (spec,) = config.projects
    assert (spec.staff, spec.staff_interval, spec.sip_accounts, spec.sip_interval) == (
        True,
        1800,
        True,
        15,
    )
    assert spec.departments.every == (OwnDepartment("Sales 1", ("Ann .*", "Bob")),)
    assert spec.statuses == (
        StatusRule("At lunch", "break", 3600.0),
        StatusRule("dnd", None, 1200.0),
        StatusRule("Walk", None, None),
    )
    assert spec.roster is not None
    assert spec.roster.shifts == (Shift(frozenset({5, 6, 0}), time(9), time(0)),)
    assert spec.roster.holidays == {date(2026, 12, 25)}
    assert spec.roster.zone.key == "Europe/Kyiv"
    assert config.requests_per_second == pytest.approx(1 / 60 + 1 / 3600 + 1 / 1800 + 2 / 15)


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("staff: maybe", "staff: must be true or false"),
        ("staff_interval: 59s", "staff_interval: must be at least 60s"),
        ("sip_interval: 4s", "sip_interval: must be at least 5s"),
        ("departments: Sales", "departments: must be a list"),
        ("departments: [Sales]", "departments[0]: must be a mapping"),
        ("departments: [{name: A}]", "departments[0].employees: is required"),
        ("departments: [{name: A, employees: []}]", "departments[0].employees: must not be empty"),
        (
            "departments: [{name: (none), employees: [x]}]",
            "departments[0].name: is what is shown of who is in no department",
        ),
        (
            "departments: [{name: A, employees: [x]}, {name: ' A', employees: [y]}]",
            "departments: has a name twice; list all of its employees in one place",
        ),
        ("shifts: [{days: mon, start: '09:00'}]", "shifts[0].end: is required"),
        (
            "shifts: [{days: mon, start: '09:00', end: '18:00', departments: []}]",
            "shifts[0].departments: must not be empty",
        ),
        (
            "shifts: [{days: mon, start: '09:00', end: '18:00', employes: [x]}]",
            'shifts[0].employes: unknown key (did you mean "employees"?)',
        ),
        ("holidays: [2026-12-25, 2026-12-25]", "holidays: has a day twice"),
        ("holidays: [Christmas]", "holidays[0]: must be a day like 2026-12-25"),
        ("statuses: [dnd]", "statuses: must be a mapping"),
        (
            "statuses: {Nap: {kind: rest}}",
            "statuses.Nap.kind: must be work, break, away or other, of a custom status",
        ),
        (
            "statuses: {Nap: {limits: 1h}}",
            'statuses.Nap.limits: unknown key (did you mean "limit"?)',
        ),
        ("statuses: {Nap: {}, 'Nap ': {}}", "statuses: has a status twice"),
        (
            "statuses: {dnd: {kind: work}}",
            "statuses: dnd is built in: its kind is known; only a limit can be given",
        ),
    ],
)
def test_every_mistake_is_one_line_with_its_place(tmp_path: Path, line: str, mistake: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(tmp_path, f"{HEAD}  {line}\n")
    assert refused.value.mistakes == (f"{tmp_path}/config.yaml:5: projects[0].{mistake}",)


def test_sip_accounts_of_several_projects_with_one_key_are_a_warning(tmp_path: Path) -> None:
    """The key alone says whose accounts are meant; without sip_accounts it may be shared."""
    entries = "".join(
        f"- {{id: {n}, auth_key: {key}, timezone: UTC, sip_accounts: {on}}}\n"
        for n, key, on in ((1, "a", "on"), (2, "a", "on"), (3, "b", "on"), (4, "a", "off"))
    )
    (warning,) = read(tmp_path, f"projects:\n{entries}").warnings
    assert warning.startswith("projects 1, 2: sip_accounts with one auth_key;")


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("sip_accounts: on\n  employees: {exclude: [x]}", "project 1: without staff nobody knows"),
        (
            "shifts: [{days: mon, start: '09:00', end: '18:00', departments: [Sales, VIP]}]\n"
            "  departments: [{name: VIP, employees: [x]}]",
            "project 1: shifts are of departments (1) that are not among its own",
        ),
    ],
)
def test_what_only_a_staff_list_could_tell_is_a_warning_without_one(
    tmp_path: Path, line: str, begins: str
) -> None:
    (warning,) = read(tmp_path, f"{HEAD}  {line}\n").warnings
    assert warning.startswith(begins)
    assert read(tmp_path, f"{HEAD}  staff: true\n  {line}\n").warnings == []

"""The documented queries by department, as a real Prometheus answers them."""

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.test_prometheus import Prometheus, prometheus
from tests.support.people_api import REPORT, STAFF, rpc
from tests.support.people_run import Case, live, person
from tests.support.processes import wait_for

SALES, NIGHT = {"id": 12, "name": "Sales"}, {"id": 15, "name": "Night desk"}
ROWS = [
    {"employee": "Ann", "online": "01:00:00", "speaking": "00:10:00"},
    {"employee": "Bob", "online": "01:00:00", "speaking": "00:01:00"},
    {"employee": "Cyd", "online": "01:00:00", "speaking": "00:00:07"},
]
STAFF_LIST = [
    person(3, "Ann", departments=[SALES]),
    person(20, "Bob", departments=[SALES, NIGHT]),
]
ON = "on (job, instance, project, employee) group_left ()"
SPEAKING = 'ringostat_employee_status_seconds{window="today", status="speaking"}'
BY_DEPARTMENT = (
    f"sum by (department) (ringostat_employee_department_info * {ON} "
    f"sum by (job, instance, project, employee) ({SPEAKING}))"
)


def picked(department: str) -> str:
    """The query that a board's filter makes."""
    info = f'ringostat_employee_department_info{{department=~"{department}"}}'
    return f"{SPEAKING} * {ON} max by (job, instance, project, employee) ({info})"


def values(server: Prometheus, expression: str, *labels: str) -> dict[Any, float]:
    """Label values -> value; two of the same labels are a failure."""
    found = server.query(expression)
    told = {
        tuple(one["metric"].get(label, "") for label in labels): float(one["value"][1])
        for one in found
    }
    assert len(told) == len(found), found
    return told


@pytest.mark.real
def test_seconds_by_department_and_the_pick_of_one(tmp_path: Path) -> None:
    """A person in two departments counts in both lines and once in the project."""
    folder = tmp_path / "prometheus"
    folder.mkdir()
    answers = {STAFF: rpc(STAFF_LIST), REPORT: rpc(ROWS)}
    with (
        live(tmp_path, Case("Kyiv", answers), staff=True) as found,
        prometheus(folder, found.address) as server,
    ):
        wait_for(lambda: server.query(BY_DEPARTMENT), 15, "scraped")
        by_department = values(server, BY_DEPARTMENT, "department")
        assert by_department == {("Sales",): 660, ("Night desk",): 60, ("(none)",): 7}
        assert values(server, f"sum by (project) ({SPEAKING})", "project") == {("Kyiv",): 667}
        assert values(server, f"sum by (project) ({picked('.*')})", "project") == {("Kyiv",): 667}
        assert values(server, picked("Sales|Night desk"), "employee") == {
            ("Ann",): 600,
            ("Bob",): 60,
        }
        assert values(server, picked("Night.*"), "employee", "project") == {("Bob", "Kyiv"): 60}
        assert values(server, picked(".*"), "employee").keys() == {("Ann",), ("Bob",), ("Cyd",)}

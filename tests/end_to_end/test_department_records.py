"""The recorded figures of departments in a real Prometheus, beside sums over the scraped page."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.end_to_end.test_prometheus import Prometheus, prometheus
from tests.support.processes import address_of, exporter, get, simulate, wait_for

Line = tuple[str, ...]  # project, department or status, and of projects the window
# Record -> whether it counts a status.
DEPARTMENTS: dict[str, Callable[[str], bool]] = {
    "department:ringostat_speaking_seconds:sum": lambda status: status == "speaking",
    "department:ringostat_available_seconds:sum": lambda status: status in ("online", "speaking"),
    "department:ringostat_present_seconds:sum": lambda status: status != "offline",
}
PROJECTS = "project_status_window:ringostat_employee_status_seconds:sum"
ZONES = {"Sales": (68861, "Europe/Kyiv"), "Support": (39071, "Asia/Tokyo")}


def write_config(folder: Path, address: str) -> Path:
    """Everybody whose name has an `a` is in a department more, so some people are in two."""
    projects = [
        {"id": number, "name": name, "auth_key": f"demo-key-{number}", "timezone": zone}
        for name, (number, zone) in ZONES.items()
    ]
    defaults = {
        "interval": "1h",  # one answer of each window, so that its figures stand still
        "windows": ["today", "yesterday"],
        "staff": True,
        "presence": False,
        "departments": [{"name": "With an a", "employees": [".*a.*"]}],
    }
    path = folder / "config.yaml"
    api = {"base_url": f"http://{address}", "requests_per_second": 50}
    path.write_text(yaml.safe_dump({"api": api, "defaults": defaults, "projects": projects}))
    return path


def samples(page: str, family: str) -> Iterator[tuple[dict[str, str], float]]:
    for metric in text_string_to_metric_families(page):
        yield from ((one.labels, one.value) for one in metric.samples if one.name == family)


def sums(page: str) -> tuple[dict[str, dict[Line, float]], dict[Line, float]]:
    """Today's seconds by record and department, somebody of two in both, and all by project."""
    departments = defaultdict(set)
    for labels, _ in samples(page, "ringostat_employee_department_info"):
        departments[labels["project"], labels["employee"]].add(labels["department"])
    of_department: dict[str, Counter[Line]] = {record: Counter() for record in DEPARTMENTS}
    of_project: Counter[Line] = Counter()
    for labels, seconds in samples(page, "ringostat_employee_status_seconds"):
        project, status, window = labels["project"], labels["status"], labels["window"]
        of_project[project, status, window] += int(seconds)
        for record, counts in DEPARTMENTS.items() if window == "today" else ():
            for department in departments[project, labels["employee"]]:
                of_department[record][project, department] += int(seconds) * counts(status)
    assert any(len(names) > 1 for names in departments.values())
    return {record: dict(lines) for record, lines in of_department.items()}, dict(of_project)


def answered(address: str) -> str | None:
    """The page, once both projects have their two windows and their staff on it."""
    page = get(address)[2].decode()
    windows = {
        (labels["project"], labels["window"])
        for labels, _ in samples(page, "ringostat_report_employees")
    }
    staff = {labels["project"] for labels, up in samples(page, "ringostat_staff_up") if up}
    return page if len(windows) == 2 * len(ZONES) and staff == set(ZONES) else None


def recorded(server: Prometheus, rule: str, *labels: str) -> dict[Line, float]:
    return {
        tuple(sample["metric"][label] for label in labels): float(sample["value"][1])
        for sample in server.query(rule)
    }


@pytest.mark.real
def test_recorded_departments_are_the_sums_over_the_people_of_the_page(tmp_path: Path) -> None:
    """Whoever is in two departments is in both lines, and once in the project's."""
    folder = tmp_path / "prometheus"
    folder.mkdir()
    with (
        simulate() as api,
        exporter(f"--config.file={write_config(tmp_path, address_of(api))}") as running,
        prometheus(folder, address_of(running)) as server,
    ):
        address = address_of(running)
        page = wait_for(lambda: answered(address), 20, "every list of every project")
        of_department, of_project = sums(page)

        def both() -> bool:
            by_department = {
                record: recorded(server, record, "project", "department") for record in DEPARTMENTS
            }
            by_project = recorded(server, PROJECTS, "project", "status", "window")
            return by_department == of_department and by_project == of_project

        wait_for(both, 20, "the recorded sums of the page")

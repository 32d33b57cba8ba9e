"""A day of a project as OpenMetrics."""

import pytest

from exporter.commands.day_metrics import check_labels, metrics_of_day, to_openmetrics
from exporter.errors import UsageError
from exporter.polling.snapshot import first_snapshot
from exporter.ringostat.names import EmployeeFilter
from tests.support.answers import with_report, with_staff
from tests.support.exporting import make_spec


@pytest.mark.parametrize(
    "name", ["project", "employee", "employee_id", "department", "status", "window", "__name__"]
)
def test_a_label_that_the_series_have_is_a_usage_error(name: str) -> None:
    """It would overwrite what tells the series apart."""
    with pytest.raises(UsageError, match=f"--label={name}=.*: the series have a label {name}"):
        check_labels({"job": "ringostat", name: "x"})


def test_any_other_label_is_taken_and_bytes_that_are_no_text_are_not() -> None:
    """What the shell hands on as invalid UTF-8 cannot be written."""
    check_labels({"job": "x", "instance": "y", "replica": "Ä\n"})
    with pytest.raises(UsageError, match="the value is not valid UTF-8"):
        check_labels({"replica": "\udcff"})


def test_a_day_has_ids_and_departments_of_its_people_and_of_nobody_else() -> None:
    """Each membership once; who is on the list and was not there is left out, as is who is hidden.

    Who is not on the list has the configuration's departments, or none.
    """
    spec = make_spec(staff=True, shown=EmployeeFilter(exclude=("Bot",)))
    staff = [
        {"staffId": 5, "fio": "Ann", "departments": [{"id": 1, "name": "Sales 1"}]},
        {"staffId": 6, "fio": "Later", "departments": [{"id": 1, "name": "Sales 1"}]},
        {"staffId": 7, "fio": "Bot", "departments": [{"id": 1, "name": "Sales 1"}]},
    ]
    rows = [{"employee": name, "online": "01:00:00"} for name in ("Ann", "Left", "Bot")]
    snapshot = with_report(with_staff(first_snapshot(spec), staff), rows)
    text = to_openmetrics(metrics_of_day(snapshot, 100, {"job": "ringostat"})).decode()
    assert [
        line
        for line in text.splitlines()
        if line.startswith("ringostat_employee_") and "_info{" in line
    ] == [
        'ringostat_employee_info{employee="Ann",employee_id="5",job="ringostat",project="Sales"}'
        " 1.0 100",
        'ringostat_employee_department_info{department="Sales 1",employee="Ann",job="ringostat",'
        'project="Sales"} 1.0 100',
        'ringostat_employee_department_info{department="(none)",employee="Left",job="ringostat",'
        'project="Sales"} 1.0 100',
    ]


def test_without_a_staff_list_everybody_has_a_department_as_in_live_scrapes() -> None:
    """So that a dashboard's filter by department hides nobody of the past."""
    snapshot = with_report(
        first_snapshot(make_spec()), [{"employee": "Ann", "online": "01:00:00"}]
    )
    names = [metric.name for metric in metrics_of_day(snapshot, 100, {})]
    assert "ringostat_employee_department" in names
    assert "ringostat_employee" not in names

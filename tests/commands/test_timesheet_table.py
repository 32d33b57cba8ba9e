"""Days of people -> wide, long and totals, worked out by hand."""

from dataclasses import replace
from datetime import date, time

from exporter.commands.timesheet_days import PersonDay
from exporter.commands.timesheet_table import Kind, Table, in_order, long, totals, wide

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
ANN = PersonDay(
    project_id=1,
    project="Sales",
    employee="Ann",
    employee_id=None,
    departments=None,
    day=FIRST,
    seconds={"dnd": 0, "offline": 32400, "online": 3600, "speaking": 60, "Nap": 5, "At lunch": 9},
    present=3674,
    arrived=time(9),
)


def heads(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def test_wide_has_a_column_a_status_with_the_built_ins_first() -> None:
    """Then what is present, and the time of arrival; of the same kind in each row."""
    table = wide([ANN])
    assert heads(table) == [
        *("project_id", "project", "employee", "date"),
        *("online", "speaking", "dnd", "offline", "At lunch", "Nap"),
        *("present", "arrived_at_the_latest"),
    ]
    assert table.rows == [
        (1, "Sales", "Ann", FIRST, 3600, 60, 0, 32400, 9, 5, 3674, time(9)),
    ]
    kinds = {column.name: column.kind for column in table.columns}
    assert kinds["date"] is Kind.DATE
    assert kinds["present"] is kinds["Nap"] is Kind.DURATION


def test_wide_has_the_built_ins_also_of_nobody() -> None:
    """The head of an empty file is that of a full one."""
    assert heads(wide([]))[4:8] == ["online", "speaking", "dnd", "offline"]


def test_columns_that_nobody_knows_are_left_out_and_others_come_in() -> None:
    """Ids, departments and schedules: for everybody where somebody has one."""
    bob = replace(ANN, employee="Bob", employee_id="5", departments="", scheduled=28800)
    table = wide([ANN, bob])
    assert heads(table)[2:6] == ["employee", "employee_id", "departments", "date"]
    assert heads(table)[-1] == "scheduled"
    assert [row[3:5] for row in table.rows] == [(None, None), ("5", "")]
    assert [row[-1] for row in table.rows] == [None, 28800]


def test_a_status_that_a_days_report_does_not_name_is_an_empty_cell() -> None:
    """Like one that cannot be read; neither is 0."""
    other = replace(ANN, day=SECOND, seconds={"online": None, "offline": 0})
    table = wide([ANN, other])
    row = dict(zip(heads(table), table.rows[1], strict=True))
    assert (row["online"], row["Nap"], row["offline"]) == (None, None, 0)


def test_long_has_a_row_a_status_and_its_unit_as_head() -> None:
    table = long([ANN], "hours")
    assert heads(table) == ["project_id", "project", "employee", "date", "status", "hours"]
    assert [row[4:] for row in table.rows] == [
        ("online", 3600),
        ("speaking", 60),
        ("dnd", 0),
        ("offline", 32400),
        ("At lunch", 9),
        ("Nap", 5),
    ]


def test_long_keeps_what_cannot_be_read_as_an_empty_cell() -> None:
    table = long([replace(ANN, seconds={"online": None})], "seconds")
    assert [row[4:] for row in table.rows] == [("online", None)]


def test_totals_are_a_row_a_person_with_the_number_of_days() -> None:
    """A status that was not named took no time; of a shift that was none likewise."""
    second = replace(ANN, day=SECOND, seconds={"online": 1, "offline": 2}, present=1)
    bob = replace(ANN, employee="Bob", scheduled=28800)
    table = totals([ANN, second, bob])
    assert heads(table) == [
        *("project_id", "project", "employee", "days"),
        *("online", "speaking", "dnd", "offline", "At lunch", "Nap", "present", "scheduled"),
    ]
    assert table.rows == [
        (1, "Sales", "Ann", 2, 3601, 60, 0, 32402, 9, 5, 3675, 0),
        (1, "Sales", "Bob", 1, 3600, 60, 0, 32400, 9, 5, 3674, 28800),
    ]


def test_a_total_of_which_a_part_is_not_known_is_not_known() -> None:
    """The other sums of the same person are."""
    second = replace(ANN, day=SECOND, seconds={"online": None, "offline": 2}, present=None)
    table = totals([ANN, second])
    row = dict(zip(heads(table), table.rows[0], strict=True))
    assert (row["online"], row["present"]) == (None, None)
    assert (row["offline"], row["Nap"], row["days"]) == (32402, 5, 2)


def test_people_of_one_name_in_two_projects_are_two() -> None:
    assert len(totals([ANN, replace(ANN, project_id=2, project="Support")]).rows) == 2


def test_a_status_called_like_a_column_has_a_head_of_its_own() -> None:
    """No two columns have one name."""
    seconds = {"present": 1, "date": 2, "date (status)": 3}
    table = wide([replace(ANN, seconds=seconds)])
    assert len(set(heads(table))) == len(heads(table))
    row = dict(zip(heads(table), table.rows[0], strict=True))
    assert row["present (status)"] == 1
    assert (row["date (status)"], row["date (status 2)"]) == (3, 2)
    assert (row["present"], row["date"]) == (3674, FIRST)


def test_rows_are_by_project_as_configured_then_person_then_date() -> None:
    days = [
        replace(ANN, project_id=project, employee=employee, day=day)
        for day in (SECOND, FIRST)
        for employee in ("bob", "Ann", "Олена", "Bob")
        for project in (1, 7)
    ]
    found = [(one.project_id, one.employee, one.day) for one in in_order(days, [7, 1])]
    names = ("Ann", "bob", "Bob", "Олена")
    assert found == [(p, name, day) for p in (7, 1) for name in names for day in (FIRST, SECOND)]

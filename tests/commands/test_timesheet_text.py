"""A timesheet as CSV, JSON and tables."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from exporter.commands.missing_day import MissingDay
from exporter.commands.timesheet_days import PersonDay
from exporter.commands.timesheet_text import Timesheet, in_csv, in_json, in_unit, table_lines
from exporter.errors import Problem
from tests.commands.test_timesheet_table import ANN, FIRST, SECOND

MISSING = MissingDay(1, "Sales", SECOND, Problem("timeout", "?", "Wait."), "no answer")


def sheet(*days: PersonDay, **changes: Any) -> Timesheet:
    values: dict[str, Any] = {
        "days": days or (ANN,),
        "missing": (),
        "dates": (FIRST, SECOND),
        "layout": "wide",
        "unit": "seconds",
    }
    return Timesheet(**(values | changes))


@pytest.mark.parametrize(
    ("seconds", "unit", "text"),
    [
        (5515, "seconds", 5515),
        (5515, "hours", 1.5319),
        (5515, "h:mm", "1:31"),
        (0, "h:mm", "0:00"),
        (359999, "h:mm", "99:59"),
        (0, "hours", 0.0),
    ],
)
def test_units(seconds: int, unit: str, text: object) -> None:
    assert in_unit(seconds, unit) == text


def test_hours_keep_every_second() -> None:
    """From four digits behind the point the seconds can be had back."""
    for seconds in (*range(200), 5515, 86399, 31 * 86400 - 1):
        assert round(float(f"{in_unit(seconds, 'hours'):.4f}") * 3600) == seconds


def test_csv_is_one_table_whose_unknown_cells_are_empty() -> None:
    """An empty cell for what is not known, 0 for none."""
    text = in_csv(sheet(replace(ANN, seconds={"online": None, "dnd": 0}, present=None)))
    head, row = text.splitlines()
    assert head == (
        "project_id,project,employee,date,online,speaking,dnd,offline,present,arrived_at_the_latest"
    )
    assert row == "1,Sales,Ann,2026-03-01,,,0,,,09:00:00"


def test_csv_in_hours_has_four_digits_behind_the_point() -> None:
    assert in_csv(sheet(unit="hours", layout="long")).splitlines()[:2] == [
        "project_id,project,employee,date,status,hours",
        "1,Sales,Ann,2026-03-01,online,1.0000",
    ]


def test_no_cell_of_csv_is_a_formula() -> None:
    """Names, departments and heads alike; the numbers stay numbers."""
    hostile = replace(ANN, employee="=1+1", departments="@x", project="+p", seconds={"-1+1": 5})
    head, row = csv.reader(io.StringIO(in_csv(sheet(hostile))))
    assert "'-1+1" in head
    assert (row[1], row[2], row[3]) == ("'+p", "'=1+1", "'@x")
    assert row[head.index("'-1+1")] == "5"


def test_json_has_rows_totals_and_what_is_missing() -> None:
    """By the names of the columns; null for what is not known."""
    days = (replace(ANN, seconds={"online": None, "dnd": 0}, present=None, arrived=time(9)),)
    found = json.loads(in_json(sheet(*days, missing=(MISSING,))))
    assert (found["from"], found["to"], found["unit"]) == ("2026-03-01", "2026-03-02", "seconds")
    (row,) = found["rows"]
    assert (row["employee"], row["online"], row["dnd"], row["present"]) == ("Ann", None, 0, None)
    assert (row["date"], row["arrived_at_the_latest"]) == ("2026-03-01", "09:00:00")
    assert found["totals"][0]["days"] == 1
    assert found["missing"] == [
        {"project_id": 1, "project": "Sales", "date": "2026-03-02", "problem": "no answer"}
    ]


def test_json_of_no_day_is_empty_lists() -> None:
    found = json.loads(in_json(sheet(days=(), dates=None)))
    assert (found["from"], found["rows"], found["totals"]) == (None, [], [])


def test_a_table_a_project_with_totals_below() -> None:
    """The project is the title, columns are aligned, hours have two digits."""
    bob = replace(ANN, project_id=2, project="Support", employee="Bob\u202e")
    lines = [line for _, line in table_lines(sheet(ANN, bob, unit="hours"))]
    titles = [line for style, line in table_lines(sheet(ANN, bob)) if style == "bold"]
    assert titles == [
        "Sales, seconds",
        "Sales, totals in seconds",
        "Support, seconds",
        "Support, totals in seconds",
    ]
    assert lines[1] == (
        "employee        date  online  speaking   dnd  offline  At lunch   Nap  present"
        "  arrived_at_the_latest"
    )
    assert lines[2] == (
        "Ann       2026-03-01    1.00      0.02  0.00     9.00      0.00  0.00     1.02"
        "               09:00:00"
    )
    assert all(line.isprintable() for line in lines)


def test_a_missing_day_is_a_line_that_says_what_to_do() -> None:
    """The staff list is named, since the day itself would be there."""
    assert MISSING.line == "Sales 2026-03-02: no answer. Wait."
    of_staff = Problem("forbidden", "?", "Check.", "getProjectStaffListAndDirections")
    assert MissingDay(1, "Sales", date(2026, 3, 1), of_staff, "HTTP 403").line == (
        "Sales 2026-03-01: staff list: HTTP 403. The key may not ask for it, or there is none; "
        "staff: false does without."
    )

"""A timesheet as a workbook, read back by another library."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from exporter.commands.output import OutputError
from exporter.commands.timesheet_days import PersonDay
from exporter.commands.timesheet_xlsx import in_xlsx
from tests.commands.test_timesheet_table import ANN, FIRST, SECOND
from tests.commands.test_timesheet_text import MISSING, sheet


@contextmanager
def book_of(content: bytes) -> Iterator[Any]:
    with closing(openpyxl.load_workbook(io.BytesIO(content))) as book:
        yield book


def records(page: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by the names of its head."""
    head, *rows = page.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_sheet_a_project_and_one_of_totals_with_frozen_heads() -> None:
    """Nothing is mixed with totals: these have a sheet of their own."""
    other = replace(ANN, project_id=2, project="Support")
    with book_of(in_xlsx(sheet(ANN, replace(ANN, day=SECOND), other))) as book:
        assert book.sheetnames == ["Sales", "Support", "Totals"]
        assert {page.freeze_panes for page in book.worksheets} == {"A2"}
        first, second = records(book["Sales"])
        assert (first["employee"], first["online"], first["project_id"]) == ("Ann", 3600, 1)
        assert first["date"] == datetime(2026, 3, 1)  # noqa: DTZ001 - a cell has no zone
        assert second["date"] == datetime(2026, 3, 2)  # noqa: DTZ001
        assert first["arrived_at_the_latest"] == time(9)
        of_ann, of_other = records(book["Totals"])
        assert (of_ann["days"], of_ann["online"], of_ann["present"]) == (2, 7200, 7348)
        assert (of_other["project"], of_other["days"]) == ("Support", 1)


def test_a_column_is_as_wide_as_its_head() -> None:
    """No head is cut off by the next one, `arrived_at_the_latest` included."""
    with book_of(in_xlsx(sheet(ANN))) as book:
        page = book["Sales"]
        heads = {cell.value: page.column_dimensions[cell.column_letter].width for cell in page[1]}
    assert heads["arrived_at_the_latest"] > 21
    assert [head for head, width in heads.items() if width <= len(head)] == []


@pytest.mark.parametrize(
    ("unit", "value", "form"),
    [
        ("seconds", 5515, "0"),
        ("hours", 5515 / 3600, "0.00"),
        ("h:mm", timedelta(seconds=5515), "[h]:mm"),
    ],
)
def test_durations_are_numbers_in_their_unit(unit: str, value: object, form: str) -> None:
    """Not texts: they can be added up, and keep their seconds."""
    day = replace(ANN, seconds={"online": 5515})
    with book_of(in_xlsx(sheet(day, unit=unit))) as book:
        head = [cell.value for cell in book["Sales"][1]]
        cell = book["Sales"][2][head.index("online")]
        assert cell.value == (pytest.approx(value) if unit == "hours" else value)
        assert cell.number_format == form


def test_what_is_not_known_is_an_empty_cell() -> None:
    day = replace(ANN, seconds={"online": None, "dnd": 0}, present=None, arrived=None)
    with book_of(in_xlsx(sheet(day))) as book:
        (row,) = records(book["Sales"])
        assert row["dnd"] == 0
        assert {row[name] for name in ("online", "present", "arrived_at_the_latest")} == {None}


HOSTILE = [
    "=1+1",
    "http://x/",
    "+1",
    "@a",
    "{=1}",
    "007",
    "a\x01\ud800\uffff",
    "x" * 200,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_every_text_is_a_text(name: str) -> None:
    """No formula, no link, no number by its looks; what XML does not have is replaced."""
    day = replace(ANN, employee=name, departments=name, seconds={name: 5})
    content = in_xlsx(sheet(day))
    with book_of(content) as book:
        (row,) = records(book["Sales"])
        shown = (
            name.replace("\x01", "\ufffd").replace("\ud800", "\ufffd").replace("\uffff", "\ufffd")
        )
        assert (row["employee"], row["departments"], row[shown]) == (shown, shown, 5)
        kinds = {cell.data_type for page in book.worksheets for row in page for cell in row}
        assert kinds <= {"s", "inlineStr", "n", "d"}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(part) for part in parts.namelist() if "worksheets/" in part]
    assert not any(re.search(rb"<f[ >]|<hyperlink", text) for text in sheets)


def test_missing_days_have_a_sheet() -> None:
    """A workbook that lacks days says so itself."""
    with book_of(in_xlsx(sheet(missing=(MISSING,)))) as book:
        assert book.sheetnames == ["Sales", "Totals", "Missing days"]
        (row,) = records(book["Missing days"])
        assert (row["project"], row["problem"]) == ("Sales", "no answer")
        assert row["date"].date() == SECOND


def test_a_project_called_like_a_sheet_of_ours_keeps_its_name() -> None:
    day = replace(ANN, project="totals")
    with book_of(in_xlsx(sheet(day))) as book:
        assert book.sheetnames == ["totals", "Totals (2)"]


def test_long_and_nobody() -> None:
    """The long layout is a sheet as well; without any day there are empty totals."""
    with book_of(in_xlsx(sheet(layout="long", unit="hours"))) as book:
        assert records(book["Sales"])[0]["hours"] == 1
    with book_of(in_xlsx(sheet(days=()))) as book:
        assert book.sheetnames == ["Totals"]


def test_more_rows_than_a_sheet_takes_go_on_in_the_next() -> None:
    """Each with the head; none is lost."""
    days: list[PersonDay] = [replace(ANN, employee=f"E{n}") for n in range(7)]
    with book_of(in_xlsx(sheet(*days), most_rows=4)) as book:
        assert book.sheetnames[:3] == ["Sales", "Sales (2)", "Sales (3)"]
        names = [row["employee"] for page in book.worksheets[:3] for row in records(page)]
        assert names == [f"E{n}" for n in range(7)]
    assert FIRST < SECOND


def test_without_a_place_for_temporary_files_it_is_one_line() -> None:
    """A read-only container without /tmp, say."""
    with pytest.raises(OutputError, match=r"^temporary files: No such file or directory$"):
        in_xlsx(sheet(), folder=Path("/proc/none"))

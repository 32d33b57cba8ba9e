"""A timesheet as CSV, as JSON, and as tables for a terminal. Pure."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from exporter.commands.cells import safe_cell
from exporter.commands.missing_day import MissingDay
from exporter.commands.text_table import align, hours_and_minutes, json_text
from exporter.commands.timesheet_days import PersonDay
from exporter.commands.timesheet_table import Cell, Column, Kind, Table, long, totals, wide
from exporter.words import one_line

SECONDS, HOURS, H_MM = "seconds", "hours", "h:mm"
UNITS = (SECONDS, HOURS, H_MM)
WIDE, LONG = "wide", "long"
LAYOUTS = (WIDE, LONG)
# 0.0001 h is 0.36 s: whole seconds can be had back.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Timesheet:
    """What is written.

    Attributes:
        days: Of everybody, in the order of the rows.
        missing: The days that could not be had.
        dates: The first and the last day that was asked for; None where there is none.
        layout: `wide` or `long`.
        unit: `seconds`, `hours` or `h:mm`.
    """

    days: Sequence[PersonDay]
    missing: Sequence[MissingDay]
    dates: tuple[date, date] | None
    layout: str
    unit: str

    def table(self) -> Table:
        """The days in the layout."""
        return long(self.days, self.unit) if self.layout == LONG else wide(self.days)

    def by_project(self) -> Iterator["Timesheet"]:
        """One of each project that has a day."""
        projects: dict[int, list[PersonDay]] = {}
        for day in self.days:
            projects.setdefault(day.project_id, []).append(day)
        for days in projects.values():
            yield Timesheet(days, (), self.dates, self.layout, self.unit)


def in_unit(seconds: int, unit: str) -> int | float | str:
    """5515 seconds -> 5515, 1.5319 or `1:31`."""
    if unit == SECONDS:
        return seconds
    return round(seconds / 3600, _DIGITS) if unit == HOURS else hours_and_minutes(seconds)


def _plain(column: Column, cell: Cell, unit: str) -> int | float | str | None:
    """A cell as JSON has it: numbers, texts, and null for what is not known."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return in_unit(cell, unit) if column.kind is Kind.DURATION else cell
    return cell.isoformat()


def in_csv(sheet: Timesheet) -> str:
    """One table with a head; what is not known is an empty cell."""
    table = sheet.table()
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(safe_cell(column.name) for column in table.columns)
    for row in table.rows:
        writer.writerow(_csv_cells(table.columns, row, sheet.unit))
    return lines.getvalue()


def _csv_cells(columns: Sequence[Column], row: Sequence[Cell], unit: str) -> Iterator[object]:
    for column, cell in zip(columns, row, strict=True):
        value = _plain(column, cell, unit)
        if isinstance(value, float):
            yield f"{value:.{_DIGITS}f}"
        elif isinstance(value, str):
            yield safe_cell(value)
        else:
            yield value


def in_json(sheet: Timesheet) -> str:
    """Rows and totals as objects by column, what they are of, and which days are missing."""
    first, last = sheet.dates or (None, None)
    return json_text(
        {
            "from": first and first.isoformat(),
            "to": last and last.isoformat(),
            "layout": sheet.layout,
            "unit": sheet.unit,
            "rows": _records(sheet.table(), sheet.unit),
            "totals": _records(totals(sheet.days), sheet.unit),
            "missing": [
                {
                    "project_id": day.project_id,
                    "project": day.project,
                    "date": day.day.isoformat(),
                    "problem": day.why,
                }
                for day in sheet.missing
            ],
        }
    )


def _records(table: Table, unit: str) -> list[dict[str, object]]:
    return [
        {
            column.name: _plain(column, cell, unit)
            for column, cell in zip(table.columns, row, strict=True)
        }
        for row in table.rows
    ]


def table_lines(sheet: Timesheet) -> Iterator[tuple[str, str]]:
    """A table a project and one of its totals, a line at a time with its style."""
    for part in sheet.by_project():
        name = part.days[0].project
        yield from _section(f"{name}, {part.unit}", part.table(), part.unit)
        yield from _section(f"{name}, totals in {part.unit}", totals(part.days), part.unit)


def _section(title: str, table: Table, unit: str) -> Iterator[tuple[str, str]]:
    # The project is in the title.
    kept = [n for n, c in enumerate(table.columns) if c.name not in ("project_id", "project")]
    columns = [table.columns[n] for n in kept]
    left = next((n for n, c in enumerate(columns) if c.kind is not Kind.TEXT), len(columns))
    names = [column.name for column in columns]
    rows = ([_shown(table.columns[n], row[n], unit) for n in kept] for row in table.rows)
    head, *body = align([[one_line(cell) for cell in row] for row in (names, *rows)], left)
    yield "bold", one_line(title)
    yield "dim", head
    yield from (("", line) for line in body)
    yield "", ""


def _shown(column: Column, cell: Cell, unit: str) -> str:
    value = _plain(column, cell, unit)
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)

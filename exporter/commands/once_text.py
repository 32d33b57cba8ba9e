"""One poll of every project as a table, as JSON and as CSV. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exporter.commands.cells import safe_cell
from exporter.commands.collation import collation_key
from exporter.commands.text_table import align, hours, json_text
from exporter.exposition.status_labels import labels_of
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import Dates
from exporter.ringostat.report import BUILT_IN
from exporter.words import one_line


@dataclass(frozen=True, slots=True)
class Table:
    """An answered window, as it is printed.

    Attributes:
        snapshot: Of the project.
        window: Its name.
        dates: The days it was asked for.
        covered_seconds: The time that the report accounts for.
        employees: Name -> status key -> seconds, of those that are shown.
        labels: Status key -> the word that is shown.
    """

    snapshot: ProjectSnapshot
    window: str
    dates: Dates
    covered_seconds: int | None
    employees: Mapping[str, Mapping[str, int]]
    labels: Mapping[str, str]


def _tables(snapshot: ProjectSnapshot) -> Iterator[Table]:
    labels = labels_of(snapshot)
    for state in snapshot.windows:
        if state.answer is not None:
            employees = snapshot.employees_of(state.answer)
            keys = {key for row in employees.values() for key in row}
            yield Table(
                snapshot,
                state.window.name,
                state.answer.period.dates,
                state.answer.report.covered_seconds,
                employees,
                {key: labels[key] for key in keys},
            )


def in_json(snapshots: list[ProjectSnapshot]) -> str:
    """A list of projects, their windows and employees; seconds."""
    projects: list[dict[str, Any]] = [
        {
            "project": snapshot.spec.name,
            "id": snapshot.spec.project_id,
            "timezone": snapshot.spec.zone.key,
            "up": bool(snapshot.up),
            "custom_statuses": {status.id: status.title for status in snapshot.catalog.value},
            "windows": [
                {
                    "window": table.window,
                    "from": table.dates.first.isoformat(),
                    "to": table.dates.last.isoformat(),
                    "covered_seconds": table.covered_seconds,
                    "employees": {
                        employee: {table.labels[key]: seconds for key, seconds in row.items()}
                        for employee, row in table.employees.items()
                    },
                }
                for table in _tables(snapshot)
            ],
        }
        for snapshot in snapshots
    ]
    return json_text(projects)


def in_csv(snapshots: list[ProjectSnapshot]) -> str:
    """One line an employee and status; seconds."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("project", "window", "from", "to", "employee", "status", "seconds"))
    for table in (table for snapshot in snapshots for table in _tables(snapshot)):
        days = (table.dates.first.isoformat(), table.dates.last.isoformat())
        for employee, row in table.employees.items():
            for key, seconds in row.items():
                names = (
                    table.snapshot.spec.name,
                    table.window,
                    *days,
                    employee,
                    table.labels[key],
                )
                writer.writerow((*(safe_cell(name) for name in names), seconds))
    return lines.getvalue()


def table_lines(snapshots: list[ProjectSnapshot]) -> Iterator[tuple[str, str]]:
    """A table per window, a line at a time with its style: hours and minutes, with totals."""
    for table in (table for snapshot in snapshots for table in _tables(snapshot)):
        first, last = table.dates.first, table.dates.last
        days = f"{first}" if first == last else f"{first} to {last}"
        head, *body, total = align(_cells(table))
        yield "bold", f"{table.snapshot.spec.name}, {table.window} ({days})"
        yield "dim", head
        yield from (("", line) for line in body)
        yield "bold", total
        yield "", ""


def _cells(table: Table) -> list[list[str]]:
    """The head, a row per employee, and the totals."""
    customs = sorted(
        table.labels.keys() - set(BUILT_IN), key=lambda key: collation_key(table.labels[key])
    )
    order = ("speaking", "online", "dnd", *customs, "offline")
    keys = [key for key in order if key in table.labels]
    rows = [
        [employee, *(hours(row.get(key)) for key in keys)]
        for employee, row in sorted(
            table.employees.items(), key=lambda item: collation_key(item[0])
        )
    ]
    totals = [hours(sum(row.get(key, 0) for row in table.employees.values())) for key in keys]
    cells = [["", *(table.labels[key] for key in keys)], *rows, ["total", *totals]]
    return [[one_line(cell) for cell in row] for row in cells]

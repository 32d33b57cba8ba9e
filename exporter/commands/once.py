"""`once`: one poll of every project, on stdout."""

import asyncio
import csv
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exporter.clock import SystemClock
from exporter.commands.cells import safe_cell
from exporter.commands.output import write_bytes, write_line, write_note
from exporter.commands.session import Polled, api_session, poll_all
from exporter.config import Config
from exporter.exposition.page import Representation
from exporter.exposition.publisher import Publisher
from exporter.exposition.rendering import Format
from exporter.exposition.status_labels import labels_of
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import Dates
from exporter.ringostat.report import BUILT_IN
from exporter.words import one_line

# Everything but line breaks that may not be printed.
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def once(config: Config, form: str, shard: tuple[int, int]) -> int:
    """Polls and prints; a line on stderr for each query that failed.

    Returns:
        The exit code: 1 if anything failed, else 0.
    """

    async def run() -> list[Polled]:
        async with api_session(config) as (client, clock):
            return await poll_all(client, config.of_shard(*shard).projects, clock)

    polled = asyncio.run(run())
    _print([project.snapshot for project in polled], form)
    failures = [failure for project in polled for failure in project.failures]
    for failure in failures:
        write_note(f"{failure.project}: {failure.title}: {failure.text}. {failure.advice}")
    return 1 if failures else 0


def _print(snapshots: list[ProjectSnapshot], form: str) -> None:
    """Tables are for people; what programs read is UTF-8 in any locale, since names are."""
    if form == "table":
        is_terminal = sys.stdout is not None and sys.stdout.isatty()
        bold, dim, plain = (_BOLD, _DIM, _PLAIN) if is_terminal else ("", "", "")
        styles = {"": ("", ""), "bold": (bold, plain), "dim": (dim, plain)}
        for style, line in table_lines(snapshots):
            write_line(line, *styles[style])
    elif form == "prometheus":
        write_bytes(asyncio.run(in_prometheus(snapshots)).encode())
    else:
        text = in_json(snapshots) if form == "json" else in_csv(snapshots)
        write_bytes(text.encode())


async def in_prometheus(snapshots: list[ProjectSnapshot]) -> str:
    """The text format, fit for node_exporter's textfile collector: no timestamps."""
    publisher = Publisher(SystemClock())
    await publisher.replace_all(snapshots)
    return publisher.page.body(Representation(Format.TEXT)).whole.decode()


@dataclass(frozen=True, slots=True)
class Table:
    """An answered window, as it is printed.

    Attributes:
        snapshot: Of the project.
        window: Its name.
        dates: The days it was asked for.
        covered_seconds: The time that the report accounts for.
        employees: Label -> status key -> seconds, of those that are shown.
        labels: Status key -> the word that is shown.
    """

    snapshot: ProjectSnapshot
    window: str
    dates: Dates
    covered_seconds: int | None
    employees: Mapping[str, Mapping[str, int]]
    labels: Mapping[str, str]


def _tables(snapshot: ProjectSnapshot) -> Iterator[Table]:
    labels, names = labels_of(snapshot), snapshot.spec.names()
    for state in snapshot.windows:
        if state.answer is not None:
            employees = snapshot.employees_of(state.answer, names)
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
    text = json.dumps(projects, ensure_ascii=False, indent=2)
    # What json leaves as it is and a terminal does not: C1 controls, direction marks, surrogates.
    return _UNPRINTABLE.sub(lambda match: json.dumps(match[0])[1:-1], text) + "\n"


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


def hours(seconds: int | None) -> str:
    """5515 -> `1:31`; nothing for 0 or what is not known, which would only be noise."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}" if seconds else ""


def table_lines(snapshots: list[ProjectSnapshot]) -> Iterator[tuple[str, str]]:
    """A table per window, a line at a time with its style: hours and minutes, with totals."""
    for table in (table for snapshot in snapshots for table in _tables(snapshot)):
        first, last = table.dates.first, table.dates.last
        days = f"{first}" if first == last else f"{first} to {last}"
        head, *body, total = _align(_cells(table))
        yield "bold", f"{table.snapshot.spec.name}, {table.window} ({days})"
        yield "dim", head
        yield from (("", line) for line in body)
        yield "bold", total
        yield "", ""


def _cells(table: Table) -> list[list[str]]:
    """The head, a row per employee, and the totals."""
    customs = sorted(table.labels.keys() - set(BUILT_IN), key=table.labels.__getitem__)
    order = ("speaking", "online", "dnd", *customs, "offline")
    keys = [key for key in order if key in table.labels]
    rows = [
        [employee, *(hours(row.get(key)) for key in keys)]
        for employee, row in sorted(table.employees.items())
    ]
    totals = [hours(sum(row.get(key, 0) for row in table.employees.values())) for key in keys]
    cells = [["", *(table.labels[key] for key in keys)], *rows, ["total", *totals]]
    return [[one_line(cell) for cell in row] for row in cells]


def _align(cells: list[list[str]]) -> list[str]:
    """Lines of columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]

"""`once`: one poll of every project, on stdout."""

import asyncio
import csv
import io
import json
import sys
from collections.abc import Iterator
from typing import Any

from exporter.clock import SystemClock
from exporter.commands.session import Polled, api_session, poll_all, specs_of
from exporter.config import Config
from exporter.exposition.chunks import Format, render
from exporter.exposition.page import Page, Representation
from exporter.exposition.samples import labels_of
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.ringostat.report import BUILT_IN

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def once(config: Config, form: str, shard: tuple[int, int]) -> int:
    """Polls and prints; a line on stderr for each question that failed.

    Returns:
        The exit code: 1 if anything failed, else 0.
    """

    async def run() -> list[Polled]:
        async with api_session(config) as (client, clock):
            return await poll_all(client, specs_of(config, shard), clock)

    polled = asyncio.run(run())
    snapshots = [one.snapshot for one in polled]
    printers = {"prometheus": in_prometheus, "json": in_json, "csv": in_csv}
    if form == "table":
        text = in_table(snapshots, colour=sys.stdout.isatty())
    else:
        text = printers[form](snapshots)
    # UTF-8 in any locale: names are not ASCII.
    sys.stdout.buffer.write(text.encode())
    sys.stdout.flush()
    for failure in (failure for one in polled for failure in one.failures):
        print(f"{failure.project}: {failure.what}: {failure.error.in_full}", file=sys.stderr)
    return 1 if any(one.failures for one in polled) else 0


def in_prometheus(snapshots: list[ProjectSnapshot]) -> str:
    """The text format, fit for node_exporter's textfile collector: no timestamps."""
    page = Page(SystemClock(), list)
    page.replace_all({one.project_id: render(one) for one in snapshots})
    return page.body(Representation(Format.TEXT)).whole.decode()


def _answers(snapshot: ProjectSnapshot) -> Iterator[tuple[str, Answer, dict[str, str]]]:
    """Each answered window: its name, the answer, and the labels of its status keys."""
    labels = labels_of(snapshot)
    for state in snapshot.windows:
        if state.answer is not None:
            keys = {key for row in state.answer.report.employees.values() for key in row}
            yield state.window.name, state.answer, {key: labels[key] for key in keys}


def in_json(snapshots: list[ProjectSnapshot]) -> str:
    """A list of projects, their windows and employees; seconds."""
    found: list[dict[str, Any]] = [
        {
            "project": snapshot.name,
            "id": snapshot.project_id,
            "timezone": snapshot.timezone,
            "up": bool(snapshot.up),
            "custom_statuses": {one.id: one.title for one in snapshot.catalog.statuses},
            "windows": [
                {
                    "window": name,
                    "from": answer.dates.first.isoformat(),
                    "to": answer.dates.last.isoformat(),
                    "covered_seconds": answer.report.covered_seconds,
                    "employees": {
                        employee: {labels[key]: seconds for key, seconds in row.items()}
                        for employee, row in answer.report.employees.items()
                    },
                }
                for name, answer, labels in _answers(snapshot)
            ],
        }
        for snapshot in snapshots
    ]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def in_csv(snapshots: list[ProjectSnapshot]) -> str:
    """One line an employee and status; seconds."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("project", "window", "from", "to", "employee", "status", "seconds"))
    for snapshot in snapshots:
        for name, answer, labels in _answers(snapshot):
            days = (answer.dates.first.isoformat(), answer.dates.last.isoformat())
            for employee, row in answer.report.employees.items():
                for key, seconds in row.items():
                    writer.writerow((snapshot.name, name, *days, employee, labels[key], seconds))
    return lines.getvalue()


def hours(seconds: int | None) -> str:
    """5515 -> `1:31`; nothing for 0 or what is not known, which would only be noise."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}" if seconds else ""


def in_table(snapshots: list[ProjectSnapshot], *, colour: bool) -> str:
    """A table a window: hours and minutes by employee and status, with totals."""
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if colour else ("", "", "")
    parts = []
    for snapshot in snapshots:
        for name, answer, labels in _answers(snapshot):
            employees = answer.report.employees
            customs = sorted(labels.keys() - set(BUILT_IN), key=labels.__getitem__)
            keys = [
                key for key in ("speaking", "online", "dnd", *customs, "offline") if key in labels
            ]
            rows = [
                [employee, *(hours(row.get(key)) for key in keys)]
                for employee, row in sorted(employees.items())
            ]
            total = [hours(sum(row.get(key, 0) for row in employees.values())) for key in keys]
            table = [["", *(labels[key] for key in keys)], *rows, ["total", *total]]
            widths = [max(len(line[n]) for line in table) for n in range(len(keys) + 1)]
            drawn = [
                "  ".join(
                    cell.ljust(width) if n == 0 else cell.rjust(width)
                    for n, (cell, width) in enumerate(zip(line, widths, strict=True))
                ).rstrip()
                for line in table
            ]
            first, last = answer.dates.first, answer.dates.last
            days = f"{first}" if first == last else f"{first} to {last}"
            parts.append(f"{bold}{snapshot.name}, {name} ({days}){plain}")
            parts.append(f"{dim}{drawn[0]}{plain}")
            parts += [*drawn[1:-1], f"{bold}{drawn[-1]}{plain}", ""]
    return "\n".join(parts)

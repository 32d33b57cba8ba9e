"""`timesheet`: hours per person and day as a file that people calculate with.

One request a project and day; the file is written once, when all days are through.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from exporter.clock import Clock
from exporter.commands.day_run import Plan, read_days
from exporter.commands.missing_day import MissingDay
from exporter.commands.output import write_bytes, write_note, write_styled
from exporter.commands.past_days import TODAYS_STAFF, PastDays
from exporter.commands.progress import Progress
from exporter.commands.session import api_session, chosen_projects
from exporter.commands.timesheet_days import PersonDay, person_days
from exporter.commands.timesheet_table import in_order
from exporter.commands.timesheet_text import Timesheet, in_csv, in_json, table_lines
from exporter.commands.whole_files import check_writable, write_whole
from exporter.config import Config
from exporter.days import Day, days_between
from exporter.errors import UsageError
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import local_date
from exporter.words import count_of


@dataclass(frozen=True, slots=True)
class Request:
    """What to write.

    Attributes:
        first: The first day, inclusive; today is each project's own.
        last: The last day, inclusive.
        projects: Names or ids; empty: all.
        form: `csv`, `xlsx`, `json` or `table`.
        output: The file; None: stdout.
        layout: `wide` or `long`.
        unit: `seconds`, `hours` or `h:mm`.
        shard: Of the projects.
    """

    first: Day
    last: Day
    projects: tuple[str, ...]
    form: str
    output: Path | None
    layout: str
    unit: str
    shard: tuple[int, int]


@dataclass(slots=True)
class _Collected:
    """What the days told.

    Attributes:
        asked: Days that were asked for, of all projects.
        to_come: Days that have not begun in their project's zone.
        running: How many of those asked for are not over.
        days: Of everybody.
        missing: Days that could not be had.
    """

    asked: list[date] = field(default_factory=list)
    to_come: int = 0
    running: int = 0
    days: list[PersonDay] = field(default_factory=list)
    missing: list[MissingDay] = field(default_factory=list)


def form_of(output: Path) -> str:
    """The format that a file's ending speaks of; CSV for any other."""
    ending = output.suffix.lower().removeprefix(".")
    return ending if ending in ("xlsx", "json") else "csv"


def timesheet(config: Config, request: Request) -> int:
    """Asks day by day, then writes; days that failed are listed at the end.

    Returns:
        The exit code: 1 if a day is missing, else 0.

    Raises:
        UsageError: A project that is not configured, or a workbook on a terminal.
        OutputError: The file or stdout cannot be written; what was there stays.
    """
    specs = chosen_projects(config.of_shard(*request.shard).projects, request.projects)
    _check_output(request)
    collected = _Collected()
    asyncio.run(_run(config, request, specs, collected))
    # A file that was whole is not replaced by one without a day.
    if len(collected.missing) < len(collected.asked) or request.output is None:
        _write(_sheet(collected, request, specs), request)
    for line in _summary(collected, request, specs):
        write_note(line)
    return 1 if collected.missing else 0


def _check_output(request: Request) -> None:
    """Finds out before the requests, which may take long, whether there is a place to write to."""
    if request.output is not None:
        check_writable(request.output)
    elif request.form == "xlsx" and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError("a workbook is no text for a terminal: give --output=FILE")


async def _run(
    config: Config, request: Request, specs: Sequence[ProjectSpec], collected: _Collected
) -> None:
    def take(_past: PastDays, _day: date, snapshot: ProjectSnapshot) -> None:
        collected.days += person_days(snapshot)

    async with AsyncExitStack() as stack:
        client, clock = await stack.enter_async_context(api_session(config))
        plans = [
            Plan(PastDays(client, clock, spec), _days(request, spec, clock, collected))
            for spec in specs
        ]
        progress = Progress(len(collected.asked), lambda: clock.now().age)
        stack.callback(progress.end_bar)
        collected.missing = await read_days(plans, take, progress)


def _days(request: Request, spec: ProjectSpec, clock: Clock, collected: _Collected) -> list[date]:
    """The days to ask for: those that have begun in the project's zone."""
    today = local_date(clock.now().wall, spec.zone)
    every = days_between(request.first, request.last, today)
    begun = [day for day in every if day <= today]
    collected.asked += begun
    collected.to_come += len(every) - len(begun)
    if today in begun:
        collected.running += 1
    return begun


def _sheet(collected: _Collected, request: Request, specs: Sequence[ProjectSpec]) -> Timesheet:
    asked = collected.asked
    return Timesheet(
        in_order(collected.days, [spec.project_id for spec in specs]),
        collected.missing,
        (min(asked), max(asked)) if asked else None,
        request.layout,
        request.unit,
    )


def _write(sheet: Timesheet, request: Request) -> None:
    if request.form == "table" and request.output is None:
        write_styled(table_lines(sheet))
        return
    content = _content(sheet, request)
    if request.output is None:
        write_bytes(content)
    else:
        write_whole(request.output, content)


def _content(sheet: Timesheet, request: Request) -> bytes:
    if request.form == "xlsx":
        from exporter.commands.timesheet_xlsx import in_xlsx  # takes a while to import

        # Names go where the file goes, and to no other disk.
        return in_xlsx(sheet, folder=request.output and request.output.parent)
    if request.form == "table":
        return "".join(f"{line}\n" for _, line in table_lines(sheet)).encode()
    return (in_json(sheet) if request.form == "json" else in_csv(sheet)).encode()


def _summary(
    collected: _Collected, request: Request, specs: Sequence[ProjectSpec]
) -> Iterator[str]:
    """What is where, what one should know of it, and what failed."""
    where = "stdout" if request.output is None else str(request.output)
    had = len(collected.asked) - len(collected.missing)
    if not had and (collected.missing or request.output is not None):
        yield f"nothing could be had; {where} was left as it is"
    else:
        days, people = count_of(had, "day"), count_of(len(collected.days), "day")
        yield f"{days} of {count_of(len(specs), 'project')} written to {where}, {people} of people"
    if collected.to_come:
        yield f"{count_of(collected.to_come, 'day')} left out: not begun yet"
    if collected.running:
        running = count_of(collected.running, "day")
        yield f"{running} not over yet: what is written ends at this moment"
    unreadable = sum(day.unreadable for day in collected.days)
    if unreadable:
        yield (
            f"{count_of(unreadable, 'day')} of people with a value that cannot be read, or is "
            "past the 64 statuses of a report: the cells are empty, and so are sums"
        )
    if any(spec.staff or spec.departments.every for spec in specs) and had:
        yield TODAYS_STAFF
    if collected.missing:
        yield (
            f"{count_of(len(collected.missing), 'day')} failed and not in it; "
            "the same command again asks for all days:"
        )
    yield from (day.line for day in collected.missing)

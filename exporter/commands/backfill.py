"""`backfill`: past days as OpenMetrics for `promtool tsdb create-blocks-from openmetrics`.

One file a project and day, whole or not at all; a day that is there is not asked again. Its
samples are what a scrape would have shown in the day's last second.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from prometheus_client.core import Metric

from exporter.clock import Clock
from exporter.commands.day_metrics import check_labels, merged, metrics_of_day, to_openmetrics
from exporter.commands.day_run import Plan, read_days
from exporter.commands.missing_day import MissingDay
from exporter.commands.output import write_bytes, write_note
from exporter.commands.past_days import TODAYS_STAFF, PastDays
from exporter.commands.progress import Progress
from exporter.commands.session import api_session, chosen_projects
from exporter.commands.whole_files import is_written, write_whole
from exporter.config import Config
from exporter.days import Day, days_between
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import Dates, bounds, local_date
from exporter.words import count_of

# Prometheus refuses to mix blocks with what its head still holds.
_RECENT_SECONDS = 3 * 3600


@dataclass(frozen=True, slots=True)
class Request:
    """What to bring in.

    Attributes:
        first: The first day, inclusive; today is each project's own.
        last: The last day, inclusive.
        projects: Names or ids; empty: all.
        output: The folder; None: stdout.
        labels: What a live scrape adds: job and instance.
        shard: Of the projects.
    """

    first: Day
    last: Day
    projects: tuple[str, ...]
    output: Path | None
    labels: dict[str, str]
    shard: tuple[int, int]


@dataclass(slots=True)
class _Outcome:
    """What became of the days.

    Attributes:
        asked: How many were asked for.
        there: How many were there already.
        recent: How many are not over for 3 hours yet.
        missing: Those that could not be had.
        to_stdout: The families of those that go to stdout, by name.
        todays_staff: Whether staff or departments are in them.
    """

    asked: int = 0
    there: int = 0
    recent: int = 0
    missing: list[MissingDay] = field(default_factory=list)
    to_stdout: dict[str, list[Metric]] = field(default_factory=dict)
    todays_staff: bool = False


def backfill(config: Config, request: Request) -> int:
    """Asks day by day and writes; days that failed are listed at the end.

    Returns:
        The exit code: 1 if a day is missing, else 0.

    Raises:
        UsageError: A project that is not configured, or a label that the series have already.
        OutputError: A file or stdout cannot be written; whole files stay.
    """
    check_labels(request.labels)
    specs = chosen_projects(config.of_shard(*request.shard).projects, request.projects)
    outcome = _Outcome(todays_staff=any(spec.staff or spec.departments.every for spec in specs))
    asyncio.run(_run(config, request, specs, outcome))
    if request.output is None:
        write_bytes(to_openmetrics([merged(metrics) for metrics in outcome.to_stdout.values()]))
    for line in _summary(outcome, request.output):
        write_note(line)
    return 1 if outcome.missing else 0


async def _run(
    config: Config, request: Request, specs: Sequence[ProjectSpec], outcome: _Outcome
) -> None:
    def take(past: PastDays, day: date, snapshot: ProjectSnapshot) -> None:
        """Writes a day, or adds it to those that go to stdout."""
        moment = int(bounds(Dates(day, day), past.spec.zone)[1]) - 1
        metrics = metrics_of_day(snapshot, moment, request.labels)
        if request.output is not None:
            path = _path(request.output, past.spec, day)
            write_whole(path, to_openmetrics(metrics))
            return
        for metric in metrics:
            outcome.to_stdout.setdefault(metric.name, []).append(metric)

    async with AsyncExitStack() as stack:
        client, clock = await stack.enter_async_context(api_session(config))
        plans = [
            Plan(PastDays(client, clock, spec), _days(request, spec, clock, outcome))
            for spec in specs
        ]
        progress = Progress(outcome.asked, lambda: clock.now().age)
        stack.callback(progress.end_bar)
        outcome.missing = await read_days(plans, take, progress)


def _days(request: Request, spec: ProjectSpec, clock: Clock, outcome: _Outcome) -> list[date]:
    """The days to ask for: over for 3 hours in the project's zone, and not there already."""
    now = clock.now().wall
    every = days_between(request.first, request.last, local_date(now, spec.zone))
    limit = now - _RECENT_SECONDS
    over = [day for day in every if bounds(Dates(day, day), spec.zone)[1] <= limit]
    folder = request.output
    days = [day for day in over if folder is None or not is_written(_path(folder, spec, day))]
    outcome.recent += len(every) - len(over)
    outcome.there += len(over) - len(days)
    outcome.asked += len(days)
    return days


def _path(folder: Path, spec: ProjectSpec, day: date) -> Path:
    return folder / str(spec.project_id) / f"{day}.om"


def _summary(outcome: _Outcome, folder: Path | None) -> Iterator[str]:
    """What is where, what was left out, what to do next, and what failed."""
    written = outcome.asked - len(outcome.missing)
    where = "to stdout" if folder is None else f"to {folder}"
    yield f"{count_of(written, 'day')} written {where}"
    if outcome.there:
        yield f"{count_of(outcome.there, 'day')} there already, not asked again"
    if outcome.recent:
        yield f"{count_of(outcome.recent, 'day')} left out: not over for 3 hours yet"
    if outcome.todays_staff and written:
        yield TODAYS_STAFF
    if folder is not None and written + outcome.there:
        yield (
            f"next: deploy/load-history.sh {folder} DATA loads them into Prometheus's data folder "
            "while it is stopped, see docs/backfill.md"
        )
    if outcome.missing:
        again = "" if folder is None else "; the same command again asks for them alone"
        yield f"{count_of(len(outcome.missing), 'day')} failed{again}:"
    yield from (day.line for day in outcome.missing)

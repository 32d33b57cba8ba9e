"""`backfill`: past days as OpenMetrics for `promtool tsdb create-blocks-from openmetrics`.

One file a project and day, whole or not at all; a day that is there is not asked again. Its
samples are what a scrape would have shown in the day's last second.
"""

import asyncio
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from prometheus_client.core import Metric

from exporter.clock import Clock
from exporter.commands.output import write_bytes, write_note, write_progress
from exporter.commands.past_days import PastDays
from exporter.commands.session import api_session, chosen_projects
from exporter.commands.whole_files import is_written, write_whole
from exporter.config import Config
from exporter.days import Day, days_between
from exporter.errors import PollError, UsageError
from exporter.exposition import metric_families
from exporter.exposition.rendering import END, Format, render_metrics
from exporter.exposition.samples import sample_sets
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import Dates, bounds, local_date
from exporter.words import one_line

# Prometheus refuses to mix blocks with what its head still holds.
_RECENT_SECONDS = 3 * 3600
_SHOWN = (
    metric_families.EMPLOYEE_STATUS_SECONDS,
    metric_families.REPORT_EMPLOYEES,
    metric_families.WINDOW_START,
    metric_families.WINDOW_END,
    metric_families.COVERED_SECONDS,
    metric_families.INCONSISTENT_EMPLOYEES,
    metric_families.DUPLICATE_EMPLOYEES,
)


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
class Progress:
    """Tells how far it is: a bar on a terminal, plain lines elsewhere."""

    total: int
    done: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: int = 0
    bar_is_open: bool = False

    def step(self, what: str, problem: str = "") -> None:
        """One day is through, well or not."""
        self.done += 1
        if problem:
            self.failed.append(f"{what}: {problem}")
        if sys.stderr is not None and sys.stderr.isatty():
            filled = 30 * self.done // self.total
            bar = "#" * filled + "." * (30 - filled)
            write_progress(f"\r[{bar}] {self.done}/{self.total} {one_line(what)}\x1b[K")
            self.bar_is_open = True
        elif self.done % 10 == 0 or self.done == self.total:
            write_note(f"{self.done} of {self.total} days")
        if self.done == self.total:
            self.end_bar()

    def end_bar(self) -> None:
        """Ends the bar's line, so that what is written next has one of its own."""
        if self.bar_is_open:
            write_progress("\n")
        self.bar_is_open = False


def to_openmetrics(metrics: Iterable[Metric]) -> bytes:
    """One exposition of these families."""
    return render_metrics(metrics, Format.OPENMETRICS) + END


def metrics_of_day(snapshot: ProjectSnapshot, moment: int, labels: dict[str, str]) -> list[Metric]:
    """The families of a day as a scrape at a Unix time would have had them."""
    metrics: dict[str, Metric] = {}
    for samples in sample_sets(snapshot):
        family = samples.family
        if family not in _SHOWN:
            continue
        metric = metrics.setdefault(family.name, Metric(family.base, family.help, family.kind))
        for values, number in sorted(samples.rows):
            own = dict(zip(family.labels, values, strict=True))
            metric.add_sample(family.name, own | labels, number, timestamp=moment)
    return [metrics[family.name] for family in _SHOWN if family.name in metrics]


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
    together: dict[str, list[Metric]] = {}
    progress = asyncio.run(_run(config, request, specs, together))
    if request.output is None:
        write_bytes(to_openmetrics([_merged(metrics) for metrics in together.values()]))
    for line in progress.failed:
        write_note(line)
    if progress.skipped:
        write_note(f"{progress.skipped} days are not over for 3 hours yet, left out")
    return 1 if progress.failed else 0


def check_labels(labels: Mapping[str, str]) -> None:
    """Whether every series can be given these labels.

    Raises:
        UsageError: The series have a label of this name, or the value is no text.
    """
    taken = {"__name__"}.union(*(family.labels for family in _SHOWN))
    for name, value in labels.items():
        if name in taken:
            raise UsageError(f"--label={name}=...: the series have a label {name} already")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise UsageError(f"--label={name}=...: the value is not valid UTF-8")


async def _run(
    config: Config,
    request: Request,
    specs: Sequence[ProjectSpec],
    together: dict[str, list[Metric]],
) -> Progress:
    async with AsyncExitStack() as stack:
        client, clock = await stack.enter_async_context(api_session(config))
        days = {spec.project_id: _days(request, spec, clock) for spec in specs}
        asked = sum(len(of_project) for of_project in days.values())
        progress = Progress(asked)
        stack.callback(progress.end_bar)
        wanted = sum(len(_wanted_days(request, spec, clock)) for spec in specs)
        progress.skipped = wanted - asked
        await asyncio.gather(
            *(
                _project(
                    PastDays(client, clock, spec),
                    days[spec.project_id],
                    request,
                    progress,
                    together,
                )
                for spec in specs
            )
        )
        return progress


def _merged(metrics: list[Metric]) -> Metric:
    """One family of many days: contiguous, as OpenMetrics wants it, and in the order of time."""
    first = metrics[0]
    whole = Metric(first.name, first.documentation, first.type)
    whole.samples = sorted(
        (sample for metric in metrics for sample in metric.samples),
        key=lambda sample: (sorted(sample.labels.items()), sample.timestamp),
    )
    return whole


def _wanted_days(request: Request, spec: ProjectSpec, clock: Clock) -> list[date]:
    return days_between(request.first, request.last, local_date(clock.now().wall, spec.zone))


def _days(request: Request, spec: ProjectSpec, clock: Clock) -> list[date]:
    """The days that have been over for 3 hours in the project's zone."""
    limit = clock.now().wall - _RECENT_SECONDS
    every = _wanted_days(request, spec, clock)
    return [day for day in every if bounds(Dates(day, day), spec.zone)[1] <= limit]


async def _project(
    past: PastDays,
    days: Sequence[date],
    request: Request,
    progress: Progress,
    together: dict[str, list[Metric]],
) -> None:
    """Writes the days of one project, or adds them to those that go to stdout."""
    spec = past.spec
    for day in days:
        path = request.output and request.output / str(spec.project_id) / f"{day}.om"
        title = f"{spec.name} {day}"
        if path is not None and is_written(path):
            progress.step(title)
            continue
        try:
            snapshot = await past.read(day)
        except PollError as error:
            progress.step(title, f"{spec.words_of(error.problem)}. {error.advice}")
            continue
        moment = int(bounds(Dates(day, day), spec.zone)[1]) - 1
        metrics = metrics_of_day(snapshot, moment, request.labels)
        if path is None:
            for metric in metrics:
                together.setdefault(metric.name, []).append(metric)
        else:
            write_whole(path, to_openmetrics(metrics))
        progress.step(title)

"""`once`: one poll of every project, on stdout."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from exporter.clock import Clock, SystemClock
from exporter.commands.once_text import in_csv, in_json, table_lines
from exporter.commands.output import write_bytes, write_note, write_styled
from exporter.commands.session import Polled, api_session, chosen_projects, poll_all, poll_project
from exporter.config import Config
from exporter.days import Day
from exporter.errors import UsageError
from exporter.exposition.page import Representation
from exporter.exposition.publisher import Publisher
from exporter.exposition.rendering import Format
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Api
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import TODAY, Window, local_date, midnight


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to print.

    Attributes:
        form: `prometheus`, `table`, `json` or `csv`.
        projects: Names or ids; empty: all.
        windows: Windows instead of the configured ones; empty: those.
        day: One day instead of any window; None: the windows.
    """

    form: str = "table"
    projects: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    day: Day | None = None


def once(config: Config, wanted: Wanted, shard: tuple[int, int]) -> int:
    """Polls and prints; a line on stderr for each query that failed.

    Returns:
        The exit code: 1 if anything failed, else 0.

    Raises:
        UsageError: A project that is not configured; a day with windows, in a format that has
            no place for it, or that has not begun.
    """
    _check(wanted)
    specs = chosen_projects(config.of_shard(*shard).projects, wanted.projects)

    async def run() -> list[Polled]:
        async with api_session(config) as (client, clock):
            if wanted.day is not None:
                return await _poll_day(client, specs, clock, wanted.day)
            windows = tuple(dict.fromkeys(wanted.windows))
            asked = [spec.with_windows(windows) if windows else spec for spec in specs]
            return await poll_all(client, asked, clock)

    polled = asyncio.run(run())
    _print([project.snapshot for project in polled], wanted.form)
    failures = [failure for project in polled for failure in project.failures]
    for failure in failures:
        write_note(f"{failure.project}: {failure.title}: {failure.text}. {failure.advice}")
    return 1 if failures else 0


def _check(wanted: Wanted) -> None:
    if wanted.day is None:
        return
    if wanted.windows:
        raise UsageError("--date and --window exclude each other")
    if wanted.form == "prometheus":
        raise UsageError(
            "--date has no series of its own in Prometheus: use backfill, or --window=today or "
            "--window=yesterday"
        )


async def _poll_day(
    client: Api, specs: Sequence[ProjectSpec], clock: Clock, day: Day
) -> list[Polled]:
    """The same poll as if it were that day: its `today`, under the name of its date."""
    now = clock.now().wall
    days = {spec.project_id: day.on(local_date(now, spec.zone)) for spec in specs}
    for spec in specs:
        wanted = days[spec.project_id]
        if midnight(wanted, spec.zone) > now:
            raise UsageError(f"--date: {wanted} has not begun in {spec.zone.key} ({spec.name})")
    return await asyncio.gather(
        *(_poll_one_day(client, spec, clock, days[spec.project_id]) for spec in specs)
    )


async def _poll_one_day(client: Api, spec: ProjectSpec, clock: Clock, day: date) -> Polled:
    # Who exists, and which accounts are online, is of now; nothing of it is printed.
    asked = replace(spec, windows=(TODAY,), staff=False, sip_accounts=False)
    polled = await poll_project(client, asked, clock, midnight(day, spec.zone))
    windows = tuple(replace(state, window=Window(str(day))) for state in polled.snapshot.windows)
    failures = [
        replace(failure, title=str(day)) if failure.title == TODAY.name else failure
        for failure in polled.failures
    ]
    return replace(polled, snapshot=replace(polled.snapshot, windows=windows), failures=failures)


def _print(snapshots: list[ProjectSnapshot], form: str) -> None:
    """Tables are for people; what programs read is UTF-8 in any locale, since names are."""
    if form == "table":
        write_styled(table_lines(snapshots))
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

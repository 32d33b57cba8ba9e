"""What staff and departments cost: a poll's CPU, and the memory of a page.

With them each of 100 people of a project has an id, two of Ringostat's departments and perhaps one
of the configuration's; a poll of the report costs more since all of that is looked at again.
"""

import asyncio
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.data import NOON, STATUSES, rows, snapshots, spec
from benchmarks.measure import running, table
from exporter.clock import SystemClock
from exporter.exposition.page import Page, Representation
from exporter.exposition.rendering import Chunks, Format, render
from exporter.instant import Instant
from exporter.polling.departments import OwnDepartment, OwnDepartments
from exporter.polling.list_queries import StaffQuery
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot
from exporter.polling.window import TODAY
from exporter.ringostat.client import RingostatClient
from exporter.ringostat.reply import InFlight, Reply
from exporter.ringostat.settings import ApiSettings
from exporter.ringostat.trust import trust_nobody

_PEOPLE, _STATUSES, _PROJECTS = 100, 10, 200
# On the clock of ages: a staff list of then is never too old.
_LATE = 1e12
_OWN = OwnDepartments((OwnDepartment("VIP", ("Anna .*", ".* Smith .*")),))


class _NullTelemetry:
    def attempted(self, _method: str, _seconds: float) -> None:
        return


def with_people(snapshot: ProjectSnapshot, names: list[str]) -> ProjectSnapshot:
    """The same project with a staff list of these people, and departments of its own."""
    of = replace(snapshot.spec, staff=True, departments=_OWN)
    entries = [
        {
            "staffId": number,
            "fio": name,
            "departments": [{"id": n, "name": f"Department {n}"} for n in (number % 5, 5)],
            "directions": [f"demo_{number}"],
        }
        for number, name in enumerate(names)
    ]
    query, at = StaffQuery(), Instant(NOON, _LATE)
    (call,) = query.calls(of, None)
    staff = Reply(call.parse(entries, NOON), at, at)
    return query.apply(replace(snapshot, spec=of), staff)


def _project(number: int, *, people: bool) -> ProjectSnapshot:
    snapshot = first_snapshot(spec(number))
    names = [row["employee"] for row in rows(_PEOPLE, _STATUSES, number)]
    return with_people(snapshot, names) if people else snapshot


async def _polls(url: str, times: int) -> tuple[float, float]:
    """CPU milliseconds of a poll of the report: without staff, and with; in turns."""
    settings = ApiSettings(url, 15.0, 8, 1e6, 8 << 20, trust_nobody(), None, "bench")
    client = RingostatClient(settings, SystemClock(), lambda: 0.5, _NullTelemetry())
    query, period = ReportQuery(TODAY), ReportQuery(TODAY).period(spec(1), NOON)
    sides: list[tuple[ProjectSnapshot, Chunks | None]] = [
        (_project(1, people=False), None),
        (_project(1, people=True), None),
    ]
    spent = [0.0, 0.0]
    for number in range(times + 10):
        if number == 10:  # warm
            spent = [0.0, 0.0]
        for side, (snapshot, shown) in enumerate(sides):
            started = time.process_time()
            answer = await query.fetch(client, snapshot.spec, period, InFlight())
            snapshot = query.apply(snapshot, answer)
            sides[side] = snapshot, render(snapshot, shown)
            spent[side] += time.process_time() - started
    await client.close()
    return spent[0] / times * 1000, spent[1] / times * 1000


def poll() -> None:
    """The report of 1,000 series, polled."""
    upstream = (sys.executable, "-m", "benchmarks.upstream", str(_PEOPLE), str(_STATUSES))
    with running(*upstream, ready="port") as (_, at):
        plain, people = asyncio.run(_polls(f"http://127.0.0.1:{at.split()[1]}", 300))
    table(
        "A whole poll with staff and departments, CPU, 1,000 series",
        [
            ("", "ms"),
            ("without", f"{plain:.2f}"),
            ("with", f"{people:.2f}"),
            ("ratio (target 1.10)", f"{people / plain:.2f}"),
        ],
    )


def _rss() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


def _held(projects: int, *, people: bool) -> Iterator[tuple[ProjectSnapshot, Chunks]]:
    for snapshot in snapshots(projects, _PEOPLE, _STATUSES):
        assert snapshot.windows[0].answer is not None
        names = list(snapshot.windows[0].answer.report.employees)
        whole = with_people(snapshot, names) if people else snapshot
        yield whole, render(whole)


def hold(kind: str) -> None:
    """Prints the growth of RSS, in bytes, and the series of employees that are on the page."""
    page = Page(SystemClock(), list)
    list(_held(2, people=kind == "people"))  # what is made once is not counted
    before = _rss()
    kept = []
    for snapshot, chunks in _held(_PROJECTS, people=kind == "people"):
        kept.append(snapshot)
        page.put(snapshot.spec.project_id, chunks)
    grown = _rss() - before
    text = page.body(Representation(Format.TEXT)).whole
    print(grown, len(re.findall(rb"\bemployee=", text)))


def memory() -> None:
    """Growth per series that has the label `employee`, each kind in a process of its own."""
    figures = {}
    for kind in ("plain", "people"):
        command = [sys.executable, "-m", "benchmarks.people", "hold", kind]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        grown, series = map(int, said.split())
        figures[kind] = grown / series, grown, series
    plain, people = figures["plain"], figures["people"]
    status_series = _PROJECTS * _PEOPLE * len(STATUSES[:_STATUSES])
    table(
        f"Memory of {status_series} status series with staff and departments",
        [
            ("", "bytes a series", "MB", "series"),
            ("without", f"{plain[0]:.0f}", f"{plain[1] / 1e6:.1f}", str(plain[2])),
            ("with", f"{people[0]:.0f}", f"{people[1] / 1e6:.1f}", str(people[2])),
            ("ratio (target 1.15)", f"{people[0] / plain[0]:.2f}", "", ""),
        ],
    )


def main() -> None:
    """Both tables; `hold plain|people` is a process that one of them measures."""
    if sys.argv[1:2] == ["hold"]:
        hold(sys.argv[2])
        return
    poll()
    memory()


if __name__ == "__main__":
    main()

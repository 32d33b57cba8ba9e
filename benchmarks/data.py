"""What is measured: projects whose people have realistic names in realistic statuses."""

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from exporter.instant import Instant
from exporter.polling.project import ProjectSpec
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import Answer, ProjectSnapshot, WindowState, first_snapshot
from exporter.polling.window import TODAY
from exporter.ringostat.key import KeySource, Secret

STATUSES = (
    "online",
    "offline",
    "dnd",
    "speaking",
    "At lunch",
    "Break",
    "On the call",
    "On the move",
    "Training",
    "Back office",
)
_FIRST = ("Olena", "Andriy", "Kateryna", "Maksym", "Anna", "James", "Sofia", "Dmytro", "Ivan")
_LAST = ("Shevchenko", "Kovalenko", "Bondarenko", "Smith", "Tkachenko", "Müller", "Boyko")
NOON = 1774440000.0  # 2026-03-25 12:00 UTC


def duration(seconds: int) -> str:
    """5515 -> `01:31:55`."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def rows(people: int, statuses: int, seed: int, later: int = 0) -> list[dict[str, str]]:
    """A report's rows as the API would send them; or so many seconds later, all of one status."""
    dice = random.Random(seed)
    return [
        {"employee": f"{dice.choice(_FIRST)} {dice.choice(_LAST)} {number}"}
        | {
            status: duration(dice.randrange(20000) + (0 if place else later))
            for place, status in enumerate(STATUSES[:statuses])
        }
        for number in range(people)
    ]


def spec(number: int, *, presence: bool = False) -> ProjectSpec:
    """Project `number`."""
    return ProjectSpec(
        project_id=number,
        name=f"Contact centre {number:04d}",
        key=KeySource(Secret("k")),
        zone=ZoneInfo("UTC"),
        windows=(TODAY,),
        interval=60.0,
        settled_interval=900.0,
        catalog_interval=3600.0,
        stale_after=1e9,
        max_employees=100_000,
        presence=presence,
    )


def polled(snapshot: ProjectSnapshot, result: object, later: int = 0) -> ProjectSnapshot:
    """The snapshot after a good answer at noon, or so many seconds later."""
    sent = Instant(NOON + later, float(later))
    query = ReportQuery(TODAY)
    period = query.period(snapshot.spec, NOON)
    (call,) = query.calls(snapshot.spec, period)
    return query.apply(snapshot, Answer(call.parse(result, sent.wall), period, sent, sent))


def lasting(snapshot: ProjectSnapshot) -> ProjectSnapshot:
    """The same, never too old and always of the right day."""
    return replace(snapshot, windows=tuple(map(_lasting_window, snapshot.windows)))


def _lasting_window(state: WindowState) -> WindowState:
    if state.answer is None:
        return state
    period = replace(state.answer.period, shown_from=-math.inf, shown_until=math.inf)
    sent = replace(state.answer.sent, age=math.inf)
    return replace(state, answer=replace(state.answer, period=period, sent=sent, received=sent))


def snapshots(
    projects: int, people: int, statuses: int, *, presence: bool = False
) -> Iterator[ProjectSnapshot]:
    """What is known after one poll of each; with presence after a second, a minute later."""
    for number in range(1, projects + 1):
        snapshot = first_snapshot(spec(number, presence=presence))
        for later in (0, 60) if presence else (0,):
            snapshot = polled(snapshot, rows(people, statuses, number, later), later)
        yield lasting(snapshot)

"""A project's snapshot -> what the status page says of it. Pure.

The page is for people; it names projects, never employees.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from exporter.exposition.status_labels import labels_of
from exporter.instant import Instant
from exporter.polling.snapshot import ProjectSnapshot, WindowState
from exporter.ringostat.report import BUILT_IN


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a project's bar: the status, its CSS class, percent of the whole, and hours."""

    status: str
    style: str
    percent: float
    hours: str


@dataclass(frozen=True, slots=True)
class View:
    """One row of the page.

    Attributes:
        name: The project.
        timezone: Its zone.
        state: `up`, `down` or `waiting`.
        problem: Why it is down, in words; empty otherwise.
        advice: What to do about that.
        age: How long ago the first window was answered well.
        next_poll: In how long it is polled again.
        employees: How many the report shows; None while none is shown.
        shares: The day by status, offline left out.
    """

    name: str
    timezone: str
    state: str
    problem: str
    advice: str
    age: str
    next_poll: str
    employees: int | None
    shares: list[Share]


def in_words(seconds: float) -> str:
    """A time as people say it: `45 s`, `12 min`, `2 h 15 min`, `3 d 4 h`."""
    whole = max(0, round(seconds))
    if whole < 120:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    if hours < 48:
        return f"{hours} h {minutes % 60} min"
    return f"{hours // 24} d {hours % 24} h"


def _shares(employees: Mapping[str, Mapping[str, int]], labels: Mapping[str, str]) -> list[Share]:
    total: Counter[str] = Counter()
    for statuses in employees.values():
        total.update(statuses)
    del total["offline"]
    whole = total.total()
    order = ["speaking", "online", "dnd", *sorted(total.keys() - {"speaking", "online", "dnd"})]
    return [
        Share(
            labels[key],
            key if key in BUILT_IN else "custom",
            round(100 * total[key] / whole, 2),
            in_words(total[key]),
        )
        for key in order
        if total[key]
    ]


def look_at(snapshot: ProjectSnapshot, now: Instant) -> View:
    """What to say of a project now."""
    first = snapshot.windows[0]
    failed = next((state for state in snapshot.windows if state.problem), None)
    employees = None
    if first.answer is not None and snapshot.lifetime_of(first).holds(now):
        employees = snapshot.employees_of(first.answer)
    due = snapshot.next_poll
    return View(
        name=snapshot.spec.name,
        timezone=snapshot.spec.zone.key,
        state={None: "waiting", True: "up", False: "down"}[snapshot.up],
        problem=_problem(failed),
        advice=failed.problem.advice if failed and failed.problem else "",
        age="never" if first.last_success is None else _ago(now.wall - first.last_success),
        next_poll="now" if due is None or due <= now.wall else f"in {in_words(due - now.wall)}",
        employees=None if employees is None else len(employees),
        shares=[] if employees is None else _shares(employees, labels_of(snapshot)),
    )


def _ago(seconds: float) -> str:
    return f"{in_words(seconds)} ago"


def _problem(failed: WindowState | None) -> str:
    return f"{failed.window.name}: {failed.problem.text}" if failed and failed.problem else ""

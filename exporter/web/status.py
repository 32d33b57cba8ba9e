"""What the status page shows of a project, made of its snapshot. Pure.

The page names projects, never employees.
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
    """A segment of a project's bar: the status, its CSS class, its percentage, and hours."""

    status: str
    style: str
    percent: float
    hours: str


@dataclass(frozen=True, slots=True)
class ProjectView:
    """What the page shows of one project.

    Attributes:
        name: The project's name.
        timezone: Its time zone.
        state: `up`, `down`, or `waiting` before the first answer.
        problem: Why it is down, in words; otherwise empty.
        advice: What the operator can do about that.
        age: How long ago the first window's newest report came.
        next_poll: The time until the next poll.
        employees: The number of employees in the report; None if no report is shown.
        shares: The day by status, without offline.
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
    """Formats a duration for people: `45 s`, `12 min`, `2 h 15 min`, `3 d 4 h`."""
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


def project_view(snapshot: ProjectSnapshot, now: Instant) -> ProjectView:
    """Returns what the page shows of a project now."""
    first = snapshot.windows[0]
    failed = next((state for state in snapshot.windows if state.problem), None)
    employees = None
    if first.answer is not None and snapshot.lifetime_of(first).holds(now):
        employees = snapshot.employees_of(first.answer)
    due = snapshot.next_poll
    return ProjectView(
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

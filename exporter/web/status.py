"""What the status page shows of a project, made of its snapshot. Pure.

The page names projects, never employees.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from exporter.exposition.status_labels import labels_of
from exporter.instant import Instant
from exporter.polling.snapshot import ProjectSnapshot, WindowState
from exporter.ringostat.names import EmployeeFilter
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


@dataclass(frozen=True, slots=True)
class DaySums:
    """A team's day: what costs time in proportion to its people.

    Attributes:
        received: When the report that it was made of had been read; None if there was none. The
            report itself would be kept in memory.
        shown: The filter that it was made with.
        employees: How many are shown.
        seconds: Status key -> seconds of all of them.
    """

    received: Instant | None
    shown: EmployeeFilter
    employees: int
    seconds: Mapping[str, int]


def sum_of_day(snapshot: ProjectSnapshot, previous: DaySums | None = None) -> DaySums:
    """The sums of the first window's report; the previous ones if they are of this very report."""
    answer, shown = snapshot.windows[0].answer, snapshot.spec.shown
    received = None if answer is None else answer.received
    if previous and (previous.received, previous.shown) == (received, shown):
        return previous
    if answer is None:
        return DaySums(None, shown, 0, {})
    employees = snapshot.employees_of(answer)
    seconds: Counter[str] = Counter()
    for statuses in employees.values():
        seconds.update(statuses)
    return DaySums(received, shown, len(employees), seconds)


def _shares(seconds: Mapping[str, int], labels: Mapping[str, str]) -> list[Share]:
    total = {key: value for key, value in seconds.items() if key != "offline" and value}
    whole = sum(total.values())
    first = [key for key in ("speaking", "online", "dnd") if key in total]
    return [
        Share(
            labels[key],
            key if key in BUILT_IN else "custom",
            round(100 * total[key] / whole, 2),
            in_words(total[key]),
        )
        for key in (*first, *sorted(total.keys() - set(first)))
    ]


def project_view(
    snapshot: ProjectSnapshot, now: Instant, day: DaySums | None = None
) -> ProjectView:
    """Returns what the page shows of a project now; `day` are its sums, if they are known."""
    first = snapshot.windows[0]
    failed = next((state for state in snapshot.windows if state.problem), None)
    shown = None
    if first.answer is not None and snapshot.lifetime_of(first).holds(now):
        shown = day or sum_of_day(snapshot)
    due = snapshot.next_poll
    return ProjectView(
        name=snapshot.spec.name,
        timezone=snapshot.spec.zone.key,
        state={None: "waiting", True: "up", False: "down"}[snapshot.up],
        problem=_problem(snapshot, failed),
        advice=failed.problem.advice if failed and failed.problem else "",
        age="never" if first.last_success is None else _ago(now.wall - first.last_success),
        next_poll="now" if due is None or due <= now.wall else f"in {in_words(due - now.wall)}",
        employees=None if shown is None else shown.employees,
        shares=[] if shown is None else _shares(shown.seconds, labels_of(snapshot)),
    )


def _ago(seconds: float) -> str:
    return f"{in_words(seconds)} ago"


def _problem(snapshot: ProjectSnapshot, failed: WindowState | None) -> str:
    if failed is None or failed.problem is None:
        return ""
    return f"{failed.window.name}: {snapshot.spec.words_of(failed.problem)}"

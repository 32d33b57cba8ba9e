"""What is known of one project now: one immutable value, and the store the two halves share.

The poll makes a new snapshot of the old one and what it learnt; a scrape sees one or the other,
never a mixture. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from exporter.clock import Instant
from exporter.polling.presence import Presence
from exporter.polling.window import Dates, Window
from exporter.ringostat.report import CustomStatus, Report


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From when until when something may be shown.

    Attributes:
        begins: Unix time; before it (the wall clock was set back) it is not the right day.
        ends: Unix time, exclusive: the midnight at which the window's dates change.
        stale: On the clock of ages, exclusive: `stale_after` past the last good answer.
    """

    begins: float
    ends: float
    stale: float

    def holds(self, now: Instant) -> bool:
        """Whether it may be shown now."""
        return self.begins <= now.wall < self.ends and now.age < self.stale

    @staticmethod
    def common(lifetimes: Iterable["Lifetime"]) -> "Lifetime":
        """The time in which all of them hold."""
        every = list(lifetimes)
        return Lifetime(
            max((one.begins for one in every), default=float("-inf")),
            min((one.ends for one in every), default=float("inf")),
            min((one.stale for one in every), default=float("inf")),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """The last good answer for a window.

    Attributes:
        report: What it said.
        dates: The days it was asked for.
        start: Unix time at which the first of them begins.
        end: Unix time at which the last of them ends, exclusive.
        sent: Unix time at which the request was sent.
        lifetime: When it may be shown.
    """

    report: Report
    dates: Dates
    start: float
    end: float
    sent: float
    lifetime: Lifetime


@dataclass(frozen=True, slots=True)
class WindowState:
    """One configured window of a project.

    Attributes:
        window: Which.
        succeeded: How its newest request ended; None before the first.
        problem: In words, why that failed.
        reason: Of that failure, one of the closed set of poll errors.
        last_success: Unix time of the last good answer; never reset.
        answer: That answer, also when it may no longer be shown.
    """

    window: Window
    succeeded: bool | None = None
    problem: str | None = None
    reason: str | None = None
    last_success: float | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class CatalogState:
    """The custom statuses of a project.

    Attributes:
        statuses: The newest catalog; kept until a newer one, for titles.
        succeeded: How the newest request for it ended; None before the first.
        stale: On the clock of ages: until when it is exposed itself.
    """

    statuses: tuple[CustomStatus, ...] = ()
    succeeded: bool | None = None
    stale: float = float("-inf")


@dataclass(frozen=True, slots=True)
class ProjectSnapshot:
    """Everything that is known of one project at one moment.

    Attributes:
        project_id: Ringostat's id; what a project *is*.
        name: The label `project`.
        timezone: IANA name of the zone whose midnight begins the day.
        windows: In the order of the configuration.
        catalog: The custom statuses.
        presence: What successive reports of `today` told; None where that is not asked for.
        statuses_stale: On the clock of ages: until when a status held is still the present one.
        poll_errors: Failed requests by (method, reason), since the process started.
        anomalies: By reason, since the process started.
        polls_skipped: Polls that fell out because the one before took too long.
        poller_restarts: How often the loop went on after a mistake of our own.
        next_poll: Unix time of the next planned poll, for the status page; None: not planned.
    """

    project_id: int
    name: str
    timezone: str
    windows: tuple[WindowState, ...]
    catalog: CatalogState = CatalogState()
    presence: Presence | None = None
    statuses_stale: float = float("-inf")
    poll_errors: Mapping[tuple[str, str], int] = field(default_factory=dict)
    anomalies: Mapping[str, int] = field(default_factory=dict)
    polls_skipped: int = 0
    poller_restarts: int = 0
    next_poll: float | None = None

    @property
    def up(self) -> bool | None:
        """Whether the newest request of every window succeeded; None before the first ones."""
        known = [state.succeeded for state in self.windows if state.succeeded is not None]
        return all(known) if known else None

    @property
    def tried(self) -> bool:
        """Whether every window was asked for at least once."""
        return all(state.succeeded is not None for state in self.windows)

    def state_of(self, window: Window) -> WindowState:
        """The state of one of its windows."""
        return next(state for state in self.windows if state.window == window)

    def with_window(self, new: WindowState) -> "ProjectSnapshot":
        """The same with one window's state replaced."""
        windows = tuple(new if one.window == new.window else one for one in self.windows)
        return replace(self, windows=windows)

    def with_error(self, method: str, reason: str) -> "ProjectSnapshot":
        """The same with one failed request more."""
        key = (method, reason)
        return replace(
            self, poll_errors={**self.poll_errors, key: self.poll_errors.get(key, 0) + 1}
        )

    def with_anomalies(self, found: Mapping[str, int]) -> "ProjectSnapshot":
        """The same with so many anomalies more."""
        total = {key: self.anomalies.get(key, 0) + n for key, n in found.items()}
        return replace(self, anomalies={**self.anomalies, **total})


class Store:
    """The newest snapshot of every project, by id, in the order of the configuration."""

    def __init__(self) -> None:
        self._snapshots: dict[int, ProjectSnapshot] = {}

    def put(self, snapshot: ProjectSnapshot) -> None:
        """Replaces the snapshot of one project."""
        self._snapshots[snapshot.project_id] = snapshot

    def replace_all(self, snapshots: Iterable[ProjectSnapshot]) -> None:
        """Replaces everything in one step."""
        self._snapshots = {snapshot.project_id: snapshot for snapshot in snapshots}

    def all(self) -> list[ProjectSnapshot]:
        """The newest snapshot of every project."""
        return list(self._snapshots.values())

"""What to poll for one project: plain values, made of the configuration. Pure."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from exporter.polling.window import Window
from exporter.ringostat.key import KeySource
from exporter.ringostat.names import EmployeeFilter

_STALE_AT_LEAST = 300.0


@dataclass(frozen=True, slots=True)
class ProjectSpec:
    """One project's part of the configuration.

    Attributes:
        project_id: Ringostat's id; what a project *is*.
        name: The label `project`.
        key: Where its key comes from.
        zone: Whose midnight begins the day.
        windows: What is asked for.
        interval: Seconds between polls of a running window.
        settled_interval: Of a window that lies wholly in the past.
        catalog_interval: Of the custom statuses.
        stale_after: Seconds for which a good answer is shown; None: by the interval.
        max_employees: A larger report is refused whole.
        presence: Whether it is told who is on what now.
        shown: Which employees are shown.
    """

    project_id: int
    name: str
    key: KeySource
    zone: ZoneInfo
    windows: tuple[Window, ...]
    interval: float
    settled_interval: float
    catalog_interval: float
    stale_after: float | None
    max_employees: int
    presence: bool = True
    shown: EmployeeFilter = field(default_factory=EmployeeFilter)

    def interval_of(self, window: Window | None) -> float:
        """Seconds between two good polls of a window, or of the catalog (None)."""
        if window is None:
            return self.catalog_interval
        return self.settled_interval if window.settled else self.interval

    def stale_after_of(self, window: Window | None) -> float:
        """Seconds after which an answer is too old to show."""
        if window is None:
            return 3 * self.catalog_interval
        default = max(3 * self.interval_of(window), _STALE_AT_LEAST)
        chosen = default if self.stale_after is None else self.stale_after
        return max(chosen, 3 * self.settled_interval) if window.settled else chosen

    def with_windows(self, windows: tuple[Window, ...]) -> "ProjectSpec":
        """The same for other windows."""
        return replace(self, windows=windows)

    def reads_like(self, other: "ProjectSpec") -> bool:
        """Whether an answer read under the other plan may still be shown under this one."""
        return (self.zone, self.shown, self.max_employees) == (
            other.zone,
            other.shown,
            other.max_employees,
        )

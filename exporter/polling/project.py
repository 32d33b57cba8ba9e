"""What to poll for one project: a plain value, which the configuration makes. Pure."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from exporter.polling.window import Window
from exporter.ringostat.key import KeySource
from exporter.ringostat.names import EmployeeFilter

_STALE_AT_LEAST = 300.0


@dataclass(frozen=True, slots=True)
class ProjectSpec:
    """What to poll for one project, and how its answers are shown.

    Attributes:
        project_id: Ringostat's id. A project *is* its id: with another name it is the same one.
        name: The value of the label `project`; unique.
        key: Where the Auth-key comes from.
        zone: The time zone whose midnight begins the project's day.
        windows: The windows to ask for; at least one, none twice.
        interval: Seconds between two polls of a window that includes today.
        settled_interval: Seconds between two polls of a window that lies wholly in the past.
        catalog_interval: Seconds between two polls of the custom statuses.
        stale_after: Seconds since the last good answer after which a window is no longer shown;
            None: derived from the window's interval, see `stale_after_of`.
        max_employees: The most rows of a report; a larger report is rejected whole.
        presence: Whether to derive who is in which status now.
        shown: The employees that are shown.
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
        """Seconds between two polls of a window, or of the catalog (None)."""
        if window is None:
            return self.catalog_interval
        return self.settled_interval if window.settled else self.interval

    def stale_after_of(self, window: Window | None) -> float:
        """Seconds for which an answer about a window, or the catalog (None), is shown.

        By default at least 5 minutes, and long enough for two failed polls; a settled window's
        is never shorter than 3 of its intervals, whatever `stale_after` says.
        """
        if window is None:
            return 3 * self.catalog_interval
        default = max(3 * self.interval_of(window), _STALE_AT_LEAST)
        chosen = default if self.stale_after is None else self.stale_after
        return max(chosen, 3 * self.settled_interval) if window.settled else chosen

    def with_windows(self, windows: tuple[Window, ...]) -> "ProjectSpec":
        """The same project with other windows."""
        return replace(self, windows=windows)

    def reads_like(self, other: "ProjectSpec") -> bool:
        """Whether an answer that was read under the other spec may be shown under this one."""
        return (self.zone, self.shown, self.max_employees) == (
            other.zone,
            other.shown,
            other.max_employees,
        )

"""What to poll for one project: plain values, made by the configuration."""

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
        windows: What is asked for, in the order of the configuration.
        interval: Seconds between polls of a running window.
        settled_interval: Seconds between polls of a window that lies wholly in the past.
        catalog_interval: Seconds between polls of the custom statuses.
        stale_after: Seconds for which a good answer is shown; None: by the window's interval.
        max_employees: A report with more rows is refused whole.
        presence: Whether to tell who is on what now.
        shown: Which employees are shown; everybody is polled.
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

    def interval_of(self, window: Window) -> float:
        """Seconds between two good polls of a window."""
        return self.settled_interval if window.settled else self.interval

    def stale_after_of(self, window: Window) -> float:
        """Seconds after which a good answer for a window is too old to show."""
        default = max(3 * self.interval_of(window), _STALE_AT_LEAST)
        chosen = default if self.stale_after is None else self.stale_after
        return max(chosen, 3 * self.settled_interval) if window.settled else chosen

    @property
    def catalog_stale_after(self) -> float:
        """Seconds after which the custom statuses are too old to show."""
        return 3 * self.catalog_interval

    def with_windows(self, windows: tuple[Window, ...]) -> "ProjectSpec":
        """The same for other windows."""
        return replace(self, windows=windows)

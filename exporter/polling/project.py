"""What to poll for one project: a plain value, which the configuration makes."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from exporter.errors import Problem
from exporter.files import FileValue
from exporter.polling.departments import OwnDepartments
from exporter.polling.roster import Roster
from exporter.polling.status_rules import StatusRule
from exporter.polling.window import Window
from exporter.ringostat.calls import ABOUT_PEOPLE
from exporter.ringostat.key import KeySource
from exporter.ringostat.names import EmployeeFilter, ShownNames
from exporter.ringostat.pseudonyms import Pseudonyms

_STALE_AT_LEAST = 300.0
_SIP_STALE_AT_LEAST = 60.0


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
        staff: Whether to ask who exists: ids, departments, SIP accounts.
        staff_interval: Seconds between two polls of that.
        sip_accounts: Whether to ask which SIP accounts are online and speak.
        sip_interval: Seconds between two polls of that.
        departments: The configuration's own, beside those that Ringostat knows.
        pseudonyms: What stands for their names; None: they stand for themselves.
        roster: Who should be here when; None where nobody has shifts.
        statuses: What the configuration says of statuses: their kinds and limits.
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
    staff: bool = False
    staff_interval: float = 3600.0
    sip_accounts: bool = False
    sip_interval: float = 15.0
    departments: OwnDepartments = field(default_factory=OwnDepartments)
    pseudonyms: FileValue[Pseudonyms] | None = None
    roster: Roster | None = None
    statuses: tuple[StatusRule, ...] = ()

    def names(self) -> ShownNames:
        """Who is shown, and under which label, now: to be asked for once in a rendering.

        The key of the pseudonyms may change at any moment; all of a rendering has one key.
        """
        pseudonyms = None if self.pseudonyms is None else self.pseudonyms.current()
        return ShownNames(self.shown, pseudonyms)

    def words_of(self, problem: Problem) -> str:
        """A failure in the words that people may read.

        What the API said of it may name somebody, so pseudonyms leave it out; and of what is asked
        about people it is left out always, since it may hold an address or a number of theirs.
        """
        about_people = problem.method in ABOUT_PEOPLE
        hidden = self.pseudonyms is not None or about_people or not problem.said
        return problem.text if hidden else f"{problem.text}: {problem.said}"

    def interval_of(self, window: Window) -> float:
        """Seconds between two polls of a window."""
        return self.settled_interval if window.settled else self.interval

    def stale_after_of(self, window: Window) -> float:
        """Seconds for which a good answer about a window is shown.

        By default at least 5 minutes, and long enough for two failed polls; a settled window's
        is never shorter than 3 of its intervals, whatever `stale_after` says.
        """
        default = max(3 * self.interval_of(window), _STALE_AT_LEAST)
        chosen = default if self.stale_after is None else self.stale_after
        return max(chosen, 3 * self.settled_interval) if window.settled else chosen

    @property
    def catalog_stale_after(self) -> float:
        """Seconds for which the custom statuses are shown after a good answer."""
        return 3 * self.catalog_interval

    @property
    def staff_stale_after(self) -> float:
        """Seconds for which the staff list is shown after a good answer."""
        return 3 * self.staff_interval

    @property
    def sip_stale_after(self) -> float:
        """Seconds for which the SIP accounts are shown after a good answer."""
        return max(3 * self.sip_interval, _SIP_STALE_AT_LEAST)

    def with_windows(self, windows: tuple[Window, ...]) -> "ProjectSpec":
        """The same project with other windows."""
        return replace(self, windows=windows)

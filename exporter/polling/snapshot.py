"""What is known of one project now: one immutable value that the two halves share.

The poll makes a new snapshot of the previous one and an answer; a scrape sees one or the other,
never a mixture. What a reload may change (the name, filters, limits, intervals) is kept in the
spec alone, so that a snapshot with another spec shows at once what the new one says. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from exporter.errors import Problem
from exporter.instant import Instant
from exporter.polling.duty import Duty, NamedToday, make_duty
from exporter.polling.lifetime import Lifetime
from exporter.polling.listing import Listing
from exporter.polling.presence import Presence
from exporter.polling.project import ProjectSpec
from exporter.polling.window import TODAY, Period, Window
from exporter.ringostat.catalog import CustomStatus
from exporter.ringostat.names import ShownNames
from exporter.ringostat.report import Report
from exporter.ringostat.sip_accounts import SipAccounts
from exporter.ringostat.staff import StaffList

# The lists of a snapshot, by their attributes.
ListName = Literal["catalog", "staff", "sip_accounts"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer for a window.

    Attributes:
        report: What it says.
        period: What was asked for.
        sent: When the request was sent.
        received: When the answer had been read.
    """

    report: Report
    period: Period
    sent: Instant
    received: Instant


@dataclass(frozen=True, slots=True)
class WindowState:
    """One configured window of a project.

    Attributes:
        window: Which.
        succeeded: How its newest request ended; None before the first.
        problem: Why that failed; None unless it did.
        last_success: Unix time of the last good answer; never reset.
        answer: That answer, also when it may no longer be shown.
    """

    window: Window
    succeeded: bool | None = None
    problem: Problem | None = None
    last_success: float | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class ProjectSnapshot:
    """Everything that is known of one project at one moment.

    Attributes:
        spec: What its part of the configuration says.
        windows: In the order of the configuration.
        catalog: The custom statuses.
        staff: Who exists; None before the first answer.
        sip_accounts: Which accounts are online and speak; likewise.
        presence: What successive reports of `today` tell; None where that is not asked for.
        poll_errors: Failed requests by (method, reason), since the process started.
        anomalies: By reason, since the process started.
        polls_skipped: Polls skipped because the previous poll took longer than the interval.
        poller_restarts: Times the poll loop recovered from an internal error.
        next_poll: Unix time of the next planned poll, for the status page; None: not planned.
        named: Whom reports named on the newest local day; None where nobody has shifts.
        duty: Who has which shifts; likewise.
        put_off: Whether the first round ended early because Ringostat asked for a pause.
        previous_up: What `up` was before a reload, for windows that were never asked for.
    """

    spec: ProjectSpec
    windows: tuple[WindowState, ...]
    catalog: Listing[tuple[CustomStatus, ...]] = field(default_factory=lambda: Listing(()))
    staff: Listing[StaffList | None] = field(default_factory=lambda: Listing(None))
    sip_accounts: Listing[SipAccounts | None] = field(default_factory=lambda: Listing(None))
    presence: Presence | None = None
    poll_errors: Mapping[tuple[str, str], int] = field(default_factory=dict)
    anomalies: Mapping[str, int] = field(default_factory=dict)
    polls_skipped: int = 0
    poller_restarts: int = 0
    next_poll: float | None = None
    named: NamedToday | None = None
    duty: Duty | None = None
    put_off: bool = False
    previous_up: bool | None = None

    @property
    def up(self) -> bool | None:
        """Whether the newest request of every window succeeded; None before the first ones."""
        known = [state.succeeded for state in self.windows if state.succeeded is not None]
        return all(known) if known else self.previous_up

    @property
    def tried(self) -> bool:
        """Whether the first round is over: every window was asked for, or Ringostat said no."""
        return self.put_off or all(state.succeeded is not None for state in self.windows)

    @property
    def presentable(self) -> bool:
        """Whether it may be shown: good answers of the first round are shown together.

        Otherwise `up` would be 1 for a project of which only some windows were asked for.
        """
        return self.tried or not self.up

    def lifetime_of(self, state: WindowState) -> Lifetime:
        """When the window's answer may be shown; never where there is none."""
        if state.answer is None:
            return Lifetime(stale=float("-inf"))
        period = state.answer.period
        stale = state.answer.received.age + self.spec.stale_after_of(state.window)
        return Lifetime(period.shown_from, period.shown_until, stale)

    def employees_of(
        self, answer: Answer, names: ShownNames | None = None
    ) -> Mapping[str, Mapping[str, int]]:
        """What an answer says of the employees that are shown, by their labels.

        Args:
            answer: The answer.
            names: Those of the rendering; the present ones where nothing else is rendered.
        """
        return (names or self.spec.names()).select(answer.report.employees)

    def state_of(self, window: Window) -> WindowState | None:
        """The state of a window; None where it is not configured."""
        return next((state for state in self.windows if state.window == window), None)

    def answer_of(self, window: Window) -> Answer | None:
        """The last good answer for a window, if there is one."""
        state = self.state_of(window)
        return state.answer if state else None

    def with_window(self, new: WindowState) -> "ProjectSnapshot":
        """The same with one window's state replaced."""
        windows = tuple(new if state.window == new.window else state for state in self.windows)
        return replace(self, windows=windows)

    def with_duty(self) -> "ProjectSnapshot":
        """The same with the shifts of everybody who is named somewhere."""
        roster, staff, own = self.spec.roster, self.staff.value, self.spec.departments
        if roster is None:
            return replace(self, duty=None, named=None) if self.duty else self
        reports = (state.answer.report.employees for state in self.windows if state.answer)
        sources = (
            *reports,
            staff.members if staff else {},
            self.named.people if self.named else (),
        )
        # In their order, since that of a set is another one each time.
        people = dict.fromkeys(name for source in sources for name in source).keys()
        if self.duty is not None and self.duty.holds(people, staff, own, roster):
            return self
        return replace(self, duty=make_duty(people, staff, own, roster))

    def list_of(self, name: ListName) -> Listing[Any]:
        """What is known of a list."""
        listing: Listing[Any] = getattr(self, name)
        return listing

    def with_list(self, name: ListName, listing: Listing[Any]) -> "ProjectSnapshot":
        """The same with what is known of one list replaced."""
        lists: dict[str, Any] = {name: listing}
        return replace(self, **lists)

    def with_error(self, method: str, reason: str) -> "ProjectSnapshot":
        """The same with one more failed request."""
        key = (method, reason)
        return replace(
            self, poll_errors={**self.poll_errors, key: self.poll_errors.get(key, 0) + 1}
        )

    def with_anomalies(self, counts: Mapping[str, int]) -> "ProjectSnapshot":
        """The same with so many more anomalies, by reason."""
        total = {key: self.anomalies.get(key, 0) + n for key, n in counts.items()}
        return replace(self, anomalies={**self.anomalies, **total})


def first_snapshot(spec: ProjectSpec) -> ProjectSnapshot:
    """What is known of a project before its first poll: who it is."""
    return ProjectSnapshot(
        spec=spec,
        windows=tuple(WindowState(window) for window in spec.windows),
        presence=_first_presence(spec),
    )


def respecified(snapshot: ProjectSnapshot, spec: ProjectSpec) -> ProjectSnapshot:
    """What stays known when a reload changes the spec of a project: everything but what changed.

    Another zone has other days, so answers and the day's facts begin anew then; how the newest
    requests ended, the time of the last success and all counters stay.
    """
    known = {state.window: state for state in snapshot.windows}
    windows = tuple(known.get(window, WindowState(window)) for window in spec.windows)
    presence = _first_presence(spec)
    if presence is not None and snapshot.presence is not None:
        presence = snapshot.presence
    known_staff = snapshot.staff if spec.staff else Listing(None)
    known_sip = snapshot.sip_accounts if spec.sip_accounts else Listing(None)
    if spec.zone != snapshot.spec.zone:
        windows = tuple(replace(state, answer=None) for state in windows)
        presence = presence and presence.without_days()
    return replace(
        snapshot,
        spec=spec,
        windows=windows,
        presence=presence,
        staff=known_staff,
        sip_accounts=known_sip,
        named=snapshot.named if spec.zone == snapshot.spec.zone else None,
        previous_up=snapshot.up,
    ).with_duty()


def _first_presence(spec: ProjectSpec) -> Presence | None:
    return Presence() if spec.presence and TODAY in spec.windows else None

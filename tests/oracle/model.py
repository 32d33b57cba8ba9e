"""The oracle: what was asked, answered and configured -> what the page must show at a moment.

Every rule stands as plainly as the contract's sentence; where the sentences leave something
open, nothing is expected of the sample (`Expected.skip`) or several values are right.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.anomalies import Anomalies
from tests.oracle.counter import Counter, counters
from tests.oracle.line import Line
from tests.oracle.polls import Poll
from tests.oracle.reading import Reading, read
from tests.oracle.seam import Instant, Settings
from tests.oracle.upness import Upness

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of the project, typed."""

    settings: Settings
    name: str
    zone: ZoneInfo
    windows: tuple[str, ...]
    interval: float
    settled_interval: float
    stale_after: float | None
    max_employees: int
    presence: bool
    include: tuple[str, ...]
    exclude: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings) -> "Config":
        """With the contract's defaults."""
        employees: dict[str, Any] = settings.get("employees", {})
        return cls(
            settings=settings,
            name=settings.get("name", "68861"),
            zone=ZoneInfo(settings.get("timezone", "UTC")),
            windows=tuple(settings.get("windows", ["today"])),
            interval=_seconds(settings.get("interval", "60s")),
            settled_interval=_seconds(settings.get("settled_interval", "900s")),
            stale_after=_seconds(settings["stale_after"]) if "stale_after" in settings else None,
            max_employees=settings.get("max_employees", 5000),
            presence=settings.get("presence", True),
            include=tuple(employees.get("include", ())),
            exclude=tuple(employees.get("exclude", ())),
        )

    def shows(self, name: str) -> bool:
        """docs/contract.md#2-configuration: "fully anchored expressions on the cleaned name"."""
        included = not self.include or any(re.fullmatch(one, name) for one in self.include)
        return included and not any(re.fullmatch(one, name) for one in self.exclude)

    def limit(self, window: str) -> float:
        """How long the last good values stay.

        docs/contract.md#2-configuration, `stale_after`:
        "default: the larger of 3 x that window's own interval and 5m;
        for a settled window never less than 3 x settled_interval".
        """
        settled = window != "today"
        own = self.settled_interval if settled else self.interval
        limit = max(3 * own, 300.0) if self.stale_after is None else self.stale_after
        return max(limit, 3 * own) if settled else limit

    def day(self, wall: float) -> date:
        """The date in the project's zone."""
        return datetime.fromtimestamp(wall, self.zone).date()

    def dates(self, window: str, wall: float) -> date:
        """The day of a window of one day."""
        return self.day(wall) - (DAY if window == "yesterday" else 0 * DAY)

    def midnight(self, day: date) -> float:
        """When the date begins."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC).timestamp()


def _seconds(text: str) -> float:
    return float(text.removesuffix("s"))


@dataclass(frozen=True, slots=True)
class Answer:
    """A report as the network gave it.

    Attributes:
        sent: When the request came to the network.
        received: When its answer was handed back.
    """

    window: str
    day: date
    sent: Instant
    received: Instant
    rows: tuple[object, ...]


@dataclass(slots=True)
class Shown:
    """The newest good answer of a window.

    Attributes:
        left: The wall clock was outside the window since: whether its samples come back when
            the clock is right again is not said.
        unsettled: A reload made `max_employees` smaller than it is: not said either.
        hidden_then: Names that a filter hid when it came, and a reload shows.
    """

    answer: Answer
    reading: Reading
    left: bool = False
    unsettled: bool = False
    hidden_then: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Oracle:
    """One process. A restart makes a new one."""

    config: Config
    windows: dict[str, Shown] = field(default_factory=dict)
    successes: dict[str, tuple[float, float]] = field(default_factory=dict)
    line: Line = field(default_factory=Line)
    # One for each reading of what the contract leaves open.
    counters: tuple[Counter, ...] = field(default_factory=counters)
    before_zone: tuple[Counter, ...] = ()
    counting_since: float | None = None
    anomalies: Anomalies = field(default_factory=Anomalies)
    up: Upness = field(default_factory=Upness)
    catalog: dict[str, str] = field(default_factory=dict)
    # Names that a filter hid when the newest report came; what is kept of those is not said.
    hidden_before: set[str] = field(default_factory=set)
    presence_open: bool = False
    zone_open: bool = False
    success_open: set[str] = field(default_factory=set)

    def answered(self, answer: Answer) -> bool:
        """A report came; whether it is a good one."""
        reading = read(answer.rows)
        # By docs/contract.md#2-configuration, `max_employees`: "a larger report is refused whole"
        refused = reading.refused or len(answer.rows) > self.config.max_employees
        self.anomalies.add(answer.rows, self.config.shows, taken=not refused)
        if refused:
            return False
        self.windows[answer.window] = Shown(answer, reading)
        walls = sorted((answer.sent.wall, answer.received.wall))
        self.successes[answer.window] = (walls[0], walls[1])
        self.success_open.discard(answer.window)
        today = answer.window == "today"
        if "today" in self.config.windows and answer.window in ("today", "yesterday"):
            if self.counting_since is None:
                self.counting_since = answer.sent.age
            # "seconds gained since the process started": a day that began before that, by the
            # clock of ages, is none that counts from 0.
            midnight = self.config.midnight(answer.day)
            began = answer.sent.age - (answer.sent.wall - midnight)
            for counter in self.counters:
                counter.add(answer.day, reading, today, watched=began >= self.counting_since)
        if today:
            self.zone_open = False
            midnight = self.config.midnight(answer.day)
            poll = Poll(str(answer.day), midnight, answer.sent, reading)
            shown = {name for name in reading.people if self.config.shows(name)}
            self.line.add(poll, self.config.interval, shown)
        return True

    def _olds(self) -> tuple[Counter, ...]:
        """What was counted before the zone changed the last time; nothing, if it never did."""
        return self.before_zone or (Counter(),)

    def clock_set(self, now: Instant) -> None:
        """The wall clock jumped."""
        for window, shown in self.windows.items():
            if self.config.dates(window, now.wall) != shown.answer.day:
                shown.left = True

    def reloaded(self, config: Config) -> None:
        """Another configuration holds from now on."""
        old, self.config = self.config, config
        everybody = {name for name, _ in self.counters[0].totals}
        everybody |= {name for shown in self.windows.values() for name in shown.reading.people}
        came = {name for name in everybody if config.shows(name) and not old.shows(name)}
        self.hidden_before |= came
        for shown in self.windows.values():
            shown.hidden_then |= came & shown.reading.people.keys()
            shown.unsettled |= len(shown.answer.rows) > config.max_employees
        if str(old.zone) != str(config.zone):
            # "one of the zone begins anew"
            self.windows.clear()
            self.line = Line()
            self.before_zone = tuple(
                one.with_totals_of(old) for one in self.counters for old in self._olds()
            )
            self.counters, self.counting_since = counters(), None
            self.zone_open = True  # until a report was counted in the new zone
        if ("today" in config.windows) != ("today" in old.windows) or (
            config.presence and not old.presence
        ):
            self.presence_open = True
        for window in set(old.windows) - set(config.windows):
            self.windows.pop(window, None)
            self.success_open.add(window)
        self.up.reloaded(config.windows)

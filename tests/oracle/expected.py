"""The samples that the contract demands at a moment, and those that it leaves open."""

from dataclasses import dataclass, field

from tests.oracle.anomalies import REASONS, UNCLEAR_REASONS
from tests.oracle.model import Config, Oracle, Shown
from tests.oracle.polls import INTERVALS, Either
from tests.oracle.presence import Status
from tests.oracle.reading import BUILT_IN, Person
from tests.oracle.seam import Instant, Key

SECONDS = "ringostat_employee_status_seconds"
STATUS = "ringostat_employee_current_status"
SINCE = "ringostat_employee_current_status_since_timestamp_seconds"
FIRST = "ringostat_employee_first_active_timestamp_seconds"
LAST = "ringostat_employee_last_active_timestamp_seconds"
TOTAL = "ringostat_employee_time_seconds_total"
UP = "ringostat_up"
SUCCESS = "ringostat_report_last_success_timestamp_seconds"
EMPLOYEES = "ringostat_report_employees"
NOW = (STATUS, SINCE, FIRST, LAST)
ANOMALIES = "ringostat_report_anomalies_total"
CHECKED = (SECONDS, *NOW, TOTAL, UP, SUCCESS, EMPLOYEES, ANOMALIES)

# So near to a limit either side of it is right; and so far may a timestamp be off.
MARGIN = 0.1


@dataclass(slots=True)
class Expected:
    """What the page must show.

    Attributes:
        samples: The values that are right for each; None is "no sample".
        ranges: Samples that lie between two values.
        open: (family, label, value): of these nothing is said. An empty label is the family.
    """

    samples: dict[Key, tuple[float | None, ...]] = field(default_factory=dict)
    ranges: dict[Key, tuple[float, float]] = field(default_factory=dict)
    open: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, family: str, labels: dict[str, str], *values: float | None) -> None:
        self.samples[family, tuple(sorted(labels.items()))] = values

    def leave_open(self, families: tuple[str, ...], label: str = "", value: str = "") -> None:
        self.open |= {(family, label, value) for family in families}

    def is_open(self, key: Key) -> bool:
        family, labels = key
        return (family, "", "") in self.open or any((family, *one) in self.open for one in labels)


def expect(oracle: Oracle, now: Instant) -> Expected:
    """Everything that is checked at this moment."""
    expected, config = Expected(), oracle.config
    for window in config.windows:
        _window(expected, oracle, window, now)
    if config.presence and "today" in config.windows:
        _total(expected, oracle)
    expected.add(UP, {"project": config.name}, *oracle.up.value(config.windows, now.age))
    for window in config.windows:
        labels = {"project": config.name, "window": window}
        if window in oracle.success_open:
            expected.leave_open((SUCCESS,), "window", window)
        elif window in oracle.successes:
            low, high = oracle.successes[window]
            key = (SUCCESS, tuple(sorted(labels.items())))
            expected.ranges[key] = (low - MARGIN, high + MARGIN)
    for reason in UNCLEAR_REASONS:
        expected.leave_open((ANOMALIES,), "reason", reason)
    for reason in REASONS:
        key = (ANOMALIES, (("project", config.name), ("reason", reason)))
        bounds = (float(oracle.anomalies.least[reason]), float(oracle.anomalies.most[reason]))
        expected.ranges[key] = bounds
    return expected


def _window(expected: Expected, oracle: Oracle, window: str, now: Instant) -> None:
    shown, config = oracle.windows.get(window), oracle.config
    if shown is None:
        return
    visible = {_visible(shown, config, window, now, shift) for shift in (-MARGIN, MARGIN)}
    if shown.left or len(visible) > 1 or shown.unsettled:
        expected.leave_open((SECONDS, EMPLOYEES), "window", window)
        if window == "today":
            expected.leave_open(NOW)
        return
    if visible == {False}:
        return
    people = {name: one for name, one in shown.reading.people.items() if config.shows(name)}
    for name, person in people.items():
        if name in shown.hidden_then:
            # Whether what a filter hid until now is shown before the next answer is not said.
            expected.leave_open((SECONDS, *NOW), "employee", name)
            continue
        _seconds(expected, oracle, shown, window, name, person)
    if any(one.lost for one in people.values()) or shown.hidden_then & people.keys():
        expected.leave_open((EMPLOYEES,), "window", window)
    expected.add(EMPLOYEES, {"project": config.name, "window": window}, float(len(people)))
    if window == "today" and config.presence:
        _now(expected, oracle, shown, people, now)


def _visible(shown: Shown, config: Config, window: str, now: Instant, shift: float) -> bool:
    """Rule 4: until `stale_after`, and "a sample of a window never outlives that window"."""
    fresh = now.age + shift - shown.answer.received.age <= config.limit(window)
    return fresh and config.dates(window, now.wall + shift) == shown.answer.day


def _seconds(
    expected: Expected, oracle: Oracle, shown: Shown, window: str, name: str, person: Person
) -> None:
    if person.unclear:
        expected.leave_open((SECONDS,), "employee", name)
    for status in shown.reading.statuses:
        seconds = person.told(status)
        if seconds is not None:  # rule 3: "A value that cannot be read gives no sample"
            title = oracle.catalog.get(status, status)
            labels = {"employee": name, "status": title, "window": window}
            expected.add(SECONDS, {"project": oracle.config.name, **labels}, float(seconds))


def _now(
    expected: Expected, oracle: Oracle, shown: Shown, people: dict[str, Person], now: Instant
) -> None:
    if oracle.presence_open:
        expected.leave_open(NOW)
        return
    # "A status ends 3.5 intervals after the poll that showed it"; a poll is when it was sent.
    left = shown.answer.sent.age + INTERVALS * oracle.config.interval - now.age
    if abs(left) < MARGIN:
        expected.leave_open((STATUS, SINCE))
    for name, person in people.items():
        labels = {"project": oracle.config.name, "employee": name}
        if name in oracle.hidden_before:
            expected.leave_open(NOW, "employee", name)
            continue
        if person.lost:  # the name is told, and nothing of it
            expected.leave_open((FIRST, LAST), "employee", name)
        if left > 0:
            _status(expected, oracle, labels, oracle.line.held.get(name, Status()))
        facts = oracle.line.facts[str(shown.answer.day), name]
        for family, fact in ((FIRST, facts.first), (LAST, facts.last)):
            if not isinstance(fact, Either):
                expected.add(family, labels, fact)
            elif fact.values:
                values = (one for one in fact.values if not isinstance(one, str))
                expected.add(family, labels, *values)
            else:
                expected.leave_open((family,), "employee", name)


def _status(expected: Expected, oracle: Oracle, labels: dict[str, str], status: Status) -> None:
    if isinstance(status.key, Either):
        expected.leave_open((SINCE,), "employee", labels["employee"])
        if not status.key.values:
            expected.leave_open((STATUS,), "employee", labels["employee"])
        for key in status.key.values:
            if key is not None:
                title = oracle.catalog.get(str(key), str(key))
                expected.add(STATUS, {**labels, "status": title}, 1.0, None)
        return
    if status.key is not None:
        title = oracle.catalog.get(status.key, status.key)
        expected.add(STATUS, {**labels, "status": title}, 1.0)
    if isinstance(status.since, Either):
        expected.leave_open((SINCE,), "employee", labels["employee"])
    else:
        expected.add(SINCE, labels, status.since)


def _total(expected: Expected, oracle: Oracle) -> None:
    if oracle.presence_open or oracle.zone_open:
        expected.leave_open((TOTAL,))
        return
    readings = oracle.counters
    plain = readings[0]
    for name in {name for one in oracle.before_zone for name, _ in one.totals}:
        if name not in plain.named:
            expected.leave_open((TOTAL,), "employee", name)
    # "it starts at 0 for the four built-ins"; others are 0 or absent until something is gained.
    keys = set(BUILT_IN).union(plain.keys, *(old.keys for old in oracle.before_zone))
    for name in {name for name, _ in plain.totals}:
        if not oracle.config.shows(name):
            continue
        counted = (*readings, *oracle.before_zone)
        # Whether there are series before the first report of `today` is not said.
        early = plain.newest is None
        if early or name in oracle.hidden_before or any(name in one.unsure for one in counted):
            expected.leave_open((TOTAL,), "employee", name)
            continue
        for key in keys:
            title = oracle.catalog.get(key, key)
            labels = {"project": oracle.config.name, "employee": name, "status": title}
            values: set[float | None] = {float(one.totals.get((name, key), 0)) for one in readings}
            if not plain.shown(name):
                expected.add(TOTAL, labels, None)
                continue
            if key not in BUILT_IN and 0.0 in values:
                values.add(None)
            # A change of zone begins anew, and all counters stay: either is right.
            olds = [one.totals.get((name, key), 0) for one in oracle.before_zone]
            values |= {one + old for one in values if one is not None for old in olds}
            expected.add(TOTAL, labels, *values)

"""Successive reports of one day -> who is on what, since when, and what they gained. Pure.

A report only says how many seconds the day has so far. What grew between two of them was held:
CONTRACT section 6 has the rules; docs/presence.md explains them with a picture. Everything is
keyed by the API's own status keys, so a new title changes nothing. Times are Unix time in
seconds; the time of a poll is when its request was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from exporter.ringostat.report import BUILT_IN, Report

OFFLINE = "offline"
# Of intervals: how old the last poll may be to be compared with, and how long a status stands
# while nothing grows. Polls keep a grid, so half an interval tells one count from the next.
GAP_INTERVALS = 3.0
_STILL = 2.5
_UNREAD = -1

Seconds = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one employee on one day.

    Attributes:
        held: The status key held at the last poll; None while it is not known.
        since: When that began; None until a change was seen.
        grew: The last poll at which one of the values had grown.
        idle: Whether the employee was seen today with no second but `offline`.
        first_active: When the employee first left `offline` today: exact, or None.
        last_active: The last moment not `offline` today, None while that is not known.
    """

    status: str | None = None
    since: float | None = None
    last_growth: float = float("-inf")
    idle: bool = False
    first_active: float | None = None
    last_active: float | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A good answer for `today`.

    Attributes:
        report: What it said.
        day: The day it was asked for.
        start: When that day begins.
        sent: When the request was sent.
        interval: Seconds between two polls.
    """

    report: Report
    day: date
    start: float
    sent: float
    interval: float


@dataclass(frozen=True, slots=True)
class Day:
    """How far the seconds of one day are counted.

    Attributes:
        marks: Employee -> status key -> the most that was seen: only what exceeds it is a gain.
        whole: Whether the day began while it was watched, so that all of its seconds count.
        doubled: Names that came more than once in the newest report: their marks are of a sum.
    """

    marks: Mapping[str, Seconds]
    whole: bool
    doubled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Presence:
    """What successive reports of one project told.

    Attributes:
        people: Employee -> what is known of the present day.
        last: The newest poll of `today`.
        days: The last two days that were seen as `today`.
        gained: Employee -> status key -> seconds gained since the process started.
        named: Employee -> the last day on which a report named them.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    last: Poll | None = None
    days: Mapping[date, Day] = field(default_factory=dict)
    gained: Mapping[str, Seconds] = field(default_factory=dict)
    named: Mapping[str, date] = field(default_factory=dict)

    def without_days(self) -> "Presence":
        """What stays when days are other days from now on: the gains."""
        return Presence(gained=self.gained, named=self.named)


def observe_today(before: Presence, poll: Poll) -> Presence:
    """After a good answer for `today`, whose day is not over."""
    last = before.last
    compared = (
        last is not None
        and last.day == poll.day
        and 0 < poll.sent - last.sent <= GAP_INTERVALS * poll.interval
    )
    same_day = last is not None and last.day == poll.day
    keys = (_keys(last.report) if last is not None else frozenset(), _keys(poll.report))
    people = {
        name: observe_employee(
            before.people.get(name, Person()) if same_day else Person(),
            name,
            poll,
            last if compared else None,
            keys,
        )
        for name in poll.report.employees
    }
    return replace(add_gains(before, poll.report, poll.day), people=people, last=poll)


def _keys(report: Report) -> frozenset[str]:
    """Every status that the report has a value of."""
    return frozenset(BUILT_IN).union(*report.employees.values())


def observe_employee(
    person: Person,
    name: str,
    poll: Poll,
    last: Poll | None,
    keys: tuple[frozenset[str], frozenset[str]],
) -> Person:
    """One employee, compared with the poll before; None: there is none to compare with."""
    values = poll.report.employees[name]
    if name in poll.report.duplicates:
        return Person()  # two people in one row: neither's status can be told
    person = _first_active(person, values, poll.start)
    if last is None or name not in last.report.employees or name in last.report.duplicates:
        return replace(person, status=None, since=None)
    grown = _grown(last.report.employees[name], keys, values)
    if grown is None:
        return replace(person, status=None, since=None)
    if not grown:
        still = poll.sent - person.last_growth <= _STILL * poll.interval
        return person if still else replace(person, status=None, since=None)
    held, since = _held(person, grown, last.sent, poll.sent)
    if since is None and not any(values[key] for key in values.keys() - {held}):
        since = poll.start
    return replace(
        person,
        status=held,
        since=since,
        last_growth=poll.sent,
        last_active=_last_active(person, held, since, grown, poll.sent),
    )


def _grown(
    old: Seconds, keys: tuple[frozenset[str], frozenset[str]], values: Seconds
) -> dict[str, int] | None:
    """What each status gained since the report before; None where a value could not be read.

    `keys` are all of the report before, and all of this one: a key that a report does not have
    stands at 0, one that it has and not for this employee was unreadable.
    """
    if keys[0] - old.keys() or keys[1] - values.keys():
        return None
    return {key: gain for key, n in values.items() if (gain := n - old.get(key, 0)) > 0}


def _held(
    person: Person, grown: Mapping[str, int], last_sent: float, sent: float
) -> tuple[str, float | None]:
    """The status held at a poll, and when it began."""
    if len(grown) == 1:
        (held,) = grown
        if held == person.status:
            return held, person.since
        return held, None if person.status is None else last_sent
    if len(grown) == 2 and person.status is not None and person.status in grown:
        (held,) = grown.keys() - {person.status}
        return held, last_sent + grown[person.status]
    others = {key: gain for key, gain in grown.items() if key != person.status}
    held = min(others, key=lambda key: (-others[key], key))
    # The API counts until it answers, a little after the request was sent.
    return held, max(last_sent, sent - others[held])


def _first_active(person: Person, values: Seconds, start: float) -> Person:
    """Takes down when the employee first left `offline`, if that can be told exactly."""
    if person.first_active is not None or OFFLINE not in values:
        return person
    if not any(seconds for key, seconds in values.items() if key != OFFLINE):
        return replace(person, idle=True)
    if person.idle or values[OFFLINE] == 0:
        return replace(person, first_active=start + values[OFFLINE])
    return person


def _last_active(
    person: Person, held: str, since: float | None, grown: Mapping[str, int], sent: float
) -> float | None:
    """The last moment not `offline`: the poll's while active, else when `offline` began."""
    if held != OFFLINE:
        return sent
    was_active = any(key != OFFLINE for key in grown) or person.status not in (None, OFFLINE)
    return since if was_active else person.last_active


def add_gains(before: Presence, report: Report, day: date) -> Presence:
    """Adds what a report of a day tells beyond that day's marks.

    The first report of the process is the baseline; the baseline of a later day is 0 if the day
    before was seen, and its first report otherwise.
    """
    whole = day - timedelta(days=1) in before.days
    known = before.days.get(day, Day({}, whole))
    keys = _keys(report)
    marks, gained = dict(known.marks), dict(before.gained)
    for name, values in report.employees.items():
        mark = known.marks.get(name)
        if mark is None:
            mark = {} if known.whole else _baseline(values, keys)
        elif (name in report.duplicates) != (name in known.doubled):
            mark = _baseline(values, keys)  # another person's seconds came or went
        gains = {key: _beyond(mark.get(key, 0), n) for key, n in values.items()}
        total = gained.get(name, dict.fromkeys(BUILT_IN, 0))
        gained[name] = {key: total.get(key, 0) + gains.get(key, 0) for key in {**total, **gains}}
        marks[name] = {**mark, **{key: max(mark.get(key, 0), n) for key, n in values.items()}}
    days = {**before.days, day: Day(marks, known.whole, report.duplicates)}
    newest = max(days)
    named = {**before.named, **{n: max(day, before.named.get(n, day)) for n in report.employees}}
    staying = {name for name, last in named.items() if last >= newest - timedelta(days=1)}
    return replace(
        before,
        days={one: days[one] for one in days if one >= newest - timedelta(days=1)},
        gained={name: gained[name] for name in gained if name in staying},
        named={name: named[name] for name in named if name in staying},
    )


def _baseline(values: Seconds, keys: frozenset[str]) -> Seconds:
    """Marks at which nothing counts yet; what could not be read waits for its first value."""
    return {key: values.get(key, _UNREAD) for key in keys}


def _beyond(mark: int, seconds: int) -> int:
    return 0 if mark == _UNREAD else max(0, seconds - mark)


def count_settled(before: Presence, report: Report, day: date) -> Presence:
    """Adds the rest of a day that was seen as `today`, from an answer for `yesterday`."""
    return add_gains(before, report, day) if day in before.days else before

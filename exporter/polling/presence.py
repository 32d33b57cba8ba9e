"""Successive reports of a project -> who is on what, since when, and what they gained. Pure.

Kept by day, so that a clock that was days ahead for one poll costs that poll and nothing else:
the days that were seen last stay as they are, and a day that was seen under a wrong clock begins
anew when it comes. The present day is the newest report's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from exporter.instant import Instant
from exporter.polling.employee_day import EmployeeDay, Poll, observe_employee
from exporter.polling.gains import Marks, Seconds, count_report, with_reported_zeros
from exporter.ringostat.report import Report

# Of intervals: how old the previous poll may be to be compared with, and how long after a poll
# its statuses stand. Polls keep a grid, so this
# means: at most 3 intervals.
GAP_INTERVALS = 3.5
# The newest report's day, the two before and the one after.
_DAYS_KEPT = 4
# A day that comes again under a clock that was set by more than this was seen falsely.
_FALSE_CLOCK_SECONDS = 43_200.0
# After another day's report the newest poll is kept so long, in case the clock was wrong.
_POLLS_KEPT_SECONDS = 900.0
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What the configuration says of presence.

    Attributes:
        interval: Seconds between two polls of `today`.
        max_names: How many names are tracked per day.
    """

    interval: float
    max_names: int


@dataclass(frozen=True, slots=True)
class DayRecord:
    """What is known of one local day.

    Attributes:
        seen: When the newest report of it was asked for.
        marks: How far its seconds are counted.
        last: The newest poll of it as `today`; None where only `yesterday` told of it.
        people: Employee -> what is known of the day.
    """

    seen: Instant
    marks: Marks
    last: Poll | None = None
    people: Mapping[str, EmployeeDay] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Presence:
    """What successive reports of one project tell.

    Attributes:
        present: The day of the newest report of `today`; before the first, of any report.
        days: The days that were seen last.
        gained: Employee -> status key -> seconds gained since the process started.
        since: On the clock of ages, when the first report was asked for.
        forgotten: Days that were counted and whose marks are gone: none of them counts from 0.
        over_limit: Names that were not tracked in the newest report, because there are too many.
    """

    present: date | None = None
    days: Mapping[date, DayRecord] = field(default_factory=dict)
    gained: Mapping[str, Seconds] = field(default_factory=dict)
    since: float | None = None
    forgotten: frozenset[date] = frozenset()
    over_limit: int = 0

    @property
    def newest(self) -> Poll | None:
        """The newest poll of the present day."""
        day = self.days.get(self.present) if self.present else None
        return day.last if day else None

    @property
    def people(self) -> Mapping[str, EmployeeDay]:
        """What is known of the present day, of whom its newest report names."""
        poll = self.newest
        if poll is None or self.present is None:
            return {}
        people, named = self.days[self.present].people, poll.report.employees
        return {name: person for name, person in people.items() if name in named}

    @property
    def counted(self) -> Mapping[str, Seconds]:
        """What was gained by whom one of the last two local days names."""
        if self.present is None:
            return {}
        days = [self.days[day] for day in (self.present, self.present - _DAY) if day in self.days]
        names = set[str]().union(*(day.marks.seconds for day in days))
        return {name: total for name, total in self.gained.items() if name in names}

    def without_days(self) -> "Presence":
        """What stays when days are other days from now on: the gains."""
        return Presence(gained=self.gained)


def observe_today(presence: Presence, poll: Poll, day: date, limits: Limits) -> Presence:
    """After a good answer for `today`, whose day is not over."""
    entered = _enter(presence, poll, day, as_today=True)
    known = entered.days[day]
    previous = known.last
    gap = GAP_INTERVALS * limits.interval
    if previous is not None and not 0 < poll.sent.age - previous.sent.age <= gap:
        previous = None
    counted = _count(entered, day, poll.report, poll.sent, limits)
    tracked, marks = counted.days[day].marks.seconds, known.marks.seconds
    people = {name: person.without_status() for name, person in known.people.items()}
    for name in poll.report.employees:
        if name in tracked:
            before = known.people.get(name)
            mark = None if before is None else marks.get(name)  # `yesterday` tells of no moments
            people[name] = observe_employee(before or EmployeeDay(), name, poll, previous, mark)
    observed = replace(counted.days[day], last=poll, people=people)
    days = _without_old_polls({**counted.days, day: observed}, day, poll.sent)
    return replace(counted, present=day, days=days)


def count_only(presence: Presence, poll: Poll, day: date, limits: Limits) -> Presence:
    """After an answer for `today` that midnight overtook, or one for `yesterday`.

    Its seconds count; it changes nobody's current status.
    """
    entered = _enter(presence, poll, day)
    counted = _count(entered, day, poll.report, poll.sent, limits)
    return replace(counted, present=presence.present or day)


def _enter(presence: Presence, poll: Poll, day: date, *, as_today: bool = False) -> Presence:
    """Returns the presence with an entry for the report's day."""
    sent = poll.sent
    since = sent.age if presence.since is None else presence.since
    known, comes_again = presence.days.get(day), as_today and day != presence.present
    # On the clock of ages, so that a wall clock that was wrong at the start does not matter.
    began_watched = sent.age - (sent.wall - poll.day_start) >= since
    counted = day in presence.forgotten
    from_zero = began_watched and day - _DAY in presence.days and not counted
    if known is None:
        known = DayRecord(sent, Marks(from_zero=from_zero))
    elif comes_again:
        if _false(known.seen, sent):
            known = _uncontradicted(known, poll.report)
        if from_zero:
            known = replace(known, marks=with_reported_zeros(known.marks))
    return replace(presence, since=since, days={**presence.days, day: known})


def _uncontradicted(day: DayRecord, report: Report) -> DayRecord:
    """A day that was seen under a wrong clock, without what its own report contradicts.

    Seconds of a day only grow, so whoever has fewer now was seen on another day.
    """
    false = {
        name
        for name, values in report.employees.items()
        if any(
            number < day.marks.seconds.get(name, {}).get(key, 0) for key, number in values.items()
        )
    }
    seconds = {name: mark for name, mark in day.marks.seconds.items() if name not in false}
    people = {name: person for name, person in day.people.items() if name not in false}
    return replace(day, marks=replace(day.marks, seconds=seconds), people=people)


def _false(seen: Instant, now: Instant) -> bool:
    """Whether the wall clock was set by so much since that it showed a different day then."""
    return abs((now.wall - seen.wall) - (now.age - seen.age)) > _FALSE_CLOCK_SECONDS


def _count(
    presence: Presence, day: date, report: Report, sent: Instant, limits: Limits
) -> Presence:
    known = presence.days[day]
    counted = count_report(known.marks, presence.gained, report, limits.max_names)
    days = {**presence.days, day: replace(known, seen=sent, marks=counted.marks)}
    after = replace(presence, days=days, gained=counted.gained, over_limit=counted.over_limit)
    return _without_oldest(after) if len(days) > _DAYS_KEPT else after


def _without_oldest(presence: Presence) -> Presence:
    """The same without the days that were seen least lately, and who was named on those alone."""
    by_age = sorted(presence.days.items(), key=lambda item: item[1].seen.age)
    kept = dict(by_age[-_DAYS_KEPT:])
    names = set[str]().union(*(record.marks.seconds for record in kept.values()))
    return replace(
        presence,
        days=kept,
        gained={name: total for name, total in presence.gained.items() if name in names},
        forgotten=presence.forgotten | (presence.days.keys() - kept.keys()),
    )


def _without_old_polls(
    days: Mapping[date, DayRecord], present: date, now: Instant
) -> dict[date, DayRecord]:
    """The days without the polls that nothing will be compared with any more."""
    return {
        day: _closed(known)
        if day != present
        and known.last is not None
        and now.age - known.last.sent.age > _POLLS_KEPT_SECONDS
        else known
        for day, known in days.items()
    }


def _closed(day: DayRecord) -> DayRecord:
    """A day that is unlikely to be the present day again; first and last active stay known."""
    people = {
        name: person.without_status()
        for name, person in day.people.items()
        if person.first_active is not None or person.last_active is not None
    }
    return replace(day, last=None, people=people)

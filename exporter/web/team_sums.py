"""What costs time in proportion to a team's people: its day, and who is on what. Pure.

Kept from one rendering to the next, while what it was made of is the newest.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from exporter.instant import Instant
from exporter.polling.snapshot import ProjectSnapshot
from exporter.ringostat.names import EmployeeFilter


@dataclass(frozen=True, slots=True)
class DaySums:
    """A team's day.

    Attributes:
        received: When the report that it was made of had been read; None if there was none. The
            report itself would be kept in memory.
        shown: The filter that it was made with.
        employees: How many are shown.
        seconds: Status key -> seconds of all of them.
    """

    received: Instant | None
    shown: EmployeeFilter
    employees: int
    seconds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NowSums:
    """How many are on what.

    Attributes:
        sent: When the poll that it was made of was sent; None if nothing is known of now.
        shown: The filter that it was made with.
        people: Status key -> how many are on it; None -> of how many it is not known.
    """

    sent: Instant | None
    shown: EmployeeFilter
    people: Mapping[str | None, int]


@dataclass(frozen=True, slots=True)
class TeamSums:
    """Both of a project."""

    day: DaySums
    now: NowSums


def sum_of_team(snapshot: ProjectSnapshot, previous: TeamSums | None = None) -> TeamSums:
    """The sums of a project; the previous ones as far as they are of what is the newest."""
    return TeamSums(
        sum_of_day(snapshot, previous.day if previous else None),
        sum_of_now(snapshot, previous.now if previous else None),
    )


def sum_of_day(snapshot: ProjectSnapshot, previous: DaySums | None = None) -> DaySums:
    """The sums of the first window's report; the previous ones if they are of this very report."""
    answer, shown = snapshot.windows[0].answer, snapshot.spec.shown
    received = None if answer is None else answer.received
    if previous and (previous.received, previous.shown) == (received, shown):
        return previous
    if answer is None:
        return DaySums(None, shown, 0, {})
    employees = snapshot.employees_of(answer)
    seconds: Counter[str] = Counter()
    for statuses in employees.values():
        seconds.update(statuses)
    return DaySums(received, shown, len(employees), seconds)


def sum_of_now(snapshot: ProjectSnapshot, previous: NowSums | None = None) -> NowSums:
    """Who is on what at the newest poll of `today`; likewise. Who is hidden does not count."""
    presence, names = snapshot.presence, snapshot.spec.names()
    newest = None if presence is None else presence.newest
    if presence is None or newest is None:
        return NowSums(None, names.shown, {})
    if previous and (previous.sent, previous.shown) == (newest.sent, names.shown):
        return previous
    people = Counter(
        person.status for name, person in presence.people.items() if names.shows(name)
    )
    return NowSums(newest.sent, names.shown, people)

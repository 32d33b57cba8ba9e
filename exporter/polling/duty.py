"""Who has a shift: everybody who is named somewhere, grouped by their shifts. Pure.

Rules: docs/contract.md#8-shifts. The groups change with people, departments and configuration,
and not with the clock: they are kept with the snapshot, and made anew where one of those changed.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from exporter.polling.departments import OwnDepartments
from exporter.polling.people import departments_of
from exporter.polling.roster import Group, Roster
from exporter.ringostat.staff import StaffList


@dataclass(frozen=True, slots=True)
class NamedToday:
    """Whom reports named on one local day: they keep their shifts through an outage.

    Attributes:
        day: The day in the project's zone.
        people: Cleaned names.
    """

    day: date
    people: frozenset[str]

    @staticmethod
    def of(day: date, people: Set[str]) -> "NamedToday":
        """Who is named by the first report of a day."""
        return NamedToday(day, frozenset(people))

    def with_people(self, day: date, people: Set[str]) -> "NamedToday":
        """The same with more people; another day begins anew."""
        if day != self.day:
            return NamedToday.of(day, people)
        return self if people <= self.people else NamedToday(day, self.people | people)


@dataclass(frozen=True, slots=True)
class Duty:
    """People in groups by their shifts.

    Attributes:
        people: Everybody who is named somewhere.
        staff: Where their departments come from, beside the configuration.
        own: The configuration's departments.
        roster: The shifts.
        groups: Who of them has which shifts; who has none on any day is in no group.
    """

    people: Set[str]
    staff: StaffList | None
    own: OwnDepartments
    roster: Roster
    groups: tuple[Group, ...]

    def holds(
        self, people: Set[str], staff: StaffList | None, own: OwnDepartments, roster: Roster
    ) -> bool:
        """Whether the groups are those of these people."""
        same = self.staff is staff and self.roster == roster and self.own == own
        return same and self.people == people


def make_duty(
    people: Set[str], staff: StaffList | None, own: OwnDepartments, roster: Roster
) -> Duty:
    """Groups people; costs a few microseconds a person."""
    departments = {name: departments_of(name, staff, own) for name in people}
    return Duty(people, staff, own, roster, roster.groups(departments))

"""The roster of a project: who has which shifts, for many people at once. Pure.

People with the same shifts are a group with one timetable, so that 5,000 people cost as much as
there are different timetables. Groups change with people, departments and configuration, not with
the clock: whoever asks keeps them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from exporter.polling.shifts import Shift, Span, Timetable


@dataclass(frozen=True, slots=True)
class Group:
    """People who have the same shifts.

    Attributes:
        timetable: Their shifts.
        names: Their cleaned names, in the order in which they were given.
    """

    timetable: Timetable
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """The shifts and holidays of a project.

    Attributes:
        shifts: As configured. One is theirs whom it names, by one of their departments or by an
            expression that matches the whole of the cleaned name; one that names nobody is
            everybody's.
        holidays: Days on which no shift begins.
        zone: The project's, whose wall clock the shifts mean.
    """

    shifts: tuple[Shift, ...]
    holidays: frozenset[date]
    zone: ZoneInfo
    # Which shifts are whose, by their numbers, so that nobody is compared with every shift.
    _everybodys: frozenset[int] = field(init=False, repr=False, compare=False)
    _by_department: Mapping[str, frozenset[int]] = field(init=False, repr=False, compare=False)
    _by_name: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbered = list(enumerate(self.shifts))
        everybodys = frozenset(number for number, shift in numbered if shift.is_everybodys)
        object.__setattr__(self, "_everybodys", everybodys)
        by_department: dict[str, frozenset[int]] = {}
        for number, shift in numbered:
            for department in shift.departments:
                by_department[department] = by_department.get(department, frozenset()) | {number}
        object.__setattr__(self, "_by_department", by_department)
        by_name = tuple(number for number, shift in numbered if shift.employees)
        object.__setattr__(self, "_by_name", by_name)

    def timetable(self, name: str, departments: Collection[str]) -> Timetable | None:
        """The shifts of one person; None for who has none on any day.

        Args:
            name: The cleaned name.
            departments: All of theirs.
        """
        return self._timetable(self._numbers(name, departments))

    def spans_of(
        self, name: str, departments: Collection[str], first: date, last: date
    ) -> list[Span]:
        """What begins on these days, both inclusive, for one person; see `Timetable.spans`."""
        timetable = self.timetable(name, departments)
        return timetable.spans(first, last) if timetable else []

    def groups(self, people: Mapping[str, Collection[str]]) -> tuple[Group, ...]:
        """Cleaned name -> departments, as groups; who has no shift on any day is in none."""
        names: dict[frozenset[int], list[str]] = {}
        for name, departments in people.items():
            names.setdefault(self._numbers(name, departments), []).append(name)
        return tuple(
            Group(timetable, tuple(group))
            for numbers, group in names.items()
            if (timetable := self._timetable(numbers)) is not None
        )

    def _numbers(self, name: str, departments: Collection[str]) -> frozenset[int]:
        """Of all shifts, those that are this person's."""
        theirs = [self._by_department.get(department, frozenset()) for department in departments]
        named = [number for number in self._by_name if self.shifts[number].names(name)]
        return self._everybodys.union(named, *theirs)

    def _timetable(self, numbers: frozenset[int]) -> Timetable | None:
        shifts = tuple(self.shifts[number] for number in sorted(numbers))
        return Timetable(shifts, self.holidays, self.zone) if shifts else None


def shifts_at(groups: Iterable[Group], moment: float) -> dict[str, Span]:
    """Cleaned name -> `Timetable.shift_at` a Unix time; who has a day off is not in it."""
    return {
        name: span
        for group in groups
        if (span := group.timetable.shift_at(moment)) is not None
        for name in group.names
    }


def scheduled_seconds(
    groups: Iterable[Group], begins: float, ends: float, until: float
) -> dict[str, int]:
    """Cleaned name -> `Timetable.scheduled_seconds` of a window; 0 where no shift lies in it."""
    return {
        name: seconds
        for group in groups
        for seconds in (group.timetable.scheduled_seconds(begins, ends, until),)
        for name in group.names
    }


def next_change(groups: Iterable[Group], moment: float) -> float | None:
    """The next Unix time at which `shifts_at` may differ; None where nobody has a shift."""
    return min((group.timetable.next_change(moment) for group in groups), default=None)

"""What people's days were -> tables: wide, long, and a total a person. Pure.

A table holds values, not texts: seconds, dates and times of day. How they are written is the
files' affair.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import Enum

from exporter.commands.collation import collation_key
from exporter.commands.timesheet_days import BUILT_IN_ORDER, PersonDay

Cell = str | int | date | time | None
_FIXED = (
    "project_id",
    "project",
    "employee",
    "employee_id",
    "departments",
    "date",
    "days",
    "present",
    "arrived_at_the_latest",
    "scheduled",
)


class Kind(Enum):
    """What the cells of a column are."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and what its cells are; a DURATION's are seconds."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, and rows of as many cells; None is a cell that is not known."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]


# A column, and its cell of one person's day.
_Maker = tuple[Column, Callable[[PersonDay], Cell]]
_PERSON: tuple[_Maker, ...] = (
    (Column("project_id", Kind.NUMBER), lambda day: day.project_id),
    (Column("project", Kind.TEXT), lambda day: day.project),
    (Column("employee", Kind.TEXT), lambda day: day.employee),
)
# Only where somebody has such a thing.
_IF_KNOWN: tuple[_Maker, ...] = (
    (Column("employee_id", Kind.TEXT), lambda day: day.employee_id),
    (Column("departments", Kind.TEXT), lambda day: day.departments),
)
_DATE: _Maker = (Column("date", Kind.DATE), lambda day: day.day)
_PRESENT: _Maker = (Column("present", Kind.DURATION), lambda day: day.present)
_ARRIVED: _Maker = (Column("arrived_at_the_latest", Kind.TIME), lambda day: day.arrived)
_SCHEDULED: _Maker = (Column("scheduled", Kind.DURATION), lambda day: day.scheduled)
# Who has a shift on some days has none on the others.
_SCHEDULED_SUM: _Maker = (_SCHEDULED[0], lambda day: day.scheduled or 0)


def in_order(days: Iterable[PersonDay], projects: Sequence[int]) -> list[PersonDay]:
    """By project as in `projects`, person and date: somebody's days stand together."""
    place = {project_id: number for number, project_id in enumerate(projects)}
    return sorted(
        days,
        key=lambda one: (
            place[one.project_id],
            collation_key(one.employee),
            one.day,
        ),
    )


def wide(days: Sequence[PersonDay]) -> Table:
    """A row a person and day, a column a status."""
    makers = (
        *_PERSON,
        *_known(_IF_KNOWN, days),
        _DATE,
        *_statuses(days),
        _PRESENT,
        _ARRIVED,
        *_known((_SCHEDULED,), days),
    )
    rows = [tuple(cell(day) for _, cell in makers) for day in days]
    return Table(tuple(column for column, _ in makers), rows)


def long(days: Sequence[PersonDay], unit: str) -> Table:
    """A row a person, day and status; the column of the time is called like its unit."""
    head = (*_PERSON, _DATE)
    own = (Column("status", Kind.TEXT), Column(unit, Kind.DURATION))
    rows = [
        (*(cell(day) for _, cell in head), status, day.seconds[status])
        for day in days
        for status in _sorted(day.seconds)
    ]
    return Table((*(column for column, _ in head), *own), rows)


def totals(days: Sequence[PersonDay]) -> Table:
    """A row a person: how many days there are of them, and the sums over these.

    A sum of which a part is not known is not known. A status that a day's report does not name
    took no time of that day.
    """
    people: dict[tuple[int, str], list[PersonDay]] = {}
    for day in days:
        people.setdefault((day.project_id, day.employee), []).append(day)
    who = (*_PERSON, *_known(_IF_KNOWN, days))
    scheduled = (_SCHEDULED_SUM,) if _known((_SCHEDULED,), days) else ()
    summed = (*_statuses(days, 0), _PRESENT, *scheduled)
    rows = [
        (
            *(cell(of_person[-1]) for _, cell in who),
            len(of_person),
            *(_sum(cell, of_person) for _, cell in summed),
        )
        for of_person in people.values()
    ]
    counted = Column("days", Kind.NUMBER)
    return Table((*(c for c, _ in who), counted, *(c for c, _ in summed)), rows)


def _known(makers: Iterable[_Maker], days: Sequence[PersonDay]) -> list[_Maker]:
    return [maker for maker in makers if any(maker[1](day) is not None for day in days)]


def _sorted(statuses: Iterable[str]) -> list[str]:
    """Built-ins in their order, then the others by name."""
    place = {status: number for number, status in enumerate(BUILT_IN_ORDER)}
    return sorted(statuses, key=lambda word: (place.get(word, len(place)), collation_key(word)))


def _statuses(days: Iterable[PersonDay], unnamed: int | None = None) -> list[_Maker]:
    """A column a status: the built-ins always, others that a report names.

    Args:
        days: Of whom.
        unnamed: What stands for a status that the day's report does not name.
    """
    words = set(BUILT_IN_ORDER).union(*(day.seconds for day in days))
    ordered = _sorted(words)
    return [
        (Column(head, Kind.DURATION), _seconds_in(word, unnamed))
        for word, head in zip(ordered, _heads(ordered).values(), strict=True)
    ]


def _seconds_in(word: str, unnamed: int | None) -> Callable[[PersonDay], Cell]:
    return lambda day: day.seconds.get(word, unnamed)


def _heads(words: Sequence[str]) -> Mapping[str, str]:
    """Word -> its head; a status that is called like a column of ours is told apart from it."""
    taken = {*_FIXED, *words}
    heads: dict[str, str] = {}
    for word in words:
        head, number = word, 1
        if word in _FIXED:
            while head in taken:
                head = f"{word} (status)" if number == 1 else f"{word} (status {number})"
                number += 1
        taken.add(head)
        heads[word] = head
    return heads


def _sum(cell: Callable[[PersonDay], Cell], days: Sequence[PersonDay]) -> int | None:
    seconds = 0
    for day in days:
        value = cell(day)
        if not isinstance(value, int):
            return None
        seconds += value
    return seconds

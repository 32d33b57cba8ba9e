"""The rota: who is to work when, by the clock on the wall. Pure.

The timelines are made of it, and the configurations of the demo and of the trial stack state it,
so that whoever is late by the one is late by the other. Its words are read here and not by the
exporter's own room for shifts: a mistake of one cannot hide in the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TypedDict

from exporter.simulator.desks import Desk, Person

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
_SPECIAL = re.compile(r"([\\.+*?()|\[\]{}^$])")
# Of every desk: what a status is for, and how long it may be held a day.
_STATUSES = {
    "At lunch": {"kind": "break", "limit": "1h"},
    "Break": {"kind": "break", "limit": "20m"},
    "Training": {"kind": "work"},
    "On the call": {"kind": "work"},
    "On the move": {"kind": "away"},
}
_DND = {"limit": "20m"}


class ShiftSection(TypedDict):
    """One of the configuration's `shifts`; `employees` are expressions."""

    days: str
    start: str
    end: str
    employees: list[str]


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A person's shift in the words of the configuration.

    Attributes:
        employee: The exact name; two people who share one have both their shifts.
        days: As `Person.days`.
        start: As `Person.start`.
        end: As `Person.end`.
    """

    employee: str
    days: str
    start: str
    end: str

    def section(self) -> ShiftSection:
        """The shift as the configuration states it."""
        name = _SPECIAL.sub(r"\\\1", self.employee)
        return {"days": self.days, "start": self.start, "end": self.end, "employees": [name]}


def shifts_of(desk: Desk) -> tuple[PlannedShift, ...]:
    """The shifts of everybody of a desk but its bots, in the order of `Desk.people`."""
    return tuple(
        PlannedShift(person.name, person.days, person.start, person.end)
        for person in desk.people
        if not person.bot
    )


def statuses_of(desk: Desk) -> dict[str, dict[str, str]]:
    """The configuration's `statuses` of a desk: the custom ones it has, and dnd."""
    titles = desk.custom.values()
    return {title: _STATUSES[title] for title in titles if title in _STATUSES} | {"dnd": _DND}


@lru_cache(maxsize=256)
def working_days(days: str) -> frozenset[int]:
    """`sat-wed` -> {5, 6, 0, 1, 2}; 0 is Monday."""
    first, _, last = days.partition("-")
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return frozenset(day % 7 for day in range(begin, end + 1 + 7 * (end < begin)))


def wall(text: str) -> time:
    """`09:00` -> the time of day; `24:00` is midnight."""
    return time() if text == "24:00" else time.fromisoformat(text)


def ends_next_day(person: Person) -> bool:
    """Whether a shift ends on the day after the one on which it begins."""
    return wall(person.end) <= wall(person.start)


def planned(desk: Desk, index: int, day: date) -> tuple[int, int] | None:
    """From when to when one person is to work in the shift that begins on a day, in Unix time.

    It follows the clock on the wall: a shift is an hour longer or shorter where clocks change.
    None on a day off.
    """
    person = desk.people[index]
    if day.weekday() not in working_days(person.days):
        return None
    last = day + _DAY if ends_next_day(person) else day
    begin = datetime.combine(day, wall(person.start), desk.zone)
    end = datetime.combine(last, wall(person.end), desk.zone)
    return int(begin.timestamp()), int(end.timestamp())


def begun_in_week(desk: Desk, monday: date) -> Iterator[tuple[int, date]]:
    """The index of a person and a day, for each shift that begins in a week; bots have none."""
    for index, person in enumerate(desk.people):
        for weekday in sorted(working_days(person.days)):
            if not person.bot:
                yield index, monday + timedelta(days=weekday)

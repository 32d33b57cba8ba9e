"""What goes wrong in a week: who is late, absent, leaves early or is over a limit. Pure.

Each kind happens at least once a week in every desk. The dice are of their own, so that the other
days stay as they are.
"""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum, auto

from exporter.simulator.desks import Desk
from exporter.simulator.rota import begun_in_week, ends_next_day, wall, working_days

_DAY_MINUTES = 1440


class Incident(StrEnum):
    """What is unusual in a shift."""

    ABSENT = auto()
    LATE = auto()
    LEFT_EARLY = auto()
    LONG_LUNCH = auto()
    LONG_BREAK = auto()
    LONG_DND = auto()


# Of a hundred shifts.
_SHARES = {
    Incident.ABSENT: 3,
    Incident.LATE: 4,
    Incident.LEFT_EARLY: 3,
    Incident.LONG_LUNCH: 3,
    Incident.LONG_BREAK: 2,
    Incident.LONG_DND: 2,
}
# From and to seconds: how late, how early, how long.
SECONDS = {
    Incident.LATE: (601, 2400),
    Incident.LEFT_EARLY: (1200, 7200),
    Incident.LONG_LUNCH: (3900, 5400),
    Incident.LONG_BREAK: (1320, 2100),
    Incident.LONG_DND: (1320, 2400),
}
# In which part of a shift it begins; the long break is the second one of the shift.
PARTS = {
    Incident.LONG_DND: (0.31, 0.38),
    Incident.LONG_LUNCH: (0.4, 0.6),
    Incident.LONG_BREAK: (0.7, 0.85),
}


def incidents_of_week(seed: int, desk: Desk, monday: date) -> Mapping[tuple[int, date], Incident]:
    """Index of a person and day on which the shift begins -> what is unusual in that shift.

    A desk whose people cannot have a kind (see `_suits`) does not have it.
    """
    dice = random.Random(f"{seed}/{desk.project_id}/incidents/{monday}")  # noqa: S311
    shifts = list(begun_in_week(desk, monday))
    dice.shuffle(shifts)
    found: dict[tuple[int, date], Incident] = {}
    for incident, share in _SHARES.items():
        suitable = [
            shift for shift in shifts if shift not in found and _suits(desk, *shift, incident)
        ]
        number = max(1, round(len(shifts) * share / 100))
        found |= dict.fromkeys(suitable[:number], incident)
    return found


def _suits(desk: Desk, index: int, day: date, incident: Incident) -> bool:
    """Whether an incident would be seen in the reports of local days."""
    person = desk.people[index]
    names = Counter(other.name for other in desk.people)
    if names[person.name] > 1:
        # The other one of that name would hide it.
        return False
    if incident in (Incident.ABSENT, Incident.LATE):
        # Whoever worked until this morning was there today, whatever comes of the evening.
        worked = (day - timedelta(days=1)).weekday() in working_days(person.days)
        return not (worked and ends_next_day(person))
    if incident in PARTS:
        # A second account takes calls meanwhile.
        return person.accounts == 1 and _is_within_a_day(desk, index, incident)
    return True


def _is_within_a_day(desk: Desk, index: int, incident: Incident) -> bool:
    """Whether it cannot be split by midnight, which would halve what a limit of a day sees."""
    person = desk.people[index]
    start, end = (
        moment.hour * 60 + moment.minute for moment in (wall(person.start), wall(person.end))
    )
    length = (end - start) % _DAY_MINUTES or _DAY_MINUTES
    first, last = PARTS[incident]
    begins = start + length * first - 15
    # Whoever is late has everything later; a break waits for what is held before it to end.
    ends = start + length * last + person.late + 15 + SECONDS[incident][1] / 60
    return begins // _DAY_MINUTES == ends // _DAY_MINUTES

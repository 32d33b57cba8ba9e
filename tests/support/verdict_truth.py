"""What the verdicts should say of the simulated people, by their timeline and the rota alone."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from exporter.durations import parse_duration
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk
from exporter.simulator.rota import planned, statuses_of

_DAY = timedelta(days=1)
NIGHT_SHIFT = "the night shift of yesterday"
SECOND_SHIFT = "the second shift of a day"


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Of one person at a moment; None: nobody knows, or they have no shift.

    Attributes:
        late: Seconds.
        absent: 1 if they have not come to their shift, else 0.
        unsure: Why not everything may be known; empty where it is, or without a shift.
    """

    late: int | None = None
    absent: int | None = None
    unsure: str = ""


def date_at(desk: Desk, moment: int) -> date:
    """The day of the desk at a Unix time."""
    return datetime.fromtimestamp(moment, desk.zone).date()


def names_once(desk: Desk) -> dict[str, int]:
    """Name -> index of everybody who has a shift and shares their name with nobody."""
    times = Counter(person.name for person in desk.people)
    return {
        person.name: index
        for index, person in enumerate(desk.people)
        if times[person.name] == 1 and not person.bot
    }


def shown_shift(centre: Centre, desk: Desk, index: int, moment: int) -> tuple[int, int] | None:
    """The shift that runs; else the next one of the day; else the last one that ended today."""
    day = date_at(desk, moment)
    shifts = [planned(desk, index, day - _DAY), planned(desk, index, day)]
    of_today = [one for one in shifts if one and one[1] > centre.midnight(desk, day)]
    return next((one for one in of_today if moment < one[1]), of_today[-1] if of_today else None)


def over_limits(centre: Centre, desk: Desk, index: int, day: date, until: int) -> dict[str, int]:
    """Status -> by how many seconds it is over its limit of a day, as far as a Unix time."""
    totals = centre.totals(desk, index, day, day, until)
    return {
        status: max(0, totals.get(status, 0) - int(parse_duration(rule["limit"])))
        for status, rule in statuses_of(desk).items()
        if "limit" in rule
    }


def truth(centre: Centre, desk: Desk, index: int, moment: int) -> Verdicts:
    """The verdicts of one person at a Unix time, as far as a report of the day tells them."""
    day = date_at(desk, moment)
    shift = shown_shift(centre, desk, index, moment)
    if shift is None:
        return Verdicts()
    arrival = centre.arrival(desk, index, day)
    if shift[0] < centre.midnight(desk, day):
        there_today = arrival is not None and arrival < moment
        return Verdicts(None, 0 if there_today else None, NIGHT_SHIFT)
    if moment < shift[0]:
        return Verdicts(0, 0)
    hours = centre.attendance(desk, index, day)
    came = hours is not None and hours[0] < moment
    late = max(0, hours[0] - shift[0]) if hours and came else 0
    night = planned(desk, index, day - _DAY)
    if night is None or night[1] <= centre.midnight(desk, day):
        return Verdicts(late, int(not came))
    # Who worked until this morning cannot come late in the evening.
    worked = arrival is not None and arrival < shift[0]
    return Verdicts(None if worked else late, int(not came), SECOND_SHIFT)


def is_held(centre: Centre, desk: Desk, status: str, day: date, until: int) -> bool:
    """Whether anybody of the desk was in a status on a day before a Unix time."""
    people = range(len(desk.people))
    return any(centre.totals(desk, index, day, day, until).get(status) for index in people)

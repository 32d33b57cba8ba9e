"""The night in which clocks go forward: shifts of seven hours, and a day of 23."""

from collections.abc import Iterator
from datetime import date, timedelta

from deploy.pictures.lanes import LANE, bars, frame, hours, legend, name
from deploy.pictures.svg import ALARM, FAINT, INK, Axis, card, line, words
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk
from exporter.simulator.rota import planned

DAY = date(2026, 3, 8)
_EVE = DAY - timedelta(days=1)
_PROJECT = 52417
_FIRST_HOUR = 18
_TOP = 104


def shifts_of(desk: Desk, index: int) -> list[tuple[int, int]]:
    """One person's shifts that begin on the eve and on the day of the change."""
    both = (planned(desk, index, day) for day in (_EVE, DAY))
    return [shift for shift in both if shift is not None]


def _lane(centre: Centre, desk: Desk, index: int, axis: Axis, top: float) -> Iterator[str]:
    person = desk.people[index]
    yield from name(top, person.name, f"{person.start}–{person.end}")
    for shift in shifts_of(desk, index):
        yield frame(axis, top, shift)
        if shift[1] <= axis.end:
            length = f"{(shift[1] - shift[0]) / 3600:g} hours"
            yield words((axis.x(shift[0]), top + 42), length, INK)
    yield from bars(axis, top, [s for day in (_EVE, DAY) for s in centre.day(desk, index, day)])


def draw() -> str:
    """The picture."""
    centre = Centre()
    desk = centre.desks[_PROJECT]
    midnight, next_midnight = (
        centre.midnight(desk, day) for day in (DAY, DAY + timedelta(days=1))
    )
    axis = Axis(centre.midnight(desk, _EVE) + _FIRST_HOUR * 3600, next_midnight)
    at_night = [
        index
        for index, _ in enumerate(desk.people)
        if any(shift[0] < midnight < shift[1] for shift in shifts_of(desk, index))
    ]
    bottom = _TOP + (LANE + 4) * len(at_night)
    parts = [*hours(axis, desk.zone, _TOP - 6, bottom, "%H")]
    for number, index in enumerate(at_night):
        parts += _lane(centre, desk, index, axis, _TOP + (LANE + 4) * number)
    # 02:00 is 03:00 already.
    change, noon = midnight + 2 * 3600, (midnight + next_midnight) / 2
    for moment, colour in ((midnight, FAINT), (change, ALARM)):
        parts.append(line((axis.x(moment), _TOP - 6), (axis.x(moment), bottom), colour, 1.5))
    length = f"{DAY:%A, {DAY.day} %B}: {(next_midnight - midnight) / 3600:g} hours"
    parts += [
        words((axis.x(change), _TOP - 28), "02:00 is 03:00", ALARM),
        words((axis.x(noon), _TOP - 44), length, INK, "middle", 13),
        words((axis.x(midnight) - 6, _TOP - 44), f"{_EVE:%A}", FAINT, "end", 13),
    ]
    parts += legend(bottom + 16, "At lunch, Break")
    title = f"{desk.name}, New York: the night in which the clocks go forward"
    return card(title, bottom + 46, parts)

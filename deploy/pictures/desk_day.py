"""One day of one desk: who was to be here, and who was."""

from datetime import date, timedelta

from deploy.pictures.facts import PersonDay, people_of
from deploy.pictures.lanes import LANE, bars, frame, hours, legend, name, remark
from deploy.pictures.svg import Axis, card
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk

# Somebody is late, somebody does not come, somebody leaves early, a lunch is too long.
DAY = date(2026, 4, 24)
_PROJECT = 68861
_FIRST_HOUR = 7
_TOP = 76


def desk_of(centre: Centre) -> Desk:
    """The desk whose day it is."""
    return centre.desks[_PROJECT]


def people() -> list[PersonDay]:
    """Who was to work on the day, in the order of their shifts."""
    centre = Centre()
    everybody = people_of(centre, desk_of(centre), DAY)
    return sorted(everybody, key=lambda person: person.shift)


def draw() -> str:
    """The picture."""
    centre = Centre()
    desk, everybody = desk_of(centre), people()
    midnight = centre.midnight(desk, DAY)
    axis = Axis(midnight + _FIRST_HOUR * 3600, centre.midnight(desk, DAY + timedelta(days=1)))
    bottom = _TOP + LANE * len(everybody)
    parts = [*hours(axis, desk.zone, _TOP - 6, bottom, "%H:%M")]
    for number, person in enumerate(everybody):
        top = _TOP + LANE * number
        parts += [*name(top, person.name, person.hours), frame(axis, top, person.shift)]
        parts += bars(axis, top, person.spans)
        for said in person.remarks:
            parts += remark(axis, top, said)
    parts += legend(bottom + 16, "At lunch, Break")
    title = f"{desk.name} on {DAY:%A, {DAY.day} %B %Y}: the plan, and what came of it"
    return card(title, bottom + 46, parts)

"""What goes wrong in the simulated weeks, and that most of their days are well."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk, Person, desks
from exporter.simulator.incidents import Incident, incidents_of_week
from exporter.simulator.rota import begun_in_week, planned
from exporter.simulator.spans import BREAK, DND, LUNCH, OFFLINE

DAY = timedelta(days=1)
# With the changes of clocks of spring.
MONDAYS = [date(2026, 2, 2) + timedelta(days=7 * n) for n in range(12)]
LIMITS = {LUNCH: 3600, BREAK: 1200, DND: 1200}
LONG = {Incident.LONG_LUNCH: LUNCH, Incident.LONG_BREAK: BREAK, Incident.LONG_DND: DND}
every_desk = pytest.mark.parametrize("desk", desks(), ids=lambda desk: desk.name)
every_seed = pytest.mark.parametrize("seed", [1, 7])


def happened(
    centre: Centre, desk: Desk, wanted: Incident
) -> Iterator[tuple[int, date, tuple[int, int]]]:
    """The shifts in which something is unusual; at least one in each week."""
    for monday in MONDAYS:
        shifts = [
            (index, day)
            for index, day in begun_in_week(desk, monday)
            if centre.incident(desk, index, day) is wanted
        ]
        assert shifts, (monday, wanted)
        for index, day in shifts:
            shift = planned(desk, index, day)
            assert shift is not None
            yield index, day, shift


def seconds_of_day(centre: Centre, desk: Desk, index: int, day: date) -> dict[str, int]:
    return centre.totals(desk, index, day, day, centre.midnight(desk, day + DAY))


@every_desk
@every_seed
def test_each_week_somebody_is_late_by_10_to_40_minutes(desk: Desk, seed: int) -> None:
    """As their report of the day shows, which nothing of a night before is in."""
    centre = Centre(seed)
    for index, day, (start, _) in happened(centre, desk, Incident.LATE):
        arrival = centre.arrival(desk, index, day)
        assert arrival is not None
        assert 600 < arrival - start <= 2400


@every_desk
@every_seed
def test_each_week_somebody_does_not_come(desk: Desk, seed: int) -> None:
    """They are offline for the whole of the day on which they were to begin."""
    centre = Centre(seed)
    for index, day, _ in happened(centre, desk, Incident.ABSENT):
        assert {span.status for span in centre.day(desk, index, day)} == {OFFLINE}
        assert centre.attendance(desk, index, day) is None
        assert centre.arrival(desk, index, day) is centre.left(desk, index, day) is None


@every_desk
@every_seed
def test_each_week_somebody_leaves_early_by_over_15_minutes(desk: Desk, seed: int) -> None:
    """They are offline from then on to the end of the shift."""
    centre = Centre(seed)
    for index, day, (start, end) in happened(centre, desk, Incident.LEFT_EARLY):
        there = centre.attendance(desk, index, day)
        assert there is not None
        assert start < there[1] < end - 900
        for spans in (centre.day(desk, index, day), centre.day(desk, index, day + DAY)):
            rest = [s for s in spans if s.start < end and s.end > there[1]]
            assert {span.status for span in rest} <= {OFFLINE}


@every_desk
@every_seed
@pytest.mark.parametrize("incident", LONG)
def test_each_week_somebody_is_over_each_limit(desk: Desk, seed: int, incident: Incident) -> None:
    """On one local day: midnight never splits what is too long."""
    centre, status = Centre(seed), LONG[incident]
    for index, day, _ in happened(centre, desk, incident):
        days = [seconds_of_day(centre, desk, index, one) for one in (day, day + DAY)]
        assert any(held.get(status, 0) > LIMITS[status] for held in days), (index, day)


@every_desk
def test_most_shifts_are_well(desk: Desk) -> None:
    """Three of four have nothing: in time, to the end, and within the limits."""
    centre = Centre()
    shifts = well = 0
    for monday in MONDAYS:
        for index, day in begun_in_week(desk, monday):
            shift, there = planned(desk, index, day), centre.attendance(desk, index, day)
            assert shift is not None
            held = seconds_of_day(centre, desk, index, day)
            shifts += 1
            well += (
                there is not None
                and there[0] - shift[0] <= 600
                and shift[1] - there[1] <= 900
                and all(held.get(status, 0) <= limit for status, limit in LIMITS.items())
            )
    assert 0.7 < well / shifts < 0.95


@every_desk
def test_a_shift_without_an_incident_is_kept(desk: Desk) -> None:
    """Nobody is later than they ever are, leaves over 10 minutes early, or stays over 5 longer."""
    centre = Centre()
    for monday in MONDAYS:
        for index, day in begun_in_week(desk, monday):
            if centre.incident(desk, index, day) is not None:
                continue
            shift, there = planned(desk, index, day), centre.attendance(desk, index, day)
            assert shift is not None
            assert there is not None
            assert 0 <= there[0] - shift[0] <= desk.people[index].late * 60
            assert -600 <= there[1] - shift[1] <= 300


def test_the_dice_of_a_week_are_the_seeds_and_the_desks() -> None:
    """The same at every look, another in another week, desk or seed."""
    sales, support, _ = desks()
    one, two = MONDAYS[:2]
    assert incidents_of_week(1, sales, one) == incidents_of_week(1, sales, one)
    others = [incidents_of_week(1, sales, two), incidents_of_week(2, sales, one)]
    assert incidents_of_week(1, sales, one) not in [*others, incidents_of_week(1, support, one)]


def test_a_desk_of_one_person_or_a_bot_has_what_it_can_have() -> None:
    """There are fewer shifts than kinds of incidents, or none."""
    sales = desks()[0]
    for person in (Person("Ann", "sat", "09:00", "18:00"), sales.people[-1]):
        desk = Desk(1, "Small", sales.zone, (person,), {})
        found = incidents_of_week(1, desk, MONDAYS[0])
        assert len(found) == (not person.bot)


@every_desk
def test_who_shares_a_name_has_no_incident(desk: Desk) -> None:
    """The other one of that name would hide it in the report."""
    names = [person.name for person in desk.people]
    for monday in MONDAYS:
        for index, _ in incidents_of_week(1, desk, monday):
            assert names.count(names[index]) == 1


def test_arrival_and_leaving_are_those_of_the_local_day() -> None:
    """A night shift's day begins at midnight, in the shift of the evening before."""
    sales, _, night = desks()
    centre = Centre()
    day = date(2026, 3, 25)  # a Wednesday
    midnight, midday = centre.midnight(night, day), 43_200
    there = centre.attendance(night, 0, day)
    before = centre.attendance(night, 0, day - DAY)
    assert there
    assert before
    assert centre.arrival(night, 0, day) == midnight < before[1] < midnight + midday < there[0]
    assert centre.left(night, 0, day) == centre.midnight(night, day + DAY) < there[1]
    assert centre.attendance(sales, 0, day) == (
        centre.arrival(sales, 0, day),
        centre.left(sales, 0, day),
    )
    bot = len(sales.people) - 1
    assert centre.attendance(sales, bot, day) is None
    assert centre.arrival(sales, bot, day) == centre.midnight(sales, day) + 21
    monday = date(2026, 3, 23)  # a day off of hers
    assert centre.arrival(sales, 0, monday) is centre.left(sales, 0, monday) is None

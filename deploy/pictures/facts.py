"""What a team lead would remark on of a simulated day: who was late, and by how much."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from exporter.durations import parse_duration
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk
from exporter.simulator.rota import planned, statuses_of
from exporter.simulator.spans import LUNCH, Span

# As long as the alert on lateness waits: a few minutes are on every day.
_WORTH_SAYING = 600


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was not as planned.

    Attributes:
        start: Unix time from which it was so.
        end: Unix time until which it was so, exclusive.
        what: What happened, of the person.
        verdict: What the rules call it, and by how much.
    """

    start: int
    end: int
    what: str
    verdict: str


@dataclass(frozen=True, slots=True)
class PersonDay:
    """Somebody who was to work on a day.

    Attributes:
        name: As the report gives it.
        hours: The shift by the clock on the wall.
        shift: The same in Unix time.
        spans: The statuses of the local day, without gaps.
        remarks: In the order of time.
    """

    name: str
    hours: str
    shift: tuple[int, int]
    spans: tuple[Span, ...]
    remarks: tuple[Remark, ...]


def people_of(centre: Centre, desk: Desk, day: date) -> Iterator[PersonDay]:
    """Everybody whose shift begins on a local day."""
    for index, person in enumerate(desk.people):
        shift = None if person.bot else planned(desk, index, day)
        if shift is not None:
            remarks = sorted(_remarks(centre, desk, index, day), key=lambda one: one.start)
            hours = f"{person.start}–{person.end}"
            spans = centre.day(desk, index, day)
            yield PersonDay(person.name, hours, shift, spans, tuple(remarks))


def table(people: Iterable[PersonDay]) -> list[str]:
    """The remarks as the rows of a table of Markdown."""
    return [
        f"| {person.name} | {person.hours} | {remark.what} | {remark.verdict} |"
        for person in people
        for remark in person.remarks
    ]


def in_words(seconds: int) -> str:
    """4695 -> `1 h 18 min`: whole minutes that have passed."""
    hours, minutes = divmod(seconds // 60, 60)
    return " ".join(([f"{hours} h"] if hours else []) + ([f"{minutes} min"] if minutes else []))


def _remarks(centre: Centre, desk: Desk, index: int, day: date) -> Iterator[Remark]:
    shift = planned(desk, index, day)
    assert shift is not None
    start, end = shift
    came, left = centre.arrival(desk, index, day), centre.left(desk, index, day)
    if came is None or left is None:
        yield Remark(start, end, "was not there at all", "not come")
        return
    if came - start >= _WORTH_SAYING:
        by = in_words(came - start)
        yield Remark(start, came, f"came at {_clock(desk, came)}", f"late by {by}")
    if end - left >= _WORTH_SAYING:
        by = in_words(end - left)
        yield Remark(left, end, f"was last there at {_clock(desk, left)}", f"left early by {by}")
    yield from _over_limits(centre, desk, index, day)


def _over_limits(centre: Centre, desk: Desk, index: int, day: date) -> Iterator[Remark]:
    whole_day = centre.midnight(desk, day + timedelta(days=1))
    totals = centre.totals(desk, index, day, day, whole_day)
    for status, rule in statuses_of(desk).items():
        limit = int(parse_duration(rule["limit"])) if "limit" in rule else None
        held = totals.get(status, 0)
        if limit is not None and held > limit:
            spans = [span for span in centre.day(desk, index, day) if span.status == status]
            place = "at lunch" if status == LUNCH else f"in {status}"
            yield Remark(
                _reached(spans, limit),
                spans[-1].end,
                f"was {place} for {in_words(held)}; {in_words(limit)} is the limit",
                f"over the limit by {in_words(held - limit)}",
            )


def _reached(spans: list[Span], limit: int) -> int:
    """The moment at which the sum of the spans is the limit."""
    for span in spans:
        if limit <= span.end - span.start:
            return span.start + limit
        limit -= span.end - span.start
    raise ValueError("the limit was not reached")


def _clock(desk: Desk, moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, desk.zone):%H:%M}"

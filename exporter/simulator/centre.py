"""A contact centre one believes: who works when, and on what, to the second.

Pure in seed and time: any second of any day can be asked at any moment, and has one answer.
Times are whole seconds of Unix time; days are calendar days of the desk's zone.
"""

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from exporter.simulator.contacts import staff
from exporter.simulator.desks import Desk, desks
from exporter.simulator.incidents import SECONDS, Incident, incidents_of_week
from exporter.simulator.phones import desk_phone, mobile_phone
from exporter.simulator.rota import planned
from exporter.simulator.spans import OFFLINE, ONLINE, Span, lay_out, merge

_DAY = timedelta(days=1)


class Centre:
    """The whole account, from one seed."""

    def __init__(self, seed: int = 1, staff: tuple[Desk, ...] | None = None) -> None:
        self.seed = seed
        self.desks = {desk.project_id: desk for desk in (staff or desks())}
        self._day_of = lru_cache(maxsize=4096)(self._make_day)
        self._accounts_of = lru_cache(maxsize=256)(self._make_account_days)
        self._week_of = lru_cache(maxsize=256)(self._make_week)

    def midnight(self, desk: Desk, day: date) -> int:
        """Unix time at which a day of the desk begins."""
        return int(datetime.combine(day, time(), desk.zone).timestamp())

    def day(self, desk: Desk, index: int, day: date) -> tuple[Span, ...]:
        """The timeline of one person over one local day, from midnight to midnight, no gaps."""
        return self._day_of(desk, index, day)

    def account_days(self, desk: Desk, index: int, day: date) -> tuple[tuple[Span, ...], ...]:
        """The same of each SIP account of the person, in the order of their logins."""
        return self._accounts_of(desk, index, day)

    def accounts_at(self, desk: Desk, index: int, moment: float) -> dict[str, str]:
        """Login -> status of each SIP account of one person, in the second that holds `moment`."""
        second = int(moment)
        day = datetime.fromtimestamp(second, desk.zone).date()
        logins = staff(desk)[index].logins
        lanes = self.account_days(desk, index, day)
        return {
            login: next(span.status for span in lane if span.start <= second < span.end)
            for login, lane in zip(logins, lanes, strict=True)
        }

    def totals(self, desk: Desk, index: int, first: date, last: date, now: int) -> dict[str, int]:
        """Seconds per status of one person over days, both inclusive, as far as `now`."""
        totals: dict[str, int] = {}
        day = first
        while day <= last and self.midnight(desk, day) < now:
            for span in self.day(desk, index, day):
                seconds = min(span.end, now) - span.start
                if seconds > 0:
                    totals[span.status] = totals.get(span.status, 0) + seconds
            day += _DAY
        return totals

    def arrival(self, desk: Desk, index: int, day: date) -> int | None:
        """The first second of a local day in which one person is not offline.

        That is midnight for who is still in a night shift then. None for who is not there on that
        day.
        """
        spans = self.day(desk, index, day)
        return next((span.start for span in spans if span.status != OFFLINE), None)

    def left(self, desk: Desk, index: int, day: date) -> int | None:
        """The second of a local day from which on one person is offline until midnight.

        That is the midnight that ends the day for who is still there then. None for who is not
        there that day.
        """
        spans = reversed(self.day(desk, index, day))
        return next((span.end for span in spans if span.status != OFFLINE), None)

    def attendance(self, desk: Desk, index: int, day: date) -> tuple[int, int] | None:
        """From when to when one person is there in the shift that begins on a day.

        The end may be on the next day. None for who has a day off or does not come, and for bots.
        """
        if desk.people[index].bot:
            return None
        return self._attendance(desk, index, day, self._dice(desk, index, day))

    def incident(self, desk: Desk, index: int, day: date) -> Incident | None:
        """What is unusual in the shift that begins on a day; None if nothing is."""
        return self._week_of(desk, day - timedelta(days=day.weekday())).get((index, day))

    def _make_day(self, desk: Desk, index: int, day: date) -> tuple[Span, ...]:
        lanes = self.account_days(desk, index, day)
        return lanes[0] if len(lanes) == 1 else tuple(merge(lanes))

    def _make_account_days(
        self, desk: Desk, index: int, day: date
    ) -> tuple[tuple[Span, ...], ...]:
        start, end = self.midnight(desk, day), self.midnight(desk, day + _DAY)
        if desk.people[index].bot:
            ready = start + 21
            return ((Span(start, ready, OFFLINE), Span(ready, end, ONLINE)),)
        # A night shift that began yesterday reaches into today.
        shifts = (self._shift(desk, index, day - _DAY), self._shift(desk, index, day))
        return tuple(lay_out(pair, start, end) for pair in zip(*shifts, strict=True))

    def _make_week(self, desk: Desk, monday: date) -> Mapping[tuple[int, date], Incident]:
        return incidents_of_week(self.seed, desk, monday)

    def _dice(self, desk: Desk, index: int, day: date, what: str = "") -> random.Random:
        return random.Random(f"{self.seed}/{desk.project_id}/{index}/{day}{what}")  # noqa: S311

    def _unusual_seconds(self, desk: Desk, index: int, day: date, incident: Incident) -> int:
        return self._dice(desk, index, day, f"/{incident}").randint(*SECONDS[incident])

    def _attendance(
        self, desk: Desk, index: int, day: date, dice: random.Random
    ) -> tuple[int, int] | None:
        """`attendance`, by the first two throws of the day's dice."""
        shift, incident = planned(desk, index, day), self.incident(desk, index, day)
        if shift is None or incident is Incident.ABSENT:
            return None
        late = dice.randint(0, desk.people[index].late * 60)
        # A last call makes it later, and a quiet evening earlier.
        overtime = 300 - dice.randint(0, 900)
        if incident is Incident.LATE:
            late = self._unusual_seconds(desk, index, day, incident)
        if incident is Incident.LEFT_EARLY:
            overtime = -self._unusual_seconds(desk, index, day, incident)
        return shift[0] + late, shift[1] + overtime

    def _shift(self, desk: Desk, index: int, day: date) -> tuple[list[Span], ...]:
        """What a person's accounts do in the shift that begins on a day; nothing on a day off."""
        person, dice = desk.people[index], self._dice(desk, index, day)
        hours = self._attendance(desk, index, day, dice)
        if hours is None:
            return tuple([] for _ in range(person.accounts))
        incident = self.incident(desk, index, day)
        seconds = self._unusual_seconds(desk, index, day, incident) if incident else 0
        desk_account = list(desk_phone(dice, *hours, incident, seconds))
        if person.accounts == 1:
            return (desk_account,)
        return desk_account, list(mobile_phone(dice, *hours))

"""A contact centre one believes: who works when, and on what, to the second.

Pure in seed and time: any second of any day can be asked at any moment, and has one answer.
Times are whole seconds of Unix time; days are calendar days of the desk's zone.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from exporter.simulator.desks import Desk, desks
from exporter.simulator.people import staff

ONLINE, OFFLINE, DND, SPEAKING = "online", "offline", "dnd", "speaking"
LUNCH, BREAK = "At lunch", "Break"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A person, or one SIP account, held a status: from `start` to `end`, exclusive."""

    start: int
    end: int
    status: str


def merge(accounts: Iterable[Iterable[Span]]) -> list[Span]:
    """One person's accounts as one timeline.

    By the documented priority: speaking before online, before a custom status and dnd, before
    offline. Between two of one rank the first account's counts.
    """
    lanes = [list(lane) for lane in accounts]
    moments = sorted({m for lane in lanes for s in lane for m in (s.start, s.end)})
    rank = {SPEAKING: 0, ONLINE: 1, OFFLINE: 3}
    cursors = [0] * len(lanes)
    merged: list[Span] = []
    for start, end in pairwise(moments):
        held = []
        for index, lane in enumerate(lanes):
            while cursors[index] < len(lane) and lane[cursors[index]].end <= start:
                cursors[index] += 1
            if cursors[index] < len(lane) and lane[cursors[index]].start <= start:
                held.append(lane[cursors[index]].status)
        status = min(held, key=lambda status: rank.get(status, 2), default=OFFLINE)
        merged.append(Span(start, end, status))
    return _joined(merged)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if span.start >= span.end:
            continue
        if joined and joined[-1].status == span.status and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end, span.status)
        else:
            joined.append(span)
    return joined


def _laid_out(shifts: Iterable[Iterable[Span]], start: int, end: int) -> tuple[Span, ...]:
    """One account's shifts from `start` to `end` without gaps; it is offline between them."""
    spans: list[Span] = []
    at = start
    for shift in shifts:
        for span in shift:
            begin, stop = max(span.start, at), min(span.end, end)
            if begin < stop:
                spans += [Span(at, begin, OFFLINE), Span(begin, stop, span.status)]
                at = stop
    return tuple(_joined([*spans, Span(at, end, OFFLINE)]))


class Centre:
    """The whole account, from one seed."""

    def __init__(self, seed: int = 1, staff: tuple[Desk, ...] | None = None) -> None:
        self.seed = seed
        self.desks = {desk.project_id: desk for desk in (staff or desks())}
        self._day_of = lru_cache(maxsize=4096)(self._make_day)
        self._accounts_of = lru_cache(maxsize=256)(self._make_account_days)

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
        return tuple(_laid_out(pair, start, end) for pair in zip(*shifts, strict=True))

    def _shift(self, desk: Desk, index: int, day: date) -> tuple[list[Span], ...]:
        """What a person's accounts do in the shift that begins on a day; nothing on a day off."""
        person = desk.people[index]
        dice = random.Random(f"{self.seed}/{desk.project_id}/{index}/{day}")  # noqa: S311
        # The desk works every day of the week; a person has two days off, not the same for all.
        if (day.toordinal() + index * 3) % 7 < 2:
            return tuple([] for _ in range(person.accounts))
        late = dice.randint(0, person.late * 60)
        start = self.midnight(desk, day) + int(person.starts * 3600) + late
        end = start + int(person.hours * 3600) - dice.randint(0, 900)
        desk_phone = list(self._phone(dice, start, end))
        if person.accounts == 1:
            return (desk_phone,)
        return desk_phone, list(self._mobile(dice, start, end))

    def _phone(self, dice: random.Random, start: int, end: int) -> Iterator[Span]:
        """The desk phone: waits and calls, two breaks, one lunch, sometimes after-call work."""
        lunch = start + int((end - start) * dice.uniform(0.4, 0.6))
        pause = start + int((end - start) * dice.uniform(0.15, 0.3))
        second_pause = start + int((end - start) * dice.uniform(0.7, 0.85))
        plan = [(pause, BREAK, 600), (lunch, LUNCH, 2100), (second_pause, BREAK, 720)]
        at = start
        for moment, status, length in [*plan, (end, OFFLINE, 0)]:
            while at < moment:
                wait = min(int(dice.expovariate(1 / 420)) + 60, 2400)
                call = min(int(dice.lognormvariate(5.5, 0.7)) + 30, 2700)
                steps = [(ONLINE, wait), (SPEAKING, call)]
                if dice.random() < 0.25:
                    steps.append((DND, dice.randint(90, 420)))
                for held, seconds in steps:
                    until = min(at + seconds, moment)
                    yield Span(at, until, held)
                    at = until
            until = min(at + int(length * dice.uniform(0.7, 1.3)), end)
            yield Span(at, until, status)
            at = until

    def _mobile(self, dice: random.Random, start: int, end: int) -> Iterator[Span]:
        """The mobile phone: do not disturb, but for a few stretches when it takes calls."""
        at = start
        while at < end:
            quiet = min(at + dice.randint(3600, 9000), end)
            yield Span(at, quiet, DND)
            ready = min(quiet + dice.randint(600, 1800), end)
            yield Span(quiet, ready, ONLINE)
            call = min(ready + dice.randint(60, 600), end)
            yield Span(ready, call, SPEAKING)
            at = call

"""What really happened: who was in which status when, and what a right report says of it."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ORDINARY = ("online", "speaking", "dnd", "offline", "1763", "Training")
MANY = (*ORDINARY, *(f"Topic {number:02d}" for number in range(72)))
DAY = timedelta(days=1)


@dataclass(slots=True)
class Truth:
    """Days of a few people.

    Attributes:
        zone: Whose midnight begins the day at Ringostat.
        crowded: People change often, between more statuses than a report may have.
    """

    seed: int
    people: tuple[str, ...]
    zone: ZoneInfo
    crowded: bool
    _days: dict[tuple[str, date], list[tuple[str, int]]] = field(default_factory=dict)

    def _segments(self, name: str, day: date) -> list[tuple[str, int]]:
        """The day as pieces of (status, seconds)."""
        known = self._days.get((name, day))
        if known is None:
            dice = random.Random(f"{self.seed} {name} {day}")
            known = self._days[name, day] = list(self._draw(dice, self._length(day)))
        return known

    def _draw(self, dice: random.Random, length: int) -> list[tuple[str, int]]:
        idle = dice.choice((0, 0, dice.randrange(600), dice.randrange(36_000)))
        pieces = [("offline", idle)] if idle else []
        left = length - idle
        busy = self.crowded and dice.random() < 0.8
        typical = 60 if busy else dice.choice((90, 400, 2500))
        while left > 0:
            status = dice.choice(MANY if busy else ORDINARY)
            piece = min(left, 1 + int(dice.expovariate(1 / typical)))
            pieces.append((status, piece))
            left -= piece
        return pieces

    def _midnight(self, day: date) -> float:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC).timestamp()

    def _length(self, day: date) -> int:
        return round(self._midnight(day + DAY) - self._midnight(day))

    def today(self, now: float) -> date:
        return datetime.fromtimestamp(now, self.zone).date()

    def totals(self, name: str, first: date, last: date, now: float) -> Counter[str]:
        """Seconds in each status within the dates, as of a moment."""
        totals: Counter[str] = Counter()
        day = first
        while day <= last:
            left = int(now - self._midnight(day))
            for status, piece in self._segments(name, day) if left > 0 else ():
                totals[status] += min(piece, left)
                left -= piece
                if left <= 0:
                    break
            day += DAY
        return totals

"""From when until when something may be shown. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from exporter.instant import Instant


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From when until when something may be shown.

    Attributes:
        begins: Unix time; before it (the wall clock was set back) it is not the right day.
        ends: Unix time, exclusive: the midnight at which the window's dates change.
        stale: On the clock of ages, exclusive: `stale_after` past the last good answer.
        since: On the clock of ages, inclusive: when what is shown before is stale.
    """

    begins: float = float("-inf")
    ends: float = float("inf")
    stale: float = float("inf")
    since: float = float("-inf")

    def holds(self, now: Instant) -> bool:
        """Whether it may be shown now."""
        return self.begins <= now.wall < self.ends and self.since <= now.age < self.stale

    @staticmethod
    def common(lifetimes: Iterable["Lifetime"]) -> "Lifetime":
        """The time in which all of them hold."""
        every = list(lifetimes)
        return Lifetime(
            max((lifetime.begins for lifetime in every), default=float("-inf")),
            min((lifetime.ends for lifetime in every), default=float("inf")),
            min((lifetime.stale for lifetime in every), default=float("inf")),
            max((lifetime.since for lifetime in every), default=float("-inf")),
        )


ALWAYS = Lifetime()


def stable_interval(lifetimes: Iterable[Lifetime], now: Instant) -> Lifetime:
    """The longest interval around `now` in which no lifetime begins or expires."""
    begins, ends, stale = float("-inf"), float("inf"), float("inf")
    for lifetime in lifetimes:
        for edge in (lifetime.begins, lifetime.ends):
            if edge <= now.wall:
                begins = max(begins, edge)
            else:
                ends = min(ends, edge)
        for edge in (lifetime.since, lifetime.stale):
            if now.age < edge:  # this clock never goes back
                stale = min(stale, edge)
    return Lifetime(begins, ends, stale)

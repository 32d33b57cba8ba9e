"""When a query is asked next. Pure: every method is told what time it is.

Times are seconds on the clock of ages, so that no set or suspended wall clock can bunch polls or
lose them; midnight is the poller's to see, and reaches here as `ask_now`.
"""

import math
from dataclasses import dataclass

from exporter.polling.shard import stable_hash

LONGEST_BACKOFF = 900.0
_FAILURES_BEFORE_BACKOFF = 5
_FIRST_PAUSE_OF_A_REFUSED_KEY = 300.0
_AFTER_MIDNIGHT = 300.0


def phase_of(project_id: int) -> float:
    """Where in an interval a project's polls fall, 0 inclusive to 1 exclusive."""
    return stable_hash(project_id) / 2**64


@dataclass(slots=True)
class Schedule:
    """The next moment of one query, kept to a grid of its interval.

    Attributes:
        interval: Seconds between two good polls.
        retry_interval: Seconds between two failed ones, before the breaker: the interval, or
            the project's running one where that is shorter.
        phase: Where in the interval the grid lies, 0 to 1.
        due: The next moment.
        failures: Polls that failed since the last good one.
        not_before: When a pause ends that the API asked for.
    """

    interval: float
    retry_interval: float
    phase: float
    due: float
    failures: int = 0
    not_before: float = -math.inf
    _on_grid: bool = False
    _midnight: bool = False

    def ask_now(self, now: float) -> None:
        """Asks as soon as possible, whatever was planned; not within a pause."""
        self.due = max(min(self.due, now), self.not_before)
        self._on_grid = False

    def pause(self, until: float) -> None:
        """Asks nothing before a moment."""
        self.not_before = until
        self.due = max(self.due, until)

    def ask_at_midnight(self, now: float) -> None:
        """Asks as soon as possible, and after a good answer again 5 minutes later."""
        self.ask_now(now)
        self._midnight = True

    def succeeded(self, started: float, finished: float) -> int:
        """Plans after a good poll; returns how many planned polls passed while it ran."""
        recovered, self.failures = self.failures > 0, 0
        if self._midnight:
            self._midnight, self._on_grid = False, True
            self.due = started + _AFTER_MIDNIGHT
            return 0
        if recovered or not self._on_grid:
            self._join_grid(finished, self.interval)
            return 0
        return self._keep_grid(started, finished, self.interval)

    def failed(self, started: float, finished: float) -> int:
        """Plans after a failed poll; returns how many planned polls passed while it ran.

        From the fifth failure in a row the pause doubles, up to 15 minutes.
        """
        self.failures += 1
        doublings = self.failures - _FAILURES_BEFORE_BACKOFF + 1
        if doublings > 0:
            # 2**20 of any interval is over the cap; more would only grow the number.
            pause = self.retry_interval * 2 ** min(doublings, 20)
            self.due = finished + max(self.retry_interval, min(pause, LONGEST_BACKOFF))
            return 0
        if not self._on_grid:
            self._join_grid(finished, self.retry_interval)
            return 0
        return self._keep_grid(started, finished, self.retry_interval)

    def refused(self, finished: float) -> None:
        """Plans after a refused key: 5 minutes, doubling to 15."""
        self.failures += 1
        pause = _FIRST_PAUSE_OF_A_REFUSED_KEY * 2 ** min(self.failures - 1, 2)
        self.due = finished + min(pause, LONGEST_BACKOFF)

    def _join_grid(self, finished: float, interval: float) -> None:
        """Plans the grid's first moment that is at least half an interval away."""
        self._on_grid = True
        offset = self.phase * interval
        passed = math.floor((finished + interval / 2 - offset) / interval)
        self.due = offset + (passed + 1) * interval

    def _keep_grid(self, started: float, finished: float, interval: float) -> int:
        planned = self.due + interval
        if planned > finished:
            self.due = planned
            return 0
        # Polls missed before it began (a suspended machine) are not its fault.
        passed = math.floor((finished - self.due) / interval)
        before = math.floor(max(0.0, started - self.due) / interval)
        self.due += (passed + 1) * interval
        return passed - before

"""`ringostat_up`: "1: the newest request of every configured window succeeded"."""

from dataclasses import dataclass, field

# Upstream faults, "RETRY": "at most 2 more attempts after min(8, 0.5·2^n + U(0,1)) s"
ATTEMPTS = 3
LONGEST_PAUSE = 10.0


@dataclass(slots=True)
class Newest:
    """The newest request of a window, with its retries.

    Attributes:
        good: Whether the newest settled one succeeded; None if there is none.
        attempts: Of the present one.
        doubt: Until this age a failure may yet be retried.
        retrying: A retry is in flight.
    """

    good: bool | None = None
    attempts: int = 0
    doubt: float | None = None
    retrying: bool = False


@dataclass(slots=True)
class Upness:
    """The newest request of each window. `asked` is whether there was an attempt at all."""

    newest: dict[str, Newest] = field(default_factory=dict)
    asked: bool = False

    def attempt(self, window: str, age: float) -> None:
        """A request of the window comes to the network."""
        self.asked = True
        known = self.newest.setdefault(window, Newest())
        self._settle(known, age)
        known.retrying = known.doubt is not None
        known.attempts = known.attempts + 1 if known.retrying else 1

    def ended(self, window: str, good: bool, retried: bool, age: float) -> None:
        """An attempt ended; a failure is final at the third, or where none is retried."""
        known = self.newest.setdefault(window, Newest())
        known.retrying = False
        if good or not retried or known.attempts >= ATTEMPTS:
            known.good, known.doubt = good, None
        else:
            known.doubt = age + LONGEST_PAUSE

    def reloaded(self, windows: tuple[str, ...]) -> None:
        """Failing projects are tried at once: what comes next may be a retry or not."""
        for window in set(self.newest) - set(windows):
            del self.newest[window]
        for known in self.newest.values():
            known.attempts = 0

    def suspended(self, seconds: float) -> None:
        """The pause before a retry goes on afterwards, or is over."""
        for known in self.newest.values():
            if known.doubt is not None:
                known.doubt += seconds

    def value(self, windows: tuple[str, ...], age: float) -> tuple[float | None, ...]:
        """What `ringostat_up` may be: one value, or several where that is not settled."""
        if not self.asked:
            return (None,)  # "absent before the first attempt"
        for window in windows:
            known = self.newest.get(window)
            if known:
                self._settle(known, age)
            if known is None or known.good is None or known.doubt is not None:
                return (None, 0.0, 1.0)
        return (float(all(self.newest[window].good for window in windows)),)

    @staticmethod
    def _settle(known: Newest, age: float) -> None:
        if known.doubt is not None and not known.retrying and age > known.doubt:
            known.good, known.doubt = False, None

"""What the oracle is told of the network: who was asked what and when, and what came of it."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.oracle.compare import Mismatch
from tests.oracle.expected import SUCCESS
from tests.oracle.model import Answer, Oracle
from tests.oracle.network import REPORT, Diary, Exchange
from tests.oracle.seam import HistoryClock, Key
from tests.oracle.upness import LONGEST_PAUSE

# What is retried within a poll, by the table of upstream faults.
RETRIED = ("500", "ReadTimeout", "CancelledError", "ConnectError")
# After an answer, until the exporter has certainly put it on the page.
SOON = 0.02


@dataclass(slots=True)
class Desk:
    """Where the page is looked at from: given to the witness by the history's life."""

    scrape: Callable[[], None]
    samples: Callable[[], dict[Key, float]]


@dataclass(slots=True)
class Observer:
    """Tells the oracle of every exchange, and knows when the page has caught up.

    Attributes:
        unpublished: Answers of a poll are shown together when its last request ended (rule 2):
            until then the page is still that of the poll before.
        retriable: The newest failed request, if it may be retried.
        inconclusive: A request came after midnight that may be a retry of the day that is over,
            or ask for `yesterday`: nobody can tell, so the rest of the history is not compared.
        version: Of the configuration.
        paused_until: The age at which a running Retry-After ends.
    """

    clock: HistoryClock
    dice: random.Random
    oracle: Oracle
    catalog: dict[str, str]
    desk: Desk
    diary: Diary = field(default_factory=Diary)
    answers: int = 0
    in_flight: int = 0
    ended_count: int = 0
    version: int = 0
    unpublished: bool = False
    retriable: Exchange | None = None
    inconclusive: bool = False
    paused_until: float = 0.0
    mismatch: Mismatch | None = None

    def note(self, text: str) -> None:
        """Writes an event down."""
        self.diary.note(self.clock.now(), text)

    def restarted(self) -> None:
        """A new process knows nothing."""
        self.version += 1
        self.paused_until, self.unpublished, self.retriable = 0.0, False, None
        self.oracle = Oracle(self.oracle.config)

    def asked(self, exchange: Exchange) -> None:
        """A request came to the network."""
        if exchange.sent.age < self.paused_until - 0.05:
            text = f"asked during a Retry-After, which ends at age {self.paused_until:.2f}"
            self.mismatch = self.mismatch or Mismatch(exchange.sent, text, None, "no request")
        self.in_flight += 1
        if exchange.method == REPORT:
            exchange.window = self._window(exchange)
            self.oracle.up.attempt(exchange.window, exchange.sent.age)

    def _window(self, exchange: Exchange) -> str:
        """Which window a request is for, by its date; a retry is for that of the first attempt."""
        today = self.oracle.config.dates("today", exchange.sent.wall)
        by_date = "today" if exchange.first == today else "yesterday"
        failed = self.retriable
        if (
            failed
            and failed.received
            and failed.first == exchange.first
            and exchange.sent.age - failed.received.age < LONGEST_PAUSE
        ):
            self.inconclusive |= failed.window != by_date
            return failed.window
        return by_date

    def _ended(self, wait: float) -> None:
        """A request ended; the poll did too if no other follows at once, or after a pause."""
        self.in_flight -= 1
        self.ended_count += 1
        self.unpublished = True
        asyncio.get_running_loop().call_later(wait, self._settle, self.ended_count)

    def _settle(self, count: int) -> None:
        if self.in_flight == 0 and count == self.ended_count:
            self.unpublished = False
            if self.dice.random() < 0.1:
                self.desk.scrape()

    def failed(self, exchange: Exchange, kind: str, pause: float) -> None:
        """A request ended without a report."""
        self.note(f"{exchange.method} {exchange.first} failed: {kind} {pause or ''}")
        received = exchange.received or self.clock.now()
        retried = kind in RETRIED
        self._ended(LONGEST_PAUSE + 0.1 if retried else SOON)
        if kind == "429":
            self.paused_until = received.age + (pause or 60)
        if exchange.method == REPORT:
            self.retriable = exchange if retried else None
            self.oracle.up.ended(exchange.window, False, retried, received.age)

    def answered(self, exchange: Exchange) -> None:
        """A request is about to be answered."""
        if self.dice.random() < 0.05:
            self.desk.scrape()  # the moment before
        self._ended(SOON)
        if exchange.method != REPORT:
            self.oracle.catalog = self.catalog
            self.note("catalog answered")
        elif exchange.version == self.version:
            self._take(exchange)
        else:
            self.note(f"{exchange.first} answered after a reload: {exchange.rows}")
            asyncio.get_running_loop().call_later(SOON / 2, self._find_out, exchange)

    def _take(self, exchange: Exchange) -> None:
        assert exchange.first
        assert exchange.received
        window, self.retriable = exchange.window, None
        sent = f"sent {exchange.sent.wall:.2f}/{exchange.sent.age:.2f}"
        self.note(f"{window} {exchange.first} answered, {sent}: {exchange.rows}")
        rows = tuple(exchange.rows or ())
        answer = Answer(window, exchange.first, exchange.sent, exchange.received, rows)
        self.answers += 1
        good = self.oracle.answered(answer)
        self.oracle.up.ended(window, good, False, exchange.received.age)

    def _find_out(self, exchange: Exchange) -> None:
        """Whether an answer was taken whose request a reload overtook: the page tells.

        Neither is said; but it is one of the two, for everything that is shown.
        """
        newest = self.oracle.windows.get(exchange.window)
        if newest and newest.answer.sent.age > exchange.sent.age:
            self.oracle.presence_open = True  # the page does not tell any more
            rows = tuple(exchange.rows or ())
            self.oracle.anomalies.add(rows, self.oracle.config.shows, taken=False)
            return
        if self.in_flight:
            asyncio.get_running_loop().call_later(SOON, self._find_out, exchange)
            return
        labels = (("project", self.oracle.config.name), ("window", exchange.window))
        success = self.desk.samples().get((SUCCESS, labels), 0.0)
        assert exchange.received
        walls = sorted((exchange.sent.wall, exchange.received.wall))
        taken = walls[0] - 0.1 <= success <= walls[1] + 0.1
        self.note(f"it was {'taken' if taken else 'dropped'}")
        if taken:
            self._take(exchange)
        else:  # whether what is wrong with its values was counted is not said
            rows = tuple(exchange.rows or ())
            self.oracle.anomalies.add(rows, self.oracle.config.shows, taken=False)

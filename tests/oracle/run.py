"""Lives through a history with a real exporter, and compares the page with the oracle."""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.oracle.compare import Mismatch, compare
from tests.oracle.expected import SUCCESS, expect
from tests.oracle.histories import Event, History, make_history
from tests.oracle.model import Answer, Config, Oracle
from tests.oracle.network import REPORT, Diary, Exchange, Network
from tests.oracle.seam import HistoryClock, Running, Settings, write
from tests.oracle.upness import LONGEST_PAUSE
from tests.support.virtual import run_virtual

# FAULTS: what is retried within a poll.
RETRIED = ("500", "ReadTimeout", "CancelledError", "ConnectError")
# After an answer, until the exporter has certainly put it on the page.
SOON = 0.02


@dataclass(slots=True)
class Tally:
    """What a history came to."""

    samples: int = 0
    scrapes: int = 0
    answers: int = 0
    open: int = 0


@dataclass(slots=True)
class Life:
    """One run of a history; also the network's witness."""

    history: History
    running: Running = field(init=False)
    clock: HistoryClock = field(init=False)
    oracle: Oracle = field(init=False)
    settings: Settings = field(init=False)
    tally: Tally = field(default_factory=Tally)
    diary: Diary = field(default_factory=Diary)
    mismatch: Mismatch | None = None
    paused_until: float = 0.0
    version: int = 0
    in_flight: int = 0
    ended_count: int = 0
    # Answers of a poll are shown together when its last request ended (rule 2): until then the
    # page is still that of the poll before.
    unpublished: bool = False
    # The newest failed request, if it may be retried.
    retriable: Exchange | None = None
    dice: random.Random = field(init=False)

    async def run(self, path: Path) -> Tally:
        """From the start to the end, or to the first mismatch."""
        history = self.history
        self.dice = random.Random(f"life {history.seed}")
        self.clock = HistoryClock(history.sky.begin - self._loop().time())
        self.clock.jump(history.wrong_at_start)
        self.settings = history.settings
        write(path, self.settings)
        self.oracle = Oracle(Config.of(self.settings))
        network = Network(history.sky, self.clock, random.Random(history.seed), self)
        network.version = lambda: self.version
        network.timeout = lambda: float(self.settings.get("timeout", "15s").removesuffix("s"))
        self.running = Running(path, self.clock, network)
        self._note(f"starts, the wall clock is wrong by {history.wrong_at_start}: {self.settings}")
        self.scrape()
        await self.running.start()
        try:
            if history.wrong_at_start:
                self._loop().call_later(90, self._jump, -history.wrong_at_start)
            for event in history.events:
                await self._until(event.at, network)
                if self.mismatch:
                    break
                await self._happen(event, path)
        finally:
            await self.running.stop()
        broken = [one for one in self.running.log.errors if "broke" in one or "ended" in one]
        assert not broken, broken
        if self.mismatch:
            raise AssertionError(self.mismatch.text(history.seed, self.diary.lines))
        return self.tally

    @staticmethod
    def _loop() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def _note(self, text: str) -> None:
        self.diary.note(self.clock.now(), text)

    async def _until(self, at: float, network: Network) -> None:
        while network.now() < at and not self.mismatch:
            # In steps: a suspend in between shortens the wait.
            await self.clock.sleep(min(max(at - network.now(), 0.001), 600.0))

    async def _happen(self, event: Event, path: Path) -> None:
        if event.kind == "scrape":
            self.scrape()
        elif event.kind == "jump":
            self._jump(event.value)
        elif event.kind == "suspend":
            self._note(f"suspended for {event.value:.1f} s")
            self.clock.suspend(event.value)
            self.oracle.up.suspended(event.value)
            self.oracle.clock_set(self.clock.now())
            self.scrape()
        elif event.kind == "restart":
            await self.running.stop()
            self._note("restarts")
            self.version += 1
            self.paused_until, self.unpublished, self.retriable = 0.0, False, None
            self.oracle = Oracle(self.oracle.config)
            await self.running.restart()
        elif event.kind == "reload":
            key, value = event.value
            await self._reload(key, value, path)

    def _jump(self, seconds: float) -> None:
        self._note(f"the wall clock is set by {seconds:.1f} s")
        self.clock.jump(seconds)
        self.oracle.clock_set(self.clock.now())
        self.scrape()

    async def _reload(self, key: str, value: object, path: Path) -> None:
        if self.dice.random() < 0.4:
            await self._await_request()
        self._note(f"reloads with {key}: {value}")
        self.scrape()
        if key == "bad":
            path.write_text("projects: [")
            assert not await self.running.exporter.reload()
            write(path, self.settings)
        else:
            settings = {one: old for one, old in self.settings.items() if one != key}
            self.settings = settings | ({} if value is None else {key: value})
            write(path, self.settings)
            self.version += 1
            # What is answered from now on meets the new configuration.
            reloading = asyncio.create_task(self.running.exporter.reload())
            assert await reloading
            self.oracle.reloaded(Config.of(self.settings))
        self.scrape()

    async def _await_request(self) -> None:
        """Waits until a request is in flight, some minutes at most."""
        for _ in range(3000):
            if self.in_flight:
                await self.clock.sleep(0.01)
                return
            await self.clock.sleep(0.1)

    def asked(self, exchange: Exchange) -> None:
        if exchange.sent.age < self.paused_until - 0.05:
            self._note(f"ASKED during a pause until {self.paused_until}")
            self.mismatch = self.mismatch or Mismatch.of_text("asked during a Retry-After")
        self.in_flight += 1
        if exchange.method == REPORT:
            exchange.window = self._window(exchange)
            self.oracle.up.attempt(exchange.window, exchange.sent.age)

    def _ended(self, wait: float) -> None:
        """A request ended; the poll did too if no other follows at once, or after a pause."""
        self.in_flight -= 1
        self.ended_count += 1
        self.unpublished = True
        self._loop().call_later(wait, self._settle, self.ended_count)

    def _settle(self, count: int) -> None:
        if self.in_flight == 0 and count == self.ended_count:
            self.unpublished = False
            if self.dice.random() < 0.1:
                self.scrape()

    def _window(self, exchange: Exchange) -> str:
        """Which window a request is for, by its date; a retry is for that of the first attempt."""
        failed = self.retriable
        if failed and failed.received and failed.first == exchange.first:
            if exchange.sent.age - failed.received.age < LONGEST_PAUSE:
                return failed.window
        today = self.oracle.config.dates("today", exchange.sent.wall)
        return "today" if exchange.first == today else "yesterday"

    def failed(self, exchange: Exchange, kind: str, pause: float) -> None:
        self._note(f"{exchange.method} {exchange.first} failed: {kind} {pause or ''}")
        received = exchange.received or self.clock.now()
        retried = kind in RETRIED
        self._ended(LONGEST_PAUSE + 0.1 if retried else SOON)
        if kind == "429":
            self.paused_until = received.age + (pause or 60)
        if exchange.method == REPORT:
            self.retriable = exchange if retried else None
            self.oracle.up.ended(exchange.window, False, retried, received.age)

    def answered(self, exchange: Exchange) -> None:
        if self.dice.random() < 0.05:
            self.scrape()  # the moment before
        self._ended(SOON)
        if exchange.method != REPORT:
            titles = {str(one["id"]): str(one["title"]) for one in self.history.sky.catalog}
            self.oracle.catalog = titles
            self._note("catalog answered")
        elif exchange.version == self.version:
            self._take(exchange)
        else:
            self._note(f"{exchange.first} answered after a reload: {exchange.rows}")
            self._loop().call_later(SOON / 2, self._find_out, exchange)

    def _take(self, exchange: Exchange) -> None:
        assert exchange.first
        assert exchange.received
        window, self.retriable = exchange.window, None
        sent = f"sent {exchange.sent.wall:.2f}/{exchange.sent.age:.2f}"
        self._note(f"{window} {exchange.first} answered, {sent}: {exchange.rows}")
        rows = tuple(exchange.rows or ())
        answer = Answer(window, exchange.first, exchange.sent, exchange.received, rows)
        self.tally.answers += 1
        good = self.oracle.answered(answer)
        self.oracle.up.ended(window, good, False, exchange.received.age)

    def _find_out(self, exchange: Exchange) -> None:
        """Whether an answer was taken whose request a reload overtook: the page tells."""
        if self.in_flight:
            self._loop().call_later(SOON, self._find_out, exchange)
            return
        labels = (("project", self.oracle.config.name), ("window", exchange.window))
        success = self.running.samples().get((SUCCESS, labels), 0.0)
        assert exchange.received
        walls = sorted((exchange.sent.wall, exchange.received.wall))
        taken = walls[0] - 0.1 <= success <= walls[1] + 0.1
        self._note(f"it was {'taken' if taken else 'dropped'}")
        if taken:
            self._take(exchange)

    def scrape(self) -> None:
        """Compares the page of this moment."""
        if self.mismatch or self.unpublished:
            return
        now = self.clock.now()
        expected = expect(self.oracle, now)
        shown = self.running.samples()
        self.mismatch, compared, skipped = compare(expected, shown, now)
        if not self.running.exporter.healthy() and not self.mismatch:
            self.mismatch = Mismatch(now, "healthy()", 0.0, "True: every poll loop is alive")
        self.tally.samples += compared
        self.tally.open += skipped
        self.tally.scrapes += 1


def live(seed: int, folder: Path) -> Tally:
    """Runs the history of a seed."""
    random.seed(seed)  # the exporter's own dice: pauses before retries
    life = Life(make_history(seed))
    return run_virtual(lambda: life.run(folder / f"{seed}.yaml"))

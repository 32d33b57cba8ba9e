"""Lives through a history with a real exporter, and compares the page with the oracle."""

import asyncio
import random
from pathlib import Path

from tests.oracle.compare import Mismatch, Tally, compare
from tests.oracle.expected import expect
from tests.oracle.histories import Event, History, make_history
from tests.oracle.model import Config, Oracle
from tests.oracle.network import Network
from tests.oracle.observer import Desk, Observer
from tests.oracle.seam import HistoryClock, Running, break_file, write
from tests.support.virtual import run_virtual


class Life:
    """One run of a history. Made within the loop that it runs in."""

    def __init__(self, history: History, path: Path) -> None:
        self._history = history
        self._path = path
        self._dice = random.Random(f"life {history.seed}")
        self._clock = HistoryClock(history.sky.begin - asyncio.get_running_loop().time())
        self._clock.jump(history.wrong_at_start)
        self._settings = history.settings
        write(path, self._settings)
        self.tally = Tally()
        catalog = {str(one["id"]): str(one["title"]) for one in history.sky.catalog}
        self._observer = Observer(
            self._clock,
            self._dice,
            Oracle(Config.of(self._settings)),
            catalog,
            Desk(self.scrape, lambda: self._running.samples()),
        )
        network_dice = random.Random(history.seed)
        self._network = Network(history.sky, self._clock, network_dice, self._observer)
        self._network.version = lambda: self._observer.version
        self._network.timeout = self._timeout
        self._running = Running(path, self._clock, self._network)

    def _timeout(self) -> float:
        return float(self._settings.get("timeout", "15s").removesuffix("s"))

    async def run(self) -> Tally:
        """From the start to the end, or to the first mismatch."""
        wrong = self._history.wrong_at_start
        self._observer.note(f"starts, the wall clock is wrong by {wrong}: {self._settings}")
        await self._running.start()
        self.scrape()
        try:
            if wrong:
                asyncio.get_running_loop().call_later(90, self._jump, -wrong)
            for event in self._history.events:
                await self._until(event.at)
                if self._observer.mismatch:
                    break
                await self._happen(event)
        finally:
            await self._running.stop()
        if self._observer.mismatch:
            lines = self._observer.diary.lines
            raise AssertionError(self._observer.mismatch.text(self._history.seed, lines))
        errors = self._running.log.errors
        broken = [one for one in errors if "broke" in one or "ended" in one or "internal" in one]
        assert not broken, broken
        self.tally.answers = self._observer.answers
        return self.tally

    async def _until(self, at: float) -> None:
        while self._network.now() < at and not self._observer.mismatch:
            # In steps: a suspend in between shortens the wait.
            await self._clock.sleep(min(max(at - self._network.now(), 0.001), 600.0))

    async def _happen(self, event: Event) -> None:
        if event.kind == "scrape":
            self.scrape()
        elif event.kind == "jump":
            self._jump(event.value)
        elif event.kind == "suspend":
            self._suspend(event.value)
        elif event.kind == "restart":
            await self._running.stop()
            self._observer.note("restarts")
            self._observer.restarted()
            await self._running.restart()
        elif event.kind == "reload":
            key, value = event.value
            await self._reload(key, value)

    def _suspend(self, seconds: float) -> None:
        self._observer.note(f"suspended for {seconds:.1f} s")
        self._clock.suspend(seconds)
        self._observer.oracle.up.suspended(seconds)
        self._observer.oracle.clock_set(self._clock.now())
        self.scrape()

    def _jump(self, seconds: float) -> None:
        self._observer.note(f"the wall clock is set by {seconds:.1f} s")
        self._clock.jump(seconds)
        self._observer.oracle.clock_set(self._clock.now())
        self.scrape()

    async def _reload(self, key: str, value: object) -> None:
        if self._dice.random() < 0.4:
            await self._await_request()
        self._observer.note(f"reloads with {key}: {value}")
        self.scrape()
        if key == "bad":
            break_file(self._path)
            assert not await self._running.exporter.reload()
            write(self._path, self._settings)
        else:
            settings = {one: old for one, old in self._settings.items() if one != key}
            self._settings = settings | ({} if value is None else {key: value})
            write(self._path, self._settings)
            self._observer.version += 1  # what is answered from now on meets the new one
            assert await self._running.exporter.reload()
            self._observer.oracle.reloaded(Config.of(self._settings))
        self.scrape()

    async def _await_request(self) -> None:
        """Waits until a request is in flight, some minutes at most."""
        for _ in range(3000):
            if self._observer.in_flight:
                await self._clock.sleep(0.01)
                return
            await self._clock.sleep(0.1)

    def scrape(self) -> None:
        """Compares the page of this moment."""
        observer = self._observer
        if observer.mismatch or observer.unpublished or observer.inconclusive:
            return
        now = self._clock.now()
        expected = expect(self._observer.oracle, now)
        mismatch = compare(expected, self._running.samples(), now, self.tally)
        if not self._running.exporter.site.healthy() and not mismatch:
            mismatch = Mismatch(now, "healthy()", 0.0, "True: every poll loop is alive")
        self._observer.mismatch = mismatch


def live(seed: int, folder: Path) -> Tally:
    """Runs the history of a seed."""
    random.seed(seed)  # the exporter's own dice: pauses before retries

    async def main() -> Tally:
        return await Life(make_history(seed), folder / f"{seed}.yaml").run()

    return run_virtual(main)

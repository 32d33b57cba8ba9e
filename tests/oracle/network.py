"""A Ringostat of the history's own: answers, fails, delays, and writes down what it did."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import httpx

from tests.oracle.seam import Clock, Instant
from tests.oracle.truth import Truth
from tests.oracle.weather import REQUEST, Episode, damage

REPORT = "getSipStatusDailyReport"


class Witness(Protocol):
    """Who is told of everything that is asked and answered."""

    def asked(self, exchange: "Exchange") -> None: ...

    def answered(self, exchange: "Exchange") -> None: ...

    def failed(self, exchange: "Exchange", kind: str, pause: float) -> None: ...


@dataclass(slots=True)
class Exchange:
    """One request and its answer.

    Attributes:
        rows: The report that was sent back; None for a failure, or the catalog.
        version: Of the configuration that held when it was sent.
        window: Which of the project's windows it is for.
    """

    method: str
    first: date | None
    sent: Instant
    version: int
    window: str = ""
    received: Instant | None = None
    rows: list[Any] | None = None


@dataclass(slots=True)
class Sky:
    """What is so for all of a history."""

    truth: Truth
    episodes: list[Episode]
    catalog: list[dict[str, object]]
    begin: float
    future_rows: bool


class Network(httpx.AsyncBaseTransport):
    """Answers from the truth, through the weather."""

    def __init__(self, sky: Sky, clock: Clock, dice: random.Random, witness: Witness) -> None:
        self._sky = sky
        self._clock = clock
        self._dice = dice
        self._witness = witness
        self.version: Callable[[], int] = lambda: 0
        self.timeout: Callable[[], float] = lambda: 15.0

    def now(self) -> float:
        """The true time: a wall clock that was set wrong does not move it."""
        return self._sky.begin + self._clock.now().age

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread())
        dates = body["params"].get("filter")
        first = date.fromisoformat(dates["from"]) if dates else None
        exchange = Exchange(body["method"], first, self._clock.now(), self.version())
        self._witness.asked(exchange)
        episodes = [one for one in self._weather() if self._dice.random() < one.share]
        fault = next((one for one in episodes if one.kind in REQUEST), None)
        try:
            await self._hold(fault)
            if fault and fault.kind != "slow":
                return await self._fail(fault, exchange)
            result = self._result(exchange, episodes, dates)
        except BaseException as error:
            if exchange.received is None:
                exchange.received = self._clock.now()
                self._witness.failed(exchange, type(error).__name__, 0.0)
            raise
        exchange.received = self._clock.now()
        self._witness.answered(exchange)
        return _response(200, json.dumps({"id": body["id"], "result": result}).encode())

    def _weather(self) -> list[Episode]:
        now = self.now()
        return [one for one in self._sky.episodes if one.begin <= now < one.end]

    async def _hold(self, fault: Episode | None) -> None:
        """Lets time pass, `api.timeout` at most."""
        delay = fault.amount % 20 if fault and fault.kind == "slow" else 0.3
        delay *= self._dice.uniform(0.3, 1.5)
        limit = self.timeout()
        if delay > limit or (fault and fault.kind == "timeout"):
            await self._clock.sleep(limit)
            raise httpx.ReadTimeout("timeout")
        await self._clock.sleep(delay)

    async def _fail(self, fault: Episode, exchange: Exchange) -> httpx.Response:
        if fault.kind == "refused":
            raise httpx.ConnectError("refused")
        exchange.received = self._clock.now()
        pause = round(fault.amount) if fault.kind == "429" else 0
        self._witness.failed(exchange, fault.kind, min(pause, 900))
        headers = {"retry-after": str(pause)} if pause else {}
        if fault.kind == "cut":
            return _response(200, b'{"id": 1, "result": [')
        return _response(int(fault.kind), b"{}", headers)

    def _result(
        self, exchange: Exchange, episodes: list[Episode], dates: dict[str, str] | None
    ) -> list[Any] | dict[str, Any] | None:
        if dates is None:
            exchange.rows = None
            return self._sky.catalog
        if any(one.kind == "empty" for one in episodes):
            exchange.rows = []
            return self._dice.choice(([], {}, None))
        now, truth = self.now(), self._sky.truth
        first, last = date.fromisoformat(dates["from"]), date.fromisoformat(dates["to"])
        assert first == last, dates
        if first > truth.today(now) and not self._sky.future_rows:
            rows: list[Any] = []
        else:
            if first != truth.today(now):
                episodes = [one for one in episodes if one.kind in ("unreadable", "malformed")]
            frozen = [one.begin for one in episodes if one.kind == "frozen"]
            totals = {
                name: truth.totals(name, first, last, min([now, *frozen])) for name in truth.people
            }
            rows = damage(totals, episodes, self._dice)
        exchange.rows = rows
        return rows


def _response(
    status: int, content: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))


@dataclass(slots=True)
class Diary:
    """The last events of a history, for the person who reads a failure."""

    lines: list[str] = field(default_factory=list)

    def note(self, now: Instant, text: str) -> None:
        self.lines.append(f"wall {now.wall:.2f} age {now.age:.2f} {text}")

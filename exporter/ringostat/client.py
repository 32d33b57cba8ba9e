"""Ringostat's two methods over HTTP: limits, deadline, retries, and one mapping of errors."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import httpx
from aiolimiter import AsyncLimiter

from exporter.clock import Clock
from exporter.errors import (
    BodyTooLarge,
    ConnectionBroken,
    PollError,
)
from exporter.offload import Offload, run_inline
from exporter.ringostat import rpc, transport
from exporter.ringostat.failures import check_answer, to_poll_error
from exporter.ringostat.key import Secret
from exporter.ringostat.rpc import CUSTOM_STATUSES, DAILY_REPORT
from exporter.ringostat.settings import ApiSettings

_PATHS = {CUSTOM_STATUSES: "/rsp-api-v3", DAILY_REPORT: "/api/json-rpc"}

# httpcore's trace events after which a request is not repeated in silence: the connection was
# not an old one, or the answer had begun.
_PAST_REPEATING = ("connection.connect_tcp.started", "http11.receive_response_headers.complete")

# All attempts of one request and the pauses between them; waiting for a turn does not count.
POLL_SECONDS = 45.0
_LONGEST_PAUSE = 8.0
# A body from this size on is decoded beside the event loop: about a millisecond's work.
_LARGE_BYTES = 65_536


class RequestTelemetry(Protocol):
    """Told of every attempt."""

    def attempted(self, method: str, seconds: float) -> None:
        """An attempt of the method ended after so many seconds, well or not."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """A good answer.

    Attributes:
        result: The value of the reply's `result`, decoded and not yet narrowed.
        sent: Unix time in seconds when the request that it answers was sent.
    """

    result: object
    sent: float


@dataclass(slots=True)
class InFlight:
    """One poll under way, as its poller and its watchdog see it.

    Attributes:
        failing: Whether the same question failed the last time: such ones share half the slots.
        in_flight_since: On the clock of ages, when it got its turn; None while it waits for one.
    """

    failing: bool = False
    in_flight_since: float | None = None


class _Turns:
    """Who may send: so many at once, so many a second, failing ones at most half of the slots."""

    def __init__(self, settings: ApiSettings) -> None:
        slots = min(settings.max_concurrency, transport.MAX_CONNECTIONS)
        self._slots = asyncio.Semaphore(slots)
        self._failing = asyncio.Semaphore(max(1, slots // 2))
        self._rate = AsyncLimiter(1, 1 / settings.requests_per_second)

    @asynccontextmanager
    async def turn(self, *, failing: bool) -> AsyncIterator[None]:
        if failing:
            async with self._failing, self._slots:
                await self._rate.acquire()
                yield
        else:
            async with self._slots:
                await self._rate.acquire()
                yield


class RingostatClient:
    """Asks the API. One for all projects of a process; each call names its project and key.

    Every failure is a `PollError` after the retries that its kind is worth. Closed with
    `close()`, which lets requests that are under way end first.
    """

    def __init__(
        self,
        settings: ApiSettings,
        clock: Clock,
        random: Callable[[], float],
        telemetry: RequestTelemetry,
        network: transport.Network | None = None,
        offload: Offload = run_inline,
    ) -> None:
        self._offload = offload
        self.settings = settings
        self._clock = clock
        self._random = random
        self._telemetry = telemetry
        self._turns = _Turns(settings)
        self._http = transport.make_client(
            network or transport.make_transport(settings.ca_file, settings.proxy_url),
            settings.timeout_seconds,
            settings.user_agent,
        )
        self._ids = itertools.count(1)
        self._calls = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def custom_statuses(self, project_id: int, key: Secret, asking: InFlight) -> Reply:
        """Method 1: the catalog of a project.

        `{"id": 7, "method": "getCustomStatuses", "params": {"projectId": 39071}, ...}` answers
        `{"id": "7", "result": [{"id": 1763, "title": "At lunch"}], "jsonrpc": "2.0"}`.

        Args:
            project_id: The project.
            key: Sent as `Auth-key`, to the configured host only.
            asking: How the question stands; told when it is in flight.

        Raises:
            PollError: After its retries.
        """
        return await self._call(CUSTOM_STATUSES, {"projectId": project_id}, key, asking)

    async def daily_report(
        self, project_id: int, key: Secret, first: date, last: date, asking: InFlight
    ) -> Reply:
        """Method 2: seconds per employee and status from `first` to `last`, both inclusive.

        The answer is `{"id": 7, "result": [{"employee": "Ann", "online": "01:31:55"}], ...}`.
        Dates are the account's own calendar days. Arguments and errors are as above.
        """
        params: dict[str, object] = {
            "projectId": project_id,
            "filter": {"from": first.isoformat(), "to": last.isoformat()},
        }
        return await self._call(DAILY_REPORT, params, key, asking)

    async def raw(self, method: str, params: dict[str, object], key: Secret) -> bytes:
        """The undecoded body of one attempt of either method, for a bug report.

        Raises:
            PollError: There was no 2xx answer.
        """
        with transport.deadline(self.settings.timeout_seconds):
            content = rpc.encode_request(next(self._ids), method, params)
            return await self._exchange(method, content, key)

    async def close(self) -> None:
        """Closes the connections once the last request that is under way has ended."""
        await self._idle.wait()
        await self._http.aclose()

    async def _call(
        self, method: str, params: dict[str, object], key: Secret, asking: InFlight
    ) -> Reply:
        self._calls += 1
        self._idle.clear()
        try:
            return await self._with_retries(method, params, key, asking)
        finally:
            self._calls -= 1
            if not self._calls:
                self._idle.set()

    async def _with_retries(
        self, method: str, params: dict[str, object], key: Secret, asking: InFlight
    ) -> Reply:
        spent = 0.0
        for attempt in itertools.count():
            async with self._turns.turn(failing=asking.failing):
                asking.in_flight_since = started = self._clock.now().age
                try:
                    return await self._attempt(method, params, key, POLL_SECONDS - spent)
                except PollError as error:
                    failure = error
                finally:
                    asking.in_flight_since = None
                spent += self._clock.now().age - started
            pause = min(_LONGEST_PAUSE, 0.5 * 2**attempt + self._random())
            if attempt >= failure.retries or spent + pause >= POLL_SECONDS:
                raise failure
            await self._clock.sleep(pause)
            spent += pause
        raise AssertionError("unreachable")  # pragma: no cover

    async def _attempt(
        self, method: str, params: dict[str, object], key: Secret, left: float
    ) -> Reply:
        request_id = next(self._ids)
        started = self._clock.now()
        try:
            with transport.deadline(min(self.settings.timeout_seconds, left)):
                body = await self._exchange(
                    method, rpc.encode_request(request_id, method, params), key
                )
            work = self._offload if len(body) >= _LARGE_BYTES else run_inline
            reply = await work(rpc.decode, body)
            return Reply(rpc.result_of(reply, request_id, key), started.wall)
        finally:
            self._telemetry.attempted(method, self._clock.now().age - started.age)

    async def _exchange(self, method: str, content: bytes, key: Secret) -> bytes:
        """Sends the request and reads the body of a 2xx.

        A connection kept from the poll before may have been closed by the peer meanwhile: what
        fails on one before any answer is sent once more, in silence, on a new one.
        """
        for may_repeat in (True, False):
            opened: list[str] = []

            async def note(event: str, _info: dict[str, object], seen: list[str] = opened) -> None:
                if event in _PAST_REPEATING:
                    seen.append(event)

            request = self._http.build_request(
                "POST",
                self.settings.base_url + _PATHS[method],
                content=content,
                headers={"Auth-key": key.reveal(), "Content-Type": "application/json"},
                extensions={"trace": note},
            )
            try:
                response = await self._http.send(request, stream=True)
                try:
                    check_answer(response, self._clock.now().wall)
                    return await self._read(response)
                finally:
                    await response.aclose()
            except PollError:
                raise
            except Exception as error:
                failure = to_poll_error(error)
                if not (may_repeat and isinstance(failure, ConnectionBroken) and not opened):
                    raise failure from error
        raise AssertionError("unreachable")  # pragma: no cover

    async def _read(self, response: httpx.Response) -> bytes:
        limit = self.settings.max_response_bytes
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > limit:
            raise BodyTooLarge(f"the answer announces {announced} bytes, the limit is {limit}")
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_raw():
            size += len(part)
            if size > limit:
                raise BodyTooLarge(f"the answer is longer than {limit} bytes")
            parts.append(part)
        return b"".join(parts)

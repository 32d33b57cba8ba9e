"""Ringostat's API over HTTP: limits, deadline, retries, and one mapping of errors."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol, TypeVar

import httpx
from aiolimiter import AsyncLimiter

from exporter.clock import Clock
from exporter.errors import BodyTooLarge, ConnectionBroken, PollError
from exporter.offload import Offload, run_inline
from exporter.ringostat import rpc, transport
from exporter.ringostat.calls import Call
from exporter.ringostat.failures import check_answer, to_poll_error
from exporter.ringostat.key import Secret
from exporter.ringostat.reply import InFlight, Reply
from exporter.ringostat.settings import ApiSettings

_T = TypeVar("_T")

# httpcore's trace events after which a request is not repeated in silence: the connection was
# not an old one, or the answer had begun.
_PAST_REPEATING = ("connection.connect_tcp.started", "http11.receive_response_headers.complete")

_LONGEST_PAUSE = 8.0
# A body from this size on is decoded and parsed beside the event loop: about half a millisecond's
# work, where handing it to the worker and back costs a tenth of that.
_LARGE_BYTES = 16_384


class RequestTelemetry(Protocol):
    """Told of every attempt."""

    def attempted(self, method: str, seconds: float) -> None:
        """An attempt of the method ended after so many seconds, well or not."""
        ...


class _Turns:
    """Limits concurrency and rate; queries that yield hold at most half of the slots."""

    def __init__(self, settings: ApiSettings) -> None:
        slots = min(settings.max_concurrency, transport.MAX_CONNECTIONS)
        self._slots = asyncio.Semaphore(slots)
        self._yielding = asyncio.Semaphore(max(1, slots // 2))
        self._rate = AsyncLimiter(1, 1 / settings.requests_per_second)

    @asynccontextmanager
    async def turn(self, *, yields: bool) -> AsyncIterator[None]:
        if yields:
            async with self._yielding, self._slots:
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
            network or transport.make_transport(settings.trust, settings.proxy_url),
            settings.timeout_seconds,
            settings.user_agent,
        )
        self._ids = itertools.count(1)
        self._calls = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def fetch(self, call: Call[_T], key: Secret, in_flight: InFlight) -> Reply[_T]:
        """Asks, with retries, and reads the answer.

        Args:
            call: What to ask.
            key: Sent as `Auth-key`, to the configured host only.
            in_flight: How the request stands; told when it has its turn.

        Raises:
            PollError: After the retries that its kind is worth.
        """
        self._calls += 1
        self._idle.clear()
        try:
            return await self._with_retries(call, key, in_flight)
        except PollError as error:
            error.method = call.method
            raise
        finally:
            self._calls -= 1
            if not self._calls:
                self._idle.set()

    async def raw(self, call: Call[object], key: Secret) -> bytes:
        """The undecoded body of one attempt, for a bug report.

        Raises:
            PollError: There was no 2xx answer.
        """
        with transport.deadline(self.settings.timeout_seconds):
            return await self._exchange(call, next(self._ids), key)

    async def close(self) -> None:
        """Closes the connections once the last request that is under way has ended."""
        await self._idle.wait()
        await self._http.aclose()

    async def _with_retries(self, call: Call[_T], key: Secret, in_flight: InFlight) -> Reply[_T]:
        spent = 0.0
        for attempt in itertools.count():
            async with self._turns.turn(yields=in_flight.yields), in_flight.alone:
                started = self._clock.now().age
                in_flight.since = asyncio.get_running_loop().time()
                try:
                    return await self._attempt(call, key, call.longest_seconds - spent)
                except PollError as error:
                    failure = _without_frames(error)
                finally:
                    in_flight.since = None
                spent += self._clock.now().age - started
            pause = min(_LONGEST_PAUSE, 0.5 * 2**attempt + self._random())
            if attempt >= failure.retries or spent + pause >= call.longest_seconds:
                try:
                    raise failure
                finally:
                    del failure  # else it and this frame would keep each other
            await self._clock.sleep(pause)
            spent += pause
        raise AssertionError("unreachable")  # pragma: no cover

    async def _attempt(self, call: Call[_T], key: Secret, left: float) -> Reply[_T]:
        request_id = next(self._ids)
        sent = self._clock.now()
        try:
            with transport.deadline(min(self.settings.timeout_seconds, left)):
                body = await self._exchange(call, request_id, key)
        finally:
            self._telemetry.attempted(call.method, self._clock.now().age - sent.age)
        # Decoded and parsed in one hop, so that no undecoded JSON comes back to the loop.
        offload = self._offload if len(body) >= _LARGE_BYTES else run_inline
        value = await offload(_read, call, body, request_id, key, sent.wall)
        return Reply(value, sent, self._clock.now())

    async def _exchange(self, call: Call[object], request_id: int, key: Secret) -> bytes:
        """Sends the request and reads the body of a 2xx.

        A connection kept from the poll before may have been closed by the peer meanwhile: what
        fails on one before any answer is sent once more, in silence, on a new one.
        """
        for may_repeat in (True, False):
            opened: list[str] = []

            async def note(event: str, _info: dict[str, object], seen: list[str] = opened) -> None:
                if event in _PAST_REPEATING:
                    seen.append(event)

            request = self._build(call, request_id, key)
            request.extensions["trace"] = note
            try:
                response = await self._http.send(request, stream=True)
                try:
                    check_answer(response, self._clock.now().wall, key)
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

    def _build(self, call: Call[object], request_id: int, key: Secret) -> httpx.Request:
        url, headers = self.settings.base_url + call.path, {"Auth-key": key.reveal()}
        if call.params is None:
            return self._http.build_request("GET", url, headers=headers)
        content = rpc.encode_request(request_id, call.method, dict(call.params))
        headers["Content-Type"] = "application/json"
        return self._http.build_request("POST", url, content=content, headers=headers)

    async def _read(self, response: httpx.Response) -> bytes:
        limit = self.settings.max_response_bytes
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) > limit:
            raise BodyTooLarge(f"the answer announces more than {limit} bytes")
        parts: list[bytes] = []
        size = 0
        async for part in response.aiter_raw():
            size += len(part)
            if size > limit:
                raise BodyTooLarge(f"the answer is longer than {limit} bytes")
            parts.append(part)
        return b"".join(parts)


def _read(call: Call[_T], body: bytes, request_id: int, key: Secret, sent: float) -> _T:
    """From the body of a reply to the typed value; raises a PollError for what is not one."""
    reply = rpc.decode(body)
    if call.params is None:
        return call.parse(rpc.bare_value_of(reply, key), sent)
    return call.parse(rpc.result_of(reply, request_id, key), sent)


def _without_frames(error: PollError) -> PollError:
    """The same without its traceback, whose frames hold the body and what was decoded of it.

    They would live until the garbage collector finds them: 25 MB for 2 MiB of numbers.
    """
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)

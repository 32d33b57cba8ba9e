"""The client on real sockets: deadlines, limits, retries, and what never leaves the host."""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from exporter.clock import SystemClock
from exporter.errors import InternalError, PollError
from exporter.ringostat.calls import Call
from exporter.ringostat.client import RingostatClient
from exporter.ringostat.failures import read_retry_after, to_poll_error
from exporter.ringostat.key import Secret
from exporter.ringostat.reply import InFlight
from tests.support.exporting import NoTelemetry, make_settings
from tests.support.real import resident_bytes, run_real

KEY = Secret("KEY-canary")
OK = b'{"id": "1", "result": []}'


def reply(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Peer:
    """A server that does to each request what the test says; keeps what it was sent."""

    def __init__(self, script: "Script | bytes") -> None:
        self.script = script
        self.requests: list[bytes] = []
        self.connections = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                if isinstance(self.script, bytes):
                    writer.write(self.script)
                    await writer.drain()
                else:
                    await self.script(reader, writer)
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def peer(script: "Script | bytes") -> AsyncIterator[Peer]:
    made = Peer(script)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()


class Impatient(SystemClock):
    """Pauses between attempts take no time."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@asynccontextmanager
async def client(url: str, **changes: Any) -> AsyncIterator[RingostatClient]:
    settings = make_settings(base_url=url, **({"timeout_seconds": 2.0} | changes))
    made = RingostatClient(settings, Impatient(), lambda: 0.5, NoTelemetry())
    try:
        yield made
    finally:
        await made.close()


def anything(project_id: int) -> Call[object]:
    """A request whose result is handed on as it was decoded."""
    params = {"projectId": project_id}
    return Call("getCustomStatuses", "/rsp-api-v3", params, lambda result, _sent: result)


async def ask(script: "Script | bytes", **changes: Any) -> tuple[Peer, str | object, float]:
    """What came of one question: the peer, the result or the reason, and the seconds it took."""
    async with peer(script) as made, client(made.url, **changes) as asking:
        started = time.perf_counter()
        told = ""
        try:
            found: str | object = (await asking.fetch(anything(1), KEY, InFlight())).value
        except PollError as error:
            told, found = f"{error} {error!r}", error.reason
        assert "canary" not in told
        return made, found, time.perf_counter() - started


def run(script: "Script | bytes", **changes: Any) -> tuple[Peer, str | object, float]:
    return run_real(ask(script, **changes))


def test_the_request_is_as_documented_and_carries_the_key() -> None:
    """Path, method, parameters and headers as they go over the wire."""
    made, found, _ = run(reply(OK))
    assert found == []
    head, body = made.requests[0].split(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0] == "post /rsp-api-v3 http/1.1"
    assert "auth-key: key-canary" in lines
    assert "accept-encoding: identity" in lines
    assert b'"method": "getCustomStatuses", "params": {"projectId": 1}' in body


@pytest.mark.parametrize(
    ("answer", "reason", "requests"),
    [
        (reply(b"", "204 No Content"), "decode", 1),
        (reply(b""), "decode", 1),
        (reply(b"<html>"), "decode", 1),
        (reply(b"\xef\xbb\xbf" + OK, "200 OK", "Content-Type: text/html"), [], 1),
        (reply(b"x", "400 Bad"), "http_4xx", 1),
        (reply(b"x", "404 No"), "http_4xx", 1),
        (reply(b"x", "405 No"), "http_4xx", 1),
        (reply(OK, "401 No"), "auth", 1),
        (reply(OK, "403 No"), "forbidden", 1),
        (reply(b"", "429 Slow"), "rate_limited", 1),
        (reply(OK, "500 Oops"), "http_5xx", 3),
        (reply(OK, "503 Oops"), "http_5xx", 3),
        (reply(b"", "302 Found", "Location: http://127.0.0.1:9/x"), "redirect", 1),
        (reply(b"", "307 Found", "Location: /x"), "redirect", 1),
        (reply(b"", "302 Found", "Location: http://xn--/"), "redirect", 1),
        (reply(b"", "301 Moved", "Location: http://key-canary/"), "redirect", 1),
        (reply(b"", "308 Moved", "Location: http://[::1"), "redirect", 1),
        (reply(b"", "302 Found", "Location: http://" + "a" * 60_000), "redirect", 1),
        (reply(OK, "200 OK", "Location: http://xn--/"), [], 1),
        (reply(OK, "200 OK", "Set-Cookie: a=b; expires=Mon, 01 Jan 99999999999 0:0:0 GMT"), [], 1),
        (reply(OK, "200 OK", "Content-Encoding:"), [], 1),
        (reply(OK, "200 OK", "Content-Encoding: utf-8"), [], 1),
        (reply(OK, "200 OK", "Content-Encoding: identity, identity"), [], 1),
        (reply(OK, "200 OK", "Content-Encoding: gzip, identity"), "encoding", 1),
        (reply(OK, "200 OK", "Content-Type: ;;charset=\xff", "Date: junk"), [], 1),
        (b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", "protocol", 3),
        (reply(b"x" * 50, "200 OK", "Content-Encoding: gzip"), "encoding", 1),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n", "too_large", 1),
        (reply(b'{"id": 9, "result": []}'), "schema", 1),
        (reply(b'{"id": 1, "error": {"code": -32603}}'), "rpc_error", 2),
        (reply(b'{"id": 1, "error": {"code": -32602}}'), "rpc_error", 1),
        (b"what is this\r\n\r\n", "protocol", 3),
    ],
)
def test_answers_and_how_often_they_are_asked_for(
    answer: bytes, reason: object, requests: int
) -> None:
    """Each kind of answer has its reason and its number of attempts."""
    made, found, _ = run(answer)
    assert found == reason
    assert len(made.requests) == requests


async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()  # until the client has had enough


def dripping(head: bytes, drop: bytes) -> Script:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.1)  # noqa: TID251

    return drip


@pytest.mark.parametrize(
    "script",
    [
        hang,
        dripping(b"H", b"T"),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nX-A: ", b"x"),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
    ],
    ids=["silence", "status line", "1xx", "headers", "body"],
)
def test_an_attempt_ends_at_its_deadline_whatever_drips(script: Script) -> None:
    """It ends at `api.timeout`, within half a second, and is tried three times.

    docs/faults.md#upstream
    """
    made, found, took = run(script, timeout_seconds=0.8)
    assert found == "timeout"
    assert len(made.requests) == 3
    assert 3 * 0.8 - 0.1 <= took <= 3 * (0.8 + 0.5)


def test_endless_chunks_are_cut_at_the_limit() -> None:
    """Reading stops at `max_response_bytes`, and memory stays small."""

    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b" " * 4096 + b"\r\n")
            await writer.drain()

    before = resident_bytes()
    _, found, _ = run(endless, max_response_bytes=100_000)
    assert found == "too_large"
    assert resident_bytes() - before < 32 * 2**20


def test_a_peer_that_takes_no_connection_is_a_timeout() -> None:
    """A full queue: the kernel drops what knocks, as a black hole would."""

    async def main(url: str) -> tuple[str, float]:
        async with client(url, timeout_seconds=0.5) as asking:
            started = time.perf_counter()
            with pytest.raises(PollError) as caught:
                await asking.fetch(anything(1), KEY, InFlight())
            return caught.value.reason, time.perf_counter() - started

    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        knocking = [socket.socket() for _ in range(4)]
        for one in knocking:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        reason, took = run_real(main(f"http://127.0.0.1:{full.getsockname()[1]}"))
        for one in knocking:
            one.close()
    assert reason == "timeout"
    assert 1.4 <= took <= 3 * (0.5 + 0.5)


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + OK,
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id',
    ],
)
def test_a_connection_that_ends_too_early_is_no_answer(part: bytes) -> None:
    """A body that is cut is tried again and never read in part."""

    async def cut(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(part)
        await writer.drain()

    made, found, _ = run(cut)
    assert found == "protocol"
    assert len(made.requests) == 3


def test_nobody_listens_and_no_such_host() -> None:
    """A refused connection is `connect`, an unknown name is `dns`."""

    async def main(url: str) -> str:
        async with client(url) as asking:
            with pytest.raises(PollError) as caught:
                await asking.fetch(anything(1), KEY, InFlight())
            return caught.value.reason

    assert run_real(main("http://127.0.0.1:1")) == "connect"
    assert run_real(main("http://host.invalid:1")) == "dns"


def test_a_kept_connection_that_the_peer_closed_is_repeated_in_silence() -> None:
    """It is no failure: another connection is made without a pause."""

    async def main() -> tuple[int, list[float]]:
        async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            number = len(made.requests)
            if number == 2:
                return  # the kept connection: gone without a word
            writer.write(reply(b'{"id": %d, "result": []}' % number_of(made.requests[-1])))
            await writer.drain()
            if number == 1:
                head = await reader.readuntil(b"\r\n\r\n")
                made.requests.append(head)

        async with peer(once) as made, client(made.url) as asking:
            await asking.fetch(anything(1), KEY, InFlight())
            await asking.fetch(anything(1), KEY, InFlight())
            clock = asking._clock
            assert isinstance(clock, Impatient)
            return made.connections, clock.slept

    connections, slept = run_real(main())
    assert connections == 2
    assert slept == []


def number_of(request: bytes) -> int:
    return int(request.split(b'{"id": ')[1].split(b",")[0])


def test_redirects_cookies_and_proxies_of_the_environment_are_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing but the configuration decides where a request goes and what it carries."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def main() -> list[bytes]:
        async def cookie(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            number = number_of(made.requests[-1])
            writer.write(reply(b'{"id": %d, "result": []}' % number, "200 OK", "Set-Cookie: a=b"))
            await writer.drain()

        async with peer(cookie) as made, client(made.url) as asking:
            await asking.fetch(anything(1), KEY, InFlight())
            await asking.fetch(anything(1), KEY, InFlight())
            return made.requests

    requests = run_real(main())
    assert len(requests) == 2
    assert b"cookie" not in requests[1].lower()


def test_requests_are_spaced_and_no_more_at_once_than_allowed() -> None:
    """`requests_per_second` and `max_concurrency` hold over all projects."""

    async def main() -> tuple[float, int]:
        busy = most = 0

        async def slow(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal busy, most
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.2)  # noqa: TID251
            busy -= 1
            writer.write(reply(b'{"id": %d, "result": []}' % number_of(made.requests[-1])))
            await writer.drain()

        async with (
            peer(slow) as made,
            client(made.url, max_concurrency=3, requests_per_second=20.0) as asking,
        ):
            started = time.perf_counter()
            await asyncio.gather(
                *(asking.fetch(anything(n), KEY, InFlight()) for n in range(9)),
                return_exceptions=True,
            )
            return time.perf_counter() - started, most

    took, most = run_real(main())
    assert most <= 3
    assert took >= 0.39


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Wed, 25 Mar 2026 12:02:00 GMT", 120),
        ("Wed, 25 Mar 2026 11:00:00 GMT", 60),
        (None, 60),
        ("", 60),
        ("-5", 60),
        ("soon", 60),
        ("nan", 60),
        ("1e9", 900),
        ("1000000000", 900),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 900),
    ],
)
def test_retry_after(value: str | None, seconds: float) -> None:
    """Seconds and dates are read, up to 900; whatever is junk is 60."""
    assert read_retry_after(value, 1774440000.0) == seconds  # 2026-03-25 12:00 UTC


def test_every_exception_of_httpx_is_mapped() -> None:
    """Each has a reason other than `internal`, and its text is never used."""

    def leaves(kind: type[Exception]) -> list[type[Exception]]:
        below = kind.__subclasses__()
        return [leaf for one in below for leaf in leaves(one)] if below else [kind]

    for kind in leaves(httpx.TransportError):
        error = kind("KEY-canary")
        mapped = to_poll_error(error)
        assert not isinstance(mapped, InternalError), kind
        assert "canary" not in str(mapped)
    assert to_poll_error(ValueError("KEY-canary")).reason == "internal"


def test_certificates_are_verified_and_their_failure_not_retried() -> None:
    """A certificate that is not trusted is `tls`, once."""
    error = httpx.ConnectError("x")
    cause = ssl.SSLCertVerificationError(1, "x")
    cause.verify_message = "self-signed certificate"
    error.__cause__ = cause
    mapped = to_poll_error(error)
    assert mapped.reason == "tls"
    assert mapped.retries == 0

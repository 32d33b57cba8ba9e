"""The client on real sockets: deadlines, limits, retries, and what never leaves the host."""

import asyncio
import ssl
import time

import httpx
import pytest

from exporter.errors import InternalError, PollError
from exporter.ringostat.failures import read_retry_after, to_poll_error
from exporter.ringostat.reply import InFlight
from tests.support.peers import KEY, OK, Impatient, anything, client, number_of, peer, reply, run
from tests.support.real import run_real


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

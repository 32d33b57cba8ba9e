"""Every byte and every request of a connection counts, in whatever state the parser is."""

import asyncio
import contextlib

import pytest

from tests.support.real import resident_bytes, run_real
from tests.web.test_protocol import BODY, fetch, serving

_POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
_CHUNKED = _POST + b"Transfer-Encoding: chunked\r\n\r\n"
_TINY = b"GET /tiny HTTP/1.1\r\nHost: x\r\n\r\n"


async def send_all(port: int, first: bytes, repeated: bytes, total: int) -> int:
    """How many bytes of so many the server takes before it ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.create_task(swallow(reader))
    writer.write(first)
    sent = 0
    part = repeated * max(1, 65_536 // len(repeated))
    with contextlib.suppress(ConnectionError):
        while sent < total and not reading.done():
            writer.write(part)
            await writer.drain()
            sent += len(part)
    writer.transport.abort()
    await asyncio.wait({reading})
    return sent


async def swallow(reader: asyncio.StreamReader) -> bytes:
    """Everything until the end of the connection."""
    answer = b""
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(1 << 20):
            answer += part[:2000]
    return answer


@pytest.mark.parametrize(
    ("first", "repeated"),
    [
        (_CHUNKED + b"0\r\n", b"X-Trailer: abcdef\r\n"),
        (_CHUNKED + b"0\r\nX-Trailer: ", b"a"),
        (_CHUNKED, b"1;extension=abcdefgh\r\nx\r\n"),
        (_CHUNKED + b"5;", b"a"),
        (_CHUNKED, b"000000001\r\nx\r\n"),
        (_POST, b"X-Header: a\r\n"),
        (b"GET /", b"a"),
        (b"GET / HTTP/1.1\r\nX-A: ", b"a"),
        (b"", b"\r\n"),
        (_POST + b"Content-Length: 90000000\r\n\r\n", b"x"),
        (_CHUNKED, b"4000\r\n" + b"x" * 0x4000 + b"\r\n"),
    ],
    ids=[
        "trailers",
        "one trailer",
        "chunk extensions",
        "one extension",
        "chunk sizes",
        "headers",
        "URL",
        "one header",
        "blank lines",
        "body",
        "chunked body",
    ],
)
def test_endless_bytes_end_the_connection_and_cost_no_memory(
    first: bytes, repeated: bytes
) -> None:
    """70 MB in any part of a request are cut long before; another client is served meanwhile."""

    async def main() -> tuple[int, int]:
        async with serving() as port:
            await fetch(port)
            before = resident_bytes()
            sent = await send_all(port, first, repeated, 70 << 20)
            assert await fetch(port) == len(BODY)
            return sent, resident_bytes() - before

    sent, grown = run_real(main())
    # What sockets keep on both sides comes on top of the limits, 64 KiB and 16 MiB.
    assert sent < 40 << 20
    assert grown < 32 << 20


@pytest.mark.parametrize("count", [20, 500, 4000])
def test_of_many_requests_of_one_packet_a_few_are_answered(count: int) -> None:
    """The connection ends after these, and says so in the last answer."""

    async def main() -> bytes:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_TINY * count)
            async with asyncio.timeout(5):
                answer = await swallow(reader)
            writer.close()
            return answer

    answer = run_real(main())
    assert 1 <= answer.count(b"HTTP/1.1 200") <= 16
    assert answer.count(b"connection: close") == 1


def test_requests_one_after_the_other_are_all_answered() -> None:
    """The bound is on what comes at once, not on a connection that is kept."""

    async def main() -> int:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            answered = 0
            for _ in range(50):
                writer.write(_TINY)
                head = await reader.readuntil(b"\r\n\r\n")
                answered += head.startswith(b"HTTP/1.1 200")
                await reader.readexactly(2)
            writer.close()
            return answered

    assert run_real(main()) == 50


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"NONSENSE\r\n\r\n", b"400"),
        (b"GET http:// HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (b"CONNECT x:1 HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n", b"431"),
    ],
)
def test_what_the_protocol_answers_itself_has_the_safe_headers_too(
    sent: bytes, status: bytes
) -> None:
    """An answer that never came near the application is neither cached nor sniffed."""

    async def main() -> bytes:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            answer = await swallow(reader)
            writer.close()
            return answer

    answer = run_real(main())
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"cache-control: no-store\r\n" in answer
    assert b"x-content-type-options: nosniff\r\n" in answer


def test_what_follows_a_request_does_not_cut_its_answer() -> None:
    """Nonsense after a good request ends the connection behind the answer, not within it."""

    async def main() -> bytes:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(_TINY + b"NONSENSE\r\n\r\n")
            answer = await swallow(reader)
            writer.close()
            return answer

    answer = run_real(main())
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\nok")

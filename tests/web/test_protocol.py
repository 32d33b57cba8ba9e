"""Connections that are held without need are ended; honest ones beside them are served."""

import asyncio
import contextlib
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from exporter.web.address import Address, bind
from exporter.web.protocol import GuardedProtocol
from exporter.web.server import Server
from tests.support.real import run_real

BODY = b"x" * 8_000_000
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Impatient(GuardedProtocol):
    request_seconds = 0.4
    write_seconds = 0.4


async def application(scope: Any, _receive: Any, send: Any) -> None:
    body = b"ok" if scope["path"] == "/tiny" else BODY
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-length", str(len(body)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    listener = bind(Address("127.0.0.1", 0))
    server = Server(application, [listener], protocol=Impatient)
    await server.start()
    try:
        yield listener.getsockname()[1]
    finally:
        await server.stop()


async def ended(reader: asyncio.StreamReader, within: float) -> bool:
    """Whether the server ends the connection in that time."""
    try:
        async with asyncio.timeout(within):
            while await reader.read(65536):
                pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


async def fetch(port: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    response = await reader.read(-1)
    writer.close()
    return len(response.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_a_header_that_does_not_come_whole_ends_the_connection(sent: bytes) -> None:
    """A silent or incomplete request is cut at the deadline, and others are served meanwhile."""

    async def main() -> None:
        async with serving() as port:
            held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(20)]
            for _, writer in held:
                writer.write(sent)
            assert await fetch(port) == len(BODY)
            assert all([await ended(reader, 2) for reader, _ in held])
            for _, writer in held:
                writer.close()

    run_real(main())


@pytest.mark.parametrize(
    ("first", "dripped"),
    [
        (b"", b"GET / HTTP/1.1\r\nX-A: " + b"a" * 1000),
        (b"", b"\r\n" * 500),
        (REQUEST, b"GET / HTTP/1.1\r\nX-A: " + b"a" * 1000),
        (REQUEST, b"\r\n" * 500),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n", b"a" * 1000),
    ],
    ids=["header", "blank lines", "second header", "blank lines after", "body"],
)
def test_a_request_that_drips_ends_the_connection_too(first: bytes, dripped: bytes) -> None:
    """Dripping bytes never extend a request's deadline: in a header, between two, in a body."""

    async def main() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(first)
            drip = asyncio.create_task(drop_by_drop(writer))
            assert await ended(reader, 2)
            drip.cancel()
            writer.close()

    async def drop_by_drop(writer: asyncio.StreamWriter) -> None:
        for byte in dripped:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)  # noqa: TID251

    run_real(main())


def test_a_reader_that_stalls_is_dropped() -> None:
    """A client that does not read its answer is disconnected; the next one gets all of it."""

    async def main() -> None:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
            writer.write(REQUEST)
            await asyncio.sleep(1.2)  # noqa: TID251
            taken = 0
            try:
                while part := await reader.read(65536):
                    taken += len(part)
            except ConnectionError:
                pass
            assert taken < len(BODY)
            writer.close()
            assert await fetch(port) == len(BODY)

    run_real(main())


def test_an_answer_that_takes_longer_than_a_header_may_is_not_cut() -> None:
    """The deadline is the request's: an answer that takes longer is sent to its end."""

    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.sleep(1)  # noqa: TID251
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"at last"})

    async def main() -> bytes:
        listener = bind(Address("127.0.0.1", 0))
        server = Server(slow, [listener], protocol=Impatient)
        await server.start()
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        response = await reader.read(-1)
        writer.close()
        await server.stop()
        return response

    assert b"at last" in run_real(main())


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 102_400 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 102_400 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 12_800 + b"\r\n",
    ],
    ids=["URL", "header", "headers"],
)
def test_a_header_of_a_hundred_kibibytes_is_turned_away(sent: bytes) -> None:
    """A header over 64 KiB is answered with 431 or a closed connection."""

    async def main() -> bytes:
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(sent)
            response = b""
            with contextlib.suppress(ConnectionError):
                async with asyncio.timeout(2):
                    response = await reader.read(-1)
            writer.close()
            assert await fetch(port) == len(BODY)
            return response

    answer = run_real(main())
    assert answer == b"" or answer.startswith(b"HTTP/1.1 431 ")


def test_connections_over_the_cap_are_turned_away() -> None:
    """At the cap, which follows the descriptor limit, the oldest silent connection is closed."""

    async def main() -> int:
        async with serving() as port:
            held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(12)]
            await asyncio.sleep(0.1)  # noqa: TID251
            assert await fetch(port) == len(BODY)
            closed = [await ended(reader, 0.02) for reader, _ in held]
            for _, writer in held:
                writer.close()
            assert closed == sorted(closed, reverse=True)  # the oldest ones
            return sum(closed)

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    # The cap is the soft limit less 128: five connections.
    resource.setrlimit(resource.RLIMIT_NOFILE, (133, before[1]))
    try:
        assert run_real(main()) == 8
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)

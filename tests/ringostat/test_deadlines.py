"""The client's deadlines and limits on real sockets: what drips, never ends or ends too early."""

import asyncio
import socket
import time

import pytest

from exporter.errors import PollError
from exporter.ringostat.reply import InFlight
from tests.support.peers import KEY, OK, Script, anything, client, run
from tests.support.real import resident_bytes, run_real


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

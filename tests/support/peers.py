"""Peers on real sockets that do to each request what a test says, and a client that asks them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from exporter.clock import SystemClock
from exporter.errors import PollError
from exporter.ringostat.calls import Call
from exporter.ringostat.client import RingostatClient
from exporter.ringostat.key import Secret
from exporter.ringostat.reply import InFlight
from tests.support.exporting import NoTelemetry, make_settings
from tests.support.real import run_real

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


def number_of(request: bytes) -> int:
    return int(request.split(b'{"id": ')[1].split(b",")[0])

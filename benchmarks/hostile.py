"""An upstream that answers what an exporter must survive: `python -m benchmarks.hostile KIND`.

Project 1 is answered with what KIND says, project 2 with a small report. Prints its port, and on
a line of stdin the longest pause between two questions for project 2, in seconds.
"""

import asyncio
import itertools
import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import uvloop

from benchmarks.data import duration, rows
from exporter.web.address import Address, bind
from exporter.web.server import Server

_STATUSES = ("online", "offline", "dnd", "speaking")


def _wide(people: int, statuses: int, turn: int) -> list[dict[str, str]]:
    """People with many statuses, every value new with every turn."""
    keys = [*_STATUSES, *(f"s{number}" for number in range(statuses - 4))]
    return [
        {"employee": f"Person {number}"}
        | {key: duration((turn * 7 + number + place) % 80_000) for place, key in enumerate(keys)}
        for number in range(people)
    ]


def _new_names(turn: int) -> list[dict[str, str]]:
    """5,000 names that nobody saw before."""
    return [{"employee": f"P{turn}-{n}", "online": "01:00:00"} for n in range(5000)]


KINDS: dict[str, Callable[[int], bytes]] = {
    "small": lambda turn: json.dumps(rows(20, 6, turn)).encode(),
    "empty-keys": lambda _turn: b"[" + b'{"":0},' * 299_000 + b"{}]",
    "empty-keys-8": lambda _turn: b"[" + b'{"":0},' * 1_198_000 + b"{}]",
    "nested": lambda _turn: b"[" * 1_000_000 + b"]" * 1_000_000,
    "lists": lambda _turn: b"[" + b"[]," * 690_000 + b"[]]",
    "numbers": lambda _turn: b"[" + b"1e5," * 520_000 + b"1]",
    "one-text": lambda _turn: b'["' + b"\\u0416" * 340_000 + b'"]',
    "most-rows": lambda turn: json.dumps(_wide(5000, 22, turn)).encode()[: 2 << 20],
    "wide": lambda turn: json.dumps(_wide(5000, 20, turn)).encode(),
    "5000x64": lambda turn: json.dumps(_wide(5000, 64, turn)).encode(),
    "new-names": lambda turn: json.dumps(_new_names(turn)).encode(),
}


class Hostile:
    """An ASGI application."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._turns = itertools.count()
        self._asked: float | None = None
        self.longest = 0.0

    def _result(self, asked: dict[str, Any]) -> bytes:
        turn = next(self._turns)
        report = asked["method"] == "getSipStatusDailyReport"
        if asked["params"]["projectId"] == 1:
            if self._kind == "catalog" and not report:
                return json.dumps([{"id": n, "title": f"T{n}"} for n in range(60_000)]).encode()
            return KINDS.get(self._kind, KINDS["small"])(turn) if report else b"[]"
        if report:
            now = time.monotonic()
            self.longest = max(self.longest, now - (self._asked or now))
            self._asked = now
        return KINDS["small"](turn) if report else b"[]"

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        asked = json.loads((await receive())["body"])
        body = b'{"jsonrpc": "2.0", "id": %d, "result": %s}' % (asked["id"], self._result(asked))
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def main() -> None:
    listener = bind(Address("127.0.0.1", 0))
    application = Hostile(sys.argv[1])
    server = Server(application, [listener])
    await server.start()

    def listen() -> None:
        for _ in sys.stdin:
            print(f"longest {application.longest:.3f}", flush=True)

    threading.Thread(target=listen, daemon=True).start()
    print(f"port {listener.getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())

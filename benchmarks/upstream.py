"""A stand-in for Ringostat that costs little: `python -m benchmarks.upstream PEOPLE STATUSES`.

Every report is one of a few prepared ones; only the id is new. Prints its port.
"""

import asyncio
import json
import sys
from typing import Any

import uvloop

from benchmarks.data import rows
from exporter.web.address import Address, bind
from exporter.web.server import Server

_VARIANTS = 8


class Upstream:
    """An ASGI application."""

    def __init__(self, people: int, statuses: int) -> None:
        # The same people each time, as a contact centre has them; their seconds are others.
        names = [row["employee"] for row in rows(people, statuses, 0)]
        self._bodies = [
            b'"result": ' + json.dumps(report, ensure_ascii=False).encode() + b"}"
            for report in (
                [{**row, "employee": name} for row, name in zip(found, names, strict=True)]
                for found in (rows(people, statuses, n) for n in range(_VARIANTS))
            )
        ]
        self._turn = 0

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        asked = json.loads((await receive())["body"])
        self._turn += 1
        report = asked["method"] == "getSipStatusDailyReport"
        result = self._bodies[self._turn % _VARIANTS] if report else b'"result": []}'
        body = b'{"jsonrpc": "2.0", "id": %d, %s' % (asked["id"], result)
        headers = [(b"content-length", b"%d" % len(body)), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def main() -> None:
    listener = bind(Address("127.0.0.1", 0))
    server = Server(Upstream(int(sys.argv[1]), int(sys.argv[2])), [listener])
    await server.start()
    print(f"port {listener.getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main())

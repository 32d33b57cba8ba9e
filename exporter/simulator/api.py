"""The two methods of the API as an ASGI application, with faults on request.

It answers as the API description shows; it shares nothing with the code that reads the answers.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from exporter.simulator.centre import OFFLINE, ONLINE, Centre
from exporter.simulator.desks import Desk

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# The sample reply of method 2 exactly as the description prints it: it is not JSON.
_DOCUMENTED = """{
"jsonrpc": "2.0",
"result": [
{"employee": "TEST CY", "online": "01:31:55", "offline": "10:13:15"},
{"employee": "AI IVR Test", "online": "11:44:49", "offline": "00:00:21"},
{"employee": "Sergiy Test", "online": "11:44:49", "offline": "00:00:21"}
"id": 1
],
}
"""
_HTML = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"
_METHODS = {"/rsp-api-v3": "getCustomStatuses", "/api/json-rpc": "getSipStatusDailyReport"}
_DRIP_SECONDS = 0.4
_MAX_BODY = 65536

FAULTS = (
    "400",
    "401",
    "403",
    "429",
    "500",
    "503",
    "cut",
    "documented",
    "drip",
    "empty",
    "frozen",
    "hang",
    "html",
    "rpc-error",
)


@dataclass(slots=True)
class Faults:
    """What goes wrong, and how often. May be changed while the simulator serves.

    Attributes:
        kinds: Of `FAULTS`; one of them is drawn for each request that fails.
        rate: Share of the requests that fail, 0 to 1.
        projects: Whose requests; empty: everybody's.
        latency: Seconds before every answer.
        retry_after: The header of a 429.
        frozen_at: Unix time at which a frozen report stands still.
    """

    kinds: tuple[str, ...] = ()
    rate: float = 1.0
    projects: frozenset[int] = frozenset()
    latency: float = 0.0
    retry_after: str | None = "30"
    frozen_at: float | None = None


@dataclass(slots=True)
class HttpAnswer:
    """One HTTP answer."""

    status: int
    body: bytes
    content_type: bytes = b"application/json"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    announced: int | None = None
    drip: bool = False


def duration(seconds: int) -> str:
    """5515 -> `01:31:55`."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


class SimulatedApi:
    """An ASGI application. `now` tells Unix time; `sleep` waits."""

    def __init__(
        self,
        centre: Centre,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        auth_key: str = "demo-key",
        faults: Faults | None = None,
    ) -> None:
        self.centre = centre
        self.faults = faults or Faults()
        self._now = now
        self._sleep = sleep
        self._auth_key = auth_key
        self._dice = random.Random(centre.seed)  # noqa: S311 - which request fails

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Receive, send: Send
    ) -> None:
        """Answers one request."""
        body = await self._read(receive)
        answer = await self._answer(scope, body)
        length = len(answer.body) if answer.announced is None else answer.announced
        headers = [
            (b"content-type", answer.content_type),
            (b"content-length", str(length).encode()),
            *answer.headers,
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        if answer.drip:
            for position in range(len(answer.body)):
                piece = answer.body[position : position + 1]
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                await self._sleep(_DRIP_SECONDS)
        else:
            await send({"type": "http.response.body", "body": answer.body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _read(self, receive: Receive) -> bytes:
        parts = []
        size = 0
        while True:
            message = await receive()
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > _MAX_BODY or not message.get("more_body"):
                return b"".join(parts)

    async def _answer(self, scope: MutableMapping[str, Any], body: bytes) -> HttpAnswer:
        if scope["method"] != "POST":
            return HttpAnswer(405, b"", headers=[(b"allow", b"POST")])
        if scope["path"] not in _METHODS:
            return HttpAnswer(404, b"not found", b"text/plain")
        try:
            request = json.loads(body)
            project_id = request["params"]["projectId"]
            method, number = request["method"], request["id"]
        except (ValueError, KeyError, TypeError):
            return HttpAnswer(400, b'{"error": "bad request"}')
        await self._sleep(self.faults.latency)
        fault = self._fault(project_id)
        broken = await self._broken(fault) if fault is not None else None
        if broken is not None:
            return broken
        if dict(scope["headers"]).get(b"auth-key") != self._auth_key.encode():
            return HttpAnswer(401, b'{"error": "Unauthorized"}')
        desk = self.centre.desks.get(project_id)
        if desk is None:
            return _error(number, -32000, "Project not found")
        if method != _METHODS[scope["path"]]:
            return _error(number, -32601, "Method not found")
        if method == "getCustomStatuses":
            # The description's sample answers the number 777 with the string "777".
            entries = [{"id": key, "title": title} for key, title in desk.custom.items()]
            return _result(str(number), entries)
        moment = self.faults.frozen_at if fault == "frozen" else None
        return self._report_answer(desk, number, request["params"], moment)

    def _report_answer(
        self, desk: Desk, number: object, params: dict[str, Any], moment: float | None
    ) -> HttpAnswer:
        try:
            days = params["filter"]
            first, last = date.fromisoformat(days["from"]), date.fromisoformat(days["to"])
        except (ValueError, KeyError, TypeError):
            return _error(number, -32602, "Invalid params")
        return _result(number, self.report(desk, first, last, moment))

    def report(
        self, desk: Desk, first: date, last: date, moment: float | None = None
    ) -> list[dict[str, str]]:
        """The rows of method 2, one a person, as of a moment; a status never held is left out."""
        now = int(self._now() if moment is None else moment)
        keys = {
            title: str(number) if desk.by_id else title for number, title in desk.custom.items()
        }
        rows = []
        for index, person in enumerate(desk.people):
            totals = self.centre.totals(desk, index, first, last, now)
            row = {"employee": person.name}
            for status in (ONLINE, OFFLINE):
                row[status] = duration(totals.pop(status, 0))
            row |= {keys.get(status, status): duration(n) for status, n in totals.items()}
            rows.append(row)
        return rows

    def _fault(self, project_id: object) -> str | None:
        faults = self.faults
        if not faults.kinds or (faults.projects and project_id not in faults.projects):
            return None
        if self._dice.random() >= faults.rate:
            return None
        return self._dice.choice(faults.kinds)

    async def _broken(self, fault: str) -> HttpAnswer | None:
        """The answer of a fault; None where the answer is good but for its values."""
        if fault == "frozen":
            self.faults.frozen_at = self.faults.frozen_at or self._now()
            return None
        if fault == "hang":
            await asyncio.Event().wait()
        if fault == "429":
            value = self.faults.retry_after
            headers = [] if value is None else [(b"retry-after", value.encode())]
            return HttpAnswer(429, b"", headers=headers)
        if fault.isdecimal():
            return HttpAnswer(int(fault), b'{"error": "simulated"}')
        if fault == "rpc-error":
            return _error(1, -32603, "Internal error")
        page = _HTML.encode()
        answers = {
            "html": HttpAnswer(200, page, b"text/html"),
            "documented": HttpAnswer(200, _DOCUMENTED.encode()),
            "empty": HttpAnswer(200, b""),
            "cut": HttpAnswer(200, b'{"jsonrpc": "2.0", "result": [', announced=4000),
            "drip": HttpAnswer(200, page, b"text/html", drip=True),
        }
        return answers[fault]


def _result(number: object, result: object) -> HttpAnswer:
    body = {"jsonrpc": "2.0", "result": result, "id": number}
    return HttpAnswer(200, json.dumps(body, ensure_ascii=False).encode())


def _error(number: object, code: int, message: str) -> HttpAnswer:
    body = {"jsonrpc": "2.0", "error": {"code": code, "message": message}, "id": number}
    return HttpAnswer(200, json.dumps(body).encode())

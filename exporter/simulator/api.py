"""The methods of the API as an ASGI application, with faults on request.

It answers as the API's descriptions show; it shares nothing with the code that reads the answers.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from exporter.simulator.centre import Centre
from exporter.simulator.daily_report import duration, report_rows
from exporter.simulator.desks import Desk
from exporter.simulator.faults import (
    CATALOG,
    FAULTS,
    REPORT,
    SIP_ONLINE,
    SIP_SPEAKING,
    STAFF,
    Faults,
    fault_answer,
)
from exporter.simulator.http_answers import HttpAnswer, json_answer, rpc_error, rpc_result
from exporter.simulator.sip import online_logins, reachable_logins, speaking_logins, statuses_at
from exporter.simulator.staff_list import KEYED, NOBODY, staff_list

# What users of the simulator need beside it.
__all__ = ["FAULTS", "FORBIDDABLE", "Faults", "SimulatedApi", "duration", "project_key"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_METHODS = {"/rsp-api-v3": (CATALOG,), "/api/json-rpc": (REPORT, STAFF)}
_SIP_LISTS = {f"/{method}": method for method in (SIP_ONLINE, SIP_SPEAKING)}
# Word of --forbid -> the methods that no key may call.
_CORNERS = {"staff": (STAFF,), "sip": (SIP_ONLINE, SIP_SPEAKING)}
FORBIDDABLE = tuple(_CORNERS)
_DRIP_SECONDS = 0.4
_MAX_BODY = 65536


def project_key(auth_key: str, project_id: int) -> str:
    """The key that is one project's alone, of the key that is accepted for all."""
    return f"{auth_key}-{project_id}"


@dataclass(frozen=True, slots=True)
class _Call:
    """A JSON-RPC request."""

    method: str
    number: object
    project_id: Any
    params: dict[str, Any]


class SimulatedApi:
    """An ASGI application. `now` tells Unix time; `sleep` waits.

    `auth_key` is accepted for every project, and `project_key` of it for one. The staff list has
    one of `staff.SHAPES`; what is forbidden (`FORBIDDABLE`) is answered with 403.
    """

    def __init__(
        self,
        centre: Centre,
        now: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        auth_key: str = "demo-key",
        faults: Faults | None = None,
        *,
        staff_shape: str = KEYED,
        forbidden: frozenset[str] = frozenset(),
    ) -> None:
        self.centre = centre
        self.faults = faults or Faults()
        self._now = now
        self._sleep = sleep
        self._auth_key = auth_key.encode()
        self._project_of = {project_key(auth_key, one).encode(): one for one in centre.desks}
        self._staff_shape = staff_shape
        self._forbidden = {method for word in forbidden for method in _CORNERS[word]}
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

    def report(
        self, desk: Desk, first: date, last: date, moment: float | None = None
    ) -> list[dict[str, str]]:
        """The rows of method 2, one a person, as of a moment; a status never held is left out."""
        now = int(self._now() if moment is None else moment)
        people = range(len(desk.people))
        return report_rows(
            desk, [self.centre.totals(desk, index, first, last, now) for index in people]
        )

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
        path = scope["path"]
        key = dict(scope["headers"]).get(b"auth-key", b"")
        if scope["method"] == "GET" and path in _SIP_LISTS:
            return await self._sip_answer(_SIP_LISTS[path], key)
        if scope["method"] != "POST":
            return HttpAnswer(405, b"", headers=[(b"allow", b"POST")])
        if path not in _METHODS:
            return HttpAnswer(404, b"not found", b"text/plain")
        try:
            call = _read_call(body)
        except (ValueError, KeyError, TypeError):
            return HttpAnswer(400, b'{"error": "bad request"}')
        return await self._rpc_answer(path, key, call)

    async def _rpc_answer(self, path: str, key: bytes, call: _Call) -> HttpAnswer:
        moment = await self._disturbed(call.project_id, call.method)
        if isinstance(moment, HttpAnswer):
            return moment
        refusal = self._refusal(key, call.method, call.project_id)
        if refusal is not None:
            return refusal
        desk = self.centre.desks.get(call.project_id)
        if desk is None:
            return rpc_error(call.number, -32000, "Project not found")
        if call.method not in _METHODS[path]:
            return rpc_error(call.number, -32601, "Method not found")
        if call.method == CATALOG:
            # The description's sample answers the number 777 with the string "777".
            entries = [{"id": key, "title": title} for key, title in desk.custom.items()]
            return rpc_result(str(call.number), entries)
        if call.method == STAFF:
            return self._staff_answer(desk, call, moment)
        return self._report_answer(desk, call, moment)

    def _report_answer(self, desk: Desk, call: _Call, moment: float) -> HttpAnswer:
        try:
            days = call.params["filter"]
            first, last = date.fromisoformat(days["from"]), date.fromisoformat(days["to"])
        except (ValueError, KeyError, TypeError):
            return rpc_error(call.number, -32602, "Invalid params")
        return rpc_result(call.number, self.report(desk, first, last, moment))

    def _staff_answer(self, desk: Desk, call: _Call, moment: float) -> HttpAnswer:
        if self._staff_shape == NOBODY:
            return rpc_error(call.number, -32000, "User does not exist")
        reachable = reachable_logins(statuses_at(self.centre, desk, moment))
        full = call.params.get("departmentsFullFormat") is True
        return rpc_result(call.number, staff_list(desk, reachable, full, self._staff_shape))

    async def _sip_answer(self, method: str, key: bytes) -> HttpAnswer:
        project_id = self._project_of.get(key)
        moment = await self._disturbed(project_id, method)
        if isinstance(moment, HttpAnswer):
            return moment
        refusal = self._refusal(key, method, project_id)
        if refusal is not None:
            return refusal
        logins: list[str] = []
        for desk in self.centre.desks.values():
            if project_id in (None, desk.project_id):
                statuses = statuses_at(self.centre, desk, moment)
                online = method == SIP_ONLINE
                logins += online_logins(desk, statuses) if online else speaking_logins(statuses)
        return json_answer(logins)

    def _refusal(self, key: bytes, method: str, project_id: object) -> HttpAnswer | None:
        """401 for a key that is none, 403 for one that may not; None if it may."""
        own = self._project_of.get(key)
        if own is None and key != self._auth_key:
            return HttpAnswer(401, b'{"error": "Unauthorized"}')
        if own not in (None, project_id) or method in self._forbidden:
            return HttpAnswer(403, b'{"error": "Forbidden"}')
        return None

    async def _disturbed(self, project_id: object, method: str) -> HttpAnswer | float:
        """The answer of a fault, or the Unix time as of which to answer."""
        await self._sleep(self.faults.latency)
        faults = self.faults
        if not faults.concern(project_id, method) or self._dice.random() >= faults.rate:
            return self._now()
        fault = self._dice.choice(faults.kinds)
        if fault == "frozen":
            faults.frozen_at = faults.frozen_at or self._now()
            return faults.frozen_at
        if fault == "hang":
            await asyncio.Event().wait()
        return fault_answer(fault, faults.retry_after)


def _read_call(body: bytes) -> _Call:
    request = json.loads(body)
    params = request["params"]
    return _Call(str(request["method"]), request["id"], params["projectId"], params)

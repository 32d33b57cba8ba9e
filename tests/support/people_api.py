"""A stranger's fake of Ringostat: its four corners, whose answers each test sets by key.

Written from the description of the API alone; it knows nothing of the exporter.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.support.http_api import Answer, Request, http_of

CATALOG = "getCustomStatuses"
REPORT = "getSipStatusDailyReport"
STAFF = "getProjectStaffListAndDirections"
ONLINE = "sipstatus/online"
SPEAKING = "sipstatus/speaking"
CORNERS = {
    CATALOG: ("POST", "/rsp-api-v3"),
    REPORT: ("POST", "/api/json-rpc"),
    STAFF: ("POST", "/api/json-rpc"),
    ONLINE: ("GET", "/sipstatus/online"),
    SPEAKING: ("GET", "/sipstatus/speaking"),
}
# Long enough that two requests which are sent side by side are seen side by side.
_SECONDS = 0.02


@dataclass(frozen=True)
class Asked:
    """A request to one corner; `at` is on the monotonic clock, `rpc` the decoded body or {}."""

    corner: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    rpc: Mapping[str, Any]
    at: float


Reply = Callable[[Asked], Answer]


def rpc(result: object) -> Reply:
    """A JSON-RPC reply with this result."""
    return lambda asked: _json({"jsonrpc": "2.0", "id": asked.rpc.get("id"), "result": result})


def rpc_error(message: str, code: int = -32602) -> Reply:
    """HTTP 200 with a JSON-RPC error."""
    error = {"code": code, "message": message}
    return lambda asked: _json({"jsonrpc": "2.0", "id": asked.rpc.get("id"), "error": error})


def bare(value: object) -> Reply:
    """Bare JSON, as the SIP corners answer."""
    return lambda _asked: _json(value)


def status(code: int, body: str = "", **headers: str) -> Reply:
    """Any HTTP status; `Retry_After` is the header Retry-After."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _asked: (code, named, body.encode())


def html(text: str = "Sign in") -> Reply:
    """A page where an answer should be."""
    return status(200, f"<!doctype html><p>{text}</p>", Content_Type="text/html")


def hang(_asked: Asked) -> Answer:
    """Never answers."""
    raise _NeverAnswered


def by_date(replies: Callable[[str], Reply]) -> Reply:
    """A report that depends on the first day asked for."""
    return lambda asked: replies(asked.rpc["params"]["filter"]["from"])(asked)


class _NeverAnswered(Exception):
    pass


def _json(value: object) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


class Account:
    """What one key is answered, and what was asked with it.

    Attributes:
        answers: By corner; a test may replace one at any time.
        asked: Every request.
        most_in_flight: How many requests were under way at once at most.
    """

    def __init__(self, answers: Mapping[str, Reply]) -> None:
        nobody = {CATALOG: rpc([]), REPORT: rpc([]), STAFF: rpc([])}
        self.answers: dict[str, Reply] = {
            **nobody,
            ONLINE: bare([]),
            SPEAKING: bare([]),
            **answers,
        }
        self.asked: list[Asked] = []
        self.most_in_flight = 0
        self._in_flight: list[socket.socket] = []
        self._lock = threading.Lock()

    def began(self, asked: Asked, connection: socket.socket) -> None:
        """Notes a request; one that its client has given up is no longer under way."""
        with self._lock:
            self.asked.append(asked)
            self._in_flight = [other for other in self._in_flight if not _is_gone(other)]
            self._in_flight.append(connection)
            self.most_in_flight = max(self.most_in_flight, len(self._in_flight))

    def ended(self, connection: socket.socket) -> None:
        """Notes the end of a request: before the answer is sent, so that none is seen too late."""
        with self._lock:
            self._in_flight = [other for other in self._in_flight if other is not connection]

    def times(self, corner: str) -> list[float]:
        """When a corner was asked."""
        return [asked.at for asked in list(self.asked) if asked.corner == corner]


class PeopleApi:
    """The fake; `accounts` by Auth-key, any other key is answered 401.

    Attributes:
        accounts: By key.
        url: Where it is served.
        strays: Requests that no corner has, as `METHOD path`.
    """

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.url = ""
        self.strays: list[str] = []
        self.closing = threading.Event()

    def add(self, key: str, answers: Mapping[str, Reply]) -> Account:
        """A further key."""
        self.accounts[key] = Account(answers)
        return self.accounts[key]

    def answer(self, request: Request) -> Answer:
        """What a request is answered."""
        asked = _read(request)
        if CORNERS.get(asked.corner) != (request.method, request.path):
            self.strays.append(f"{request.method} {request.path}")
            return 404, {}, b"no such corner"
        account = self.accounts.get(request.headers.get("auth-key", ""))
        if account is None:
            return 401, {}, b"Unauthorized"
        account.began(asked, request.connection)
        try:
            self.closing.wait(_SECONDS)
            return account.answers[asked.corner](asked)
        except _NeverAnswered:
            return self._never(request.connection)
        finally:
            account.ended(request.connection)

    def _never(self, connection: socket.socket) -> Answer:
        while not _is_gone(connection) and not self.closing.wait(0.02):
            pass
        return 503, {}, b""


@contextmanager
def people_api() -> Iterator[PeopleApi]:
    """A fake that serves until the block ends."""
    made = PeopleApi()
    with http_of(made.answer) as made.url:
        try:
            yield made
        finally:
            made.closing.set()


def _read(request: Request) -> Asked:
    rpc_body: Mapping[str, Any] = json.loads(request.body) if request.method == "POST" else {}
    corner = rpc_body.get("method", "") or request.path.strip("/")
    at = time.monotonic()  # noqa: TID251 - real programs live in real time
    return Asked(corner, request.method, request.path, request.headers, request.body, rpc_body, at)


def _is_gone(connection: socket.socket) -> bool:
    """Whether the other side has closed."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True

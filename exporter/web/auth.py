"""Enforces the web configuration in front of every endpoint: rate limit, basic auth, headers."""

import base64
import binascii

from aiolimiter import AsyncLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exporter.web.answers import text_answer
from exporter.web.password_queue import Attempt
from exporter.web.passwords import PasswordChecker, Verdict
from exporter.web.runbook import RUNBOOK_PATH
from exporter.web.web_config import WebConfig, WebConfigFile

_UNAUTHORIZED = text_answer(
    "Unauthorized", 401, WWW_Authenticate='Basic realm="ringostat-exporter"'
)
_TOO_MANY_REQUESTS = text_answer("Too Many Requests", 429, Retry_After="1")
# Not 401: a client would take its right password for a wrong one.
_UNCHECKED = text_answer("too many passwords to check; try again", 503, Retry_After="1")
# They show no data, and an orchestrator that got no answer would end the process.
_OPEN_PATHS = ("/-/healthy", "/-/ready")
# It shows no data either: whoever follows an alert's link needs no password to read what to do.
_WITHOUT_PASSWORD = (RUNBOOK_PATH,)


class AuthMiddleware:
    """An ASGI application that passes a request on only if the web configuration allows it."""

    def __init__(
        self, application: ASGIApp, config_file: WebConfigFile, passwords: PasswordChecker
    ) -> None:
        self._application = application
        self._config_file = config_file
        self._passwords = passwords
        self._rate: tuple[float, int] | None = None
        self._limiter: AsyncLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 429, 401 or 503, or passes the request on."""
        web_config = self._config_file.current
        if web_config.headers:
            send = _with_headers(web_config, send)
        if scope["path"] in _OPEN_PATHS:
            await self._application(scope, receive, send)
            return
        # The rate limit comes first: a refused request must not cost a bcrypt check.
        if not await self._within_rate(web_config):
            await _TOO_MANY_REQUESTS(scope, receive, send)
            return
        guarded = bool(web_config.users) and scope["path"] not in _WITHOUT_PASSWORD
        verdict = await self._verdict(web_config, scope) if guarded else Verdict.RIGHT
        if verdict is Verdict.RIGHT:
            await self._application(scope, receive, send)
        else:
            refusal = _UNAUTHORIZED if verdict is Verdict.WRONG else _UNCHECKED
            await refusal(scope, receive, send)

    async def _within_rate(self, web_config: WebConfig) -> bool:
        if web_config.rate != self._rate:
            self._rate = web_config.rate
            self._limiter = None
            if web_config.rate is not None:
                interval, burst = web_config.rate
                # AsyncLimiter(capacity, period) empties capacity/period a second: one an interval.
                self._limiter = AsyncLimiter(burst, burst * interval)
        if self._limiter is None:
            return True
        if not self._limiter.has_capacity():
            return False
        await self._limiter.acquire()
        return True

    async def _verdict(self, web_config: WebConfig, scope: Scope) -> Verdict:
        header = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        credentials = _parse_credentials(header)
        if credentials is None:
            return Verdict.WRONG
        client = scope.get("client")
        attempt = Attempt(client[0] if client else "", *credentials)
        return await self._passwords.verify(web_config.users, attempt)


def _parse_credentials(header: bytes) -> tuple[bytes, bytes] | None:
    """Reads user and password from an `Authorization` header (RFC 7617); None if malformed."""
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).partition(b":")
    except binascii.Error:
        return None
    return (user, password) if colon else None


def _with_headers(web_config: WebConfig, send: Send) -> Send:
    """Wraps `send` so that the configured headers replace ours on every response."""
    configured = [(name, value) for name, value in web_config.headers.items() if value]

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = [
                header
                for header in message["headers"]
                if header[0].lower() not in web_config.headers
            ]
            message = {**message, "headers": [*ours, *configured]}
        await send(message)

    return send_with_headers

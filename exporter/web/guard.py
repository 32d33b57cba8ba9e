"""In front of every endpoint: the rate limit, basic auth and headers of the web configuration."""

import base64
import binascii

from aiolimiter import AsyncLimiter
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exporter.web.passwords import Passwords
from exporter.web.web_config import WebConfig, WebConfigFile

_REFUSED = PlainTextResponse(
    "Unauthorized\n", 401, {"WWW-Authenticate": 'Basic realm="ringostat-exporter"'}
)
_TOO_MANY = PlainTextResponse("Too Many Requests\n", 429)


class Guard:
    """An ASGI application that lets through who may."""

    def __init__(self, application: ASGIApp, file: WebConfigFile, passwords: Passwords) -> None:
        self._application = application
        self._file = file
        self._passwords = passwords
        self._rate: tuple[float, int] | None = None
        self._limiter: AsyncLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 429 or 401, or hands the request on."""
        web_config = self._file.refresh()
        if web_config.headers:
            send = _with_headers(web_config, send)
        if not await self._in_rate(web_config):
            await _TOO_MANY(scope, receive, send)
        elif web_config.users and not await self._known(web_config, scope):
            await _REFUSED(scope, receive, send)
        else:
            await self._application(scope, receive, send)

    async def _in_rate(self, web_config: WebConfig) -> bool:
        if web_config.rate != self._rate:
            self._rate = web_config.rate
            self._limiter = None
            if web_config.rate is not None:
                interval, burst = web_config.rate
                # A bucket of `burst` that a request fills by one and `interval` empties by one.
                self._limiter = AsyncLimiter(burst, burst * interval)
        if self._limiter is None:
            return True
        if not self._limiter.has_capacity():
            return False
        await self._limiter.acquire()
        return True

    async def _known(self, web_config: WebConfig, scope: Scope) -> bool:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        found = _credentials(given)
        return found is not None and await self._passwords.right(web_config.users, *found)


def _credentials(header: bytes) -> tuple[bytes, bytes] | None:
    """User and password of an `Authorization` header (RFC 7617); None where there are none."""
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).partition(b":")
    except binascii.Error:
        return None
    return (user, password) if colon else None


def _with_headers(web_config: WebConfig, send: Send) -> Send:
    added = [(name, value) for name, value in web_config.headers.items() if value]

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [
                pair for pair in message["headers"] if pair[0].lower() not in web_config.headers
            ]
            message = {**message, "headers": [*kept, *added]}
        await send(message)

    return send_with_headers

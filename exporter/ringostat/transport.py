"""The network below httpx: every attempt has one deadline, whatever the peer does.

httpx is never cancelled from outside (encode/httpcore #1093: a cancelled request can leak its
pool slot for good), and its own timeouts count each read anew, so a peer that drips a byte now
and then holds a request for ever. Here each connect, handshake, read and write is given the
smaller of its own timeout and what is left of the attempt.
"""

import asyncio
import ssl
import typing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.cookiejar import CookieJar

import httpcore
import httpx

from exporter.ringostat.trust import Trust

# A slot is waited for before the request is made, so the pool is never the queue; httpcore
# walks over all connections at each request's start and end: few are faster than many.
MAX_CONNECTIONS = 10
_CONNECT_SECONDS = 5.0

# The seam of every test: what carries requests.
Network = httpx.AsyncBaseTransport

_deadline: ContextVar[float] = ContextVar("deadline")


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Everything the network does within the block ends that many seconds from now."""
    token = _deadline.set(asyncio.get_running_loop().time() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def _left(timeout: float | None, error: type[Exception]) -> float:
    left = _deadline.get() - asyncio.get_running_loop().time()
    if left <= 0:
        raise error("the attempt's time is over")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection whose every step ends with the attempt."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        limit = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.AsyncNetworkBackend):
    """Opens connections of that kind."""

    def __init__(self) -> None:
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[typing.Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        limit = _left(timeout, httpcore.ConnectTimeout)
        stream = await self._backend.connect_tcp(host, port, limit, local_address, socket_options)
        return _Stream(stream)

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)


def make_transport(trust: Trust, proxy_url: str | None) -> Network:
    """A transport of at most 10 connections, over TLS that is always verified.

    Args:
        trust: Whose certificates are accepted, of the API and of a proxy.
        proxy_url: A proxy for every request; the environment's are not looked at.
    """
    limits = httpx.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=90)
    transport = httpx.AsyncHTTPTransport(
        verify=trust.context,
        trust_env=False,
        limits=limits,
        proxy=None if proxy_url is None else _make_proxy(proxy_url, trust),
    )
    # httpx has no parameter for it; httpcore documents `network_backend` on the pool.
    transport._pool._network_backend = _Backend()
    return transport


def _make_proxy(url: str, trust: Trust) -> httpx.Proxy:
    # Without a context httpcore makes one of its own, which looks at the environment.
    https = httpx.URL(url).scheme == "https"
    return httpx.Proxy(url, ssl_context=trust.context if https else None)


class _NoCookies(CookieJar):
    """Neither keeps nor reads cookies: the standard library's reader warns of odd ones."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Nothing."""


async def _set_aside_location(response: httpx.Response) -> None:
    """Hides the target of a redirect from httpx, which reads it although none is followed.

    It fails on some. `failures.check_answer` finds it in the extensions.
    """
    if "Location" in response.headers:
        response.extensions["location"] = response.headers["Location"]
        del response.headers["Location"]


def make_client(transport: Network, timeout_seconds: float, user_agent: str) -> httpx.AsyncClient:
    """A client that follows nothing, remembers nothing and reads nothing of the environment."""
    return httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        cookies=_NoCookies(),
        event_hooks={"response": [_set_aside_location]},
        timeout=httpx.Timeout(
            timeout_seconds, connect=min(_CONNECT_SECONDS, timeout_seconds), pool=None
        ),
        headers={
            "Accept": "application/json",
            # A compressed body of a few kB may unpack to any size in one piece.
            "Accept-Encoding": "identity",
            "User-Agent": user_agent,
        },
    )

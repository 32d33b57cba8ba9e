"""What went wrong, in our words: the one place that knows httpx's, ssl's and the socket's errors.

The texts of foreign exceptions are never used: httpx quotes a bad header's value, and a header is
where the key is.
"""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from exporter.errors import (
    AccessForbidden,
    BodyEncoded,
    ConnectFailed,
    ConnectionBroken,
    InternalError,
    KeyRefused,
    NameNotResolved,
    PollError,
    RateLimited,
    Redirected,
    RequestRejected,
    ServerFailed,
    TimedOut,
    TlsFailed,
)

_RETRY_AFTER_DEFAULT = 60.0
_RETRY_AFTER_LONGEST = 900.0


def check_answer(response: httpx.Response, now: float) -> None:
    """Raises the error that an answer's status line and headers stand for.

    Args:
        response: The answer, its body not yet read.
        now: Unix time in seconds, for a Retry-After that is a date.
    """
    status = response.status_code
    if status == httpx.codes.UNAUTHORIZED:
        raise KeyRefused("HTTP 401")
    if status == httpx.codes.FORBIDDEN:
        raise AccessForbidden("HTTP 403")
    if status == httpx.codes.TOO_MANY_REQUESTS:
        pause = read_retry_after(response.headers.get("Retry-After"), now)
        raise RateLimited("HTTP 429", pause)
    if response.is_redirect or 300 <= status < 400:
        target = _target_host(response.headers.get("Location", ""))
        raise Redirected(f"HTTP {status} to {target}; redirects are not followed")
    if response.is_client_error:
        raise RequestRejected(f"HTTP {status}")
    if not response.is_success:
        raise ServerFailed(f"HTTP {status}")
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding.strip().lower() != "identity":
        raise BodyEncoded("the body is compressed although identity was asked for")


def _target_host(location: str) -> str:
    try:
        host = httpx.URL(location).host
    except httpx.InvalidURL:
        return "an unreadable address"
    return host or "the same host"


def read_retry_after(value: str | None, now: float) -> float:
    """Seconds to wait, 0 to 900; 60 where the header is absent, negative or junk (RFC 9110)."""
    seconds = -1.0
    try:
        seconds = float(value or "")
    except ValueError:
        try:
            moment = parsedate_to_datetime(value or "")
        except ValueError:
            return _RETRY_AFTER_DEFAULT
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - datetime.fromtimestamp(now, UTC)).total_seconds()
    if not seconds >= 0:  # negative, or NaN
        return _RETRY_AFTER_DEFAULT
    return min(seconds, _RETRY_AFTER_LONGEST)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            yield from error.exceptions
        error = error.__cause__ or error.__context__


def to_poll_error(error: Exception) -> PollError:
    """The one mapping of what httpx, ssl and the socket raise; their texts are never used.

    Whatever is not of the network is an `InternalError`.
    """
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return NameNotResolved("the host name of the API cannot be resolved")
    if isinstance(error, httpx.TimeoutException):
        return TimedOut("no whole answer in time")
    certificate = next((c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None)
    if certificate is not None:
        return TlsFailed(f"the certificate is not accepted: {certificate.verify_message}")
    if isinstance(error, httpx.ConnectError):
        if any(isinstance(cause, ssl.SSLError) for cause in causes):
            return TlsFailed("no TLS connection")
        return ConnectFailed("no connection")
    if isinstance(error, httpx.ProxyError):
        return ConnectFailed("the proxy refused")
    if isinstance(error, httpx.DecodingError):
        return BodyEncoded("the body is compressed although identity was asked for")
    if isinstance(error, httpx.TooManyRedirects):
        return Redirected("redirects are not followed")
    if isinstance(error, httpx.TransportError):
        return ConnectionBroken("the connection ended or broke the protocol within the answer")
    return InternalError(type(error).__name__)

"""What went wrong, in our words: the one place that knows httpx's, ssl's and the socket's errors.

The texts of foreign exceptions are never used: httpx quotes a bad header's value, and a header is
where the key is.
"""

import re
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
from exporter.ringostat.key import Secret
from exporter.words import show_word

_RETRY_AFTER_DEFAULT = 60.0
_RETRY_AFTER_LONGEST = 900.0
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?(?:[eE]\+?[0-9]+)?", re.ASCII)
_LONGEST_DATE = 60
_LONGEST_HOST = 200
# What servers write into Content-Encoding over a body that is as it is: nothing, "as it is" in
# other words, or the name of a character set. Whatever else stands there is a compression.
_NOT_ENCODED = re.compile(
    r"|identity|none|null|plain|text|json|binary|7bit|8bit|chunked|(?:us-)?ascii|unicode"
    r"|utf-?(?:8|16|32)(?:-?[bl]e)?|iso-?8859-?[0-9]+|latin-?[0-9]+|(?:windows-?|cp)[0-9]+|koi8-?[ru]",
    re.IGNORECASE,
)
# OpenSSL's numbers of what is wrong with a certificate, in x509_vfy.h.
_CERTIFICATE_PROBLEMS = {
    9: "it is not valid yet",
    10: "it has expired",
    18: "it is self-signed",
    19: "its authority is not trusted",
    20: "its authority is not trusted",
    21: "its authority is not trusted",
    23: "it was revoked",
    62: "it is for another host",
    64: "it is for another address",
}


def check_answer(response: httpx.Response, now: float, key: Secret) -> None:
    """Raises the error that an answer's status line and headers stand for.

    Args:
        response: The answer, its body not yet read.
        now: Unix time in seconds, for a Retry-After that is a date.
        key: Never part of a message, whatever the peer says.
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
        location = response.extensions.get("location", response.headers.get("Location", ""))
        target = _target_host(location, key)
        raise Redirected(f"HTTP {status} to {target}; redirects are not followed")
    if response.is_client_error:
        raise RequestRejected(f"HTTP {status}")
    if not response.is_success:
        raise ServerFailed(f"HTTP {status}")
    encodings = response.headers.get("Content-Encoding", "").split(",")
    if not all(_NOT_ENCODED.fullmatch(encoding.strip()) for encoding in encodings):
        raise BodyEncoded("the body is compressed although identity was asked for")


def _target_host(location: str, key: Secret) -> str:
    try:
        host = httpx.URL(location).host
    except (httpx.InvalidURL, ValueError):  # the second for a host that is no valid Unicode
        return "an unreadable address"
    # Hosts are in lower case, and so is a key that was made one.
    return key.hide_in(show_word(host))[:_LONGEST_HOST] or "the same host"


def read_retry_after(value: str | None, now: float) -> float:
    """Seconds to wait, 0 to 900; 60 where the header is absent, negative or junk (RFC 9110)."""
    text = (value or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), _RETRY_AFTER_LONGEST)
    seconds = _seconds_until(text, now) if len(text) <= _LONGEST_DATE else -1.0
    return min(seconds, _RETRY_AFTER_LONGEST) if seconds >= 0 else _RETRY_AFTER_DEFAULT


def _seconds_until(date: str, now: float) -> float:
    """Negative for what is past, and for what is no date."""
    try:
        moment = parsedate_to_datetime(date)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (aware - datetime.fromtimestamp(now, UTC)).total_seconds()
    except (ValueError, TypeError, IndexError, ArithmeticError):  # each seen for some junk
        return -1.0


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
        problem = _CERTIFICATE_PROBLEMS.get(getattr(certificate, "verify_code", 0))
        return TlsFailed("the certificate is not accepted" + (f": {problem}" if problem else ""))
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
        return ConnectionBroken("the connection ended, or was no valid HTTP, within the answer")
    return InternalError(type(error).__name__)

"""What a failed request is called: by its status line, its headers or what the network raised."""

import ssl

import httpx
import pytest

from exporter.errors import (
    BodyEncoded,
    ConnectFailed,
    ConnectionBroken,
    InternalError,
    PollError,
    Redirected,
    TimedOut,
    TlsFailed,
)
from exporter.ringostat.failures import check_answer, read_retry_after, to_poll_error

NOW = 1_774_432_800.0  # 2026-03-25 10:00 UTC


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 60),
        ("", 60),
        ("soon", 60),
        ("-1", 60),
        ("nan", 60),
        ("0", 0),
        ("7.5", 7.5),
        ("86400", 900),
        ("Wed, 25 Mar 2026 10:00:30 GMT", 30),
        ("Wed, 25 Mar 2026 10:00:30 -0000", 30),  # a date without a zone is in UTC
        ("Wed, 25 Mar 2026 09:00:00 GMT", 60),
        ("Thu, 26 Mar 2026 10:00:00 GMT", 900),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_limits(
    header: str | None, seconds: float
) -> None:
    """Retry-After is seconds or a date, at most 900 s; without a usable one it is 60 s."""
    assert read_retry_after(header, NOW) == seconds


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("https://elsewhere.example/api", "elsewhere.example"),
        ("/login", "the same host"),
        ("", "the same host"),
        ("https://elsewhere.example:port/", "an unreadable address"),
    ],
)
def test_a_redirect_names_its_host_alone(location: str, host: str) -> None:
    """The error of a redirect names the host, never the path, which may hold a secret."""
    response = httpx.Response(302, headers={"Location": location})
    with pytest.raises(Redirected) as raised:
        check_answer(response, NOW)
    assert str(raised.value) == f"HTTP 302 to {host}; redirects are not followed"


def test_a_compressed_body_is_an_error() -> None:
    """An answer that is encoded although identity was asked for is rejected before its body."""
    with pytest.raises(BodyEncoded):
        check_answer(httpx.Response(200, headers={"Content-Encoding": "br"}), NOW)


def _caused_by(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (httpx.ReadTimeout("KEY"), TimedOut),
        (_caused_by(httpx.ConnectError("KEY"), ssl.SSLError("KEY")), TlsFailed),
        (_caused_by(httpx.ConnectError("KEY"), ssl.SSLCertVerificationError("KEY")), TlsFailed),
        (httpx.ConnectError("KEY"), ConnectFailed),
        (httpx.ProxyError("KEY"), ConnectFailed),
        (httpx.DecodingError("KEY"), BodyEncoded),
        (httpx.TooManyRedirects("KEY"), Redirected),
        (httpx.RemoteProtocolError("KEY"), ConnectionBroken),
        (RuntimeError("KEY"), InternalError),
        (ExceptionGroup("KEY", [httpx.ReadTimeout("KEY")]), InternalError),
    ],
)
def test_what_the_network_raised_becomes_one_typed_error(
    raised: Exception, kind: type[PollError]
) -> None:
    """Each exception becomes one type; its own text may hold a secret and is never used."""
    if isinstance(raised.__cause__, ssl.SSLCertVerificationError):
        raised.__cause__.verify_message = "self-signed certificate"
    error = to_poll_error(raised)
    assert type(error) is kind
    assert "KEY" not in str(error)

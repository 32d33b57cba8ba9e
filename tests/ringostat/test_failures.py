"""What a failed request is called: by its status line, its headers or what the network raised."""

import ssl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from exporter.ringostat.key import Secret

KEY = Secret("KEY-canary")
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
        ("1e9", 900),
        ("9" * 5000, 900),
        ("1_0", 60),
        ("+5", 60),
        ("٣", 60),
        ("infinity", 60),
        ("5 seconds", 60),
        ("Wed, 25 Mar 2026 10:00:30 GMT", 30),
        ("Wed, 25 Mar 2026 10:00:30 -0000", 30),  # a date without a zone is in UTC
        ("Wed, 25 Mar 2026 09:00:00 GMT", 60),
        ("Thu, 26 Mar 2026 10:00:00 GMT", 900),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 900),
        ("Mon, 01 Jan 10000 00:00:00 GMT", 60),
        ("Wed, 25 Mar 20260000000 10:00:30 GMT", 60),
        ("Wed, 25 Mar 99999999999999999999 10:00:30 GMT", 60),
        ("Wed, 99999999999 Mar 2026 10:00:30 GMT", 60),
        ("Wed, 25 Mar 2026 99999999999:00:30 GMT", 60),
        ("Wed, 25 Mar 2026 10:00:30 +99999999999", 60),
        ("Wed, 25 Mar 2026 10:00:30 GMT" + " " * 60_000 + "x", 60),
        ("," * 60_000, 60),
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
        ("http://xn--/", "an unreadable address"),
        ("http://xn--a.example/", "an unreadable address"),
        ("http://[::1/", "an unreadable address"),
        ("http://a\x7fb/", "an unreadable address"),
        ("https://KEY-canary.example/", "<secret>.example"),
        ("https://x.key-CANARY/KEY-canary", "x.<secret>"),
        ("https://KEY-canary:KEY-canary@elsewhere.example/", "elsewhere.example"),
        ("/KEY-canary", "the same host"),
        ("https://" + "a" * 60_000 + ".example/", "a" * 200),
        ("https://example/" + "a" * 70_000, "an unreadable address"),
    ],
)
def test_a_redirect_names_its_host_alone(location: str, host: str) -> None:
    """The error of a redirect names the host, never the path, which may hold a secret."""
    response = httpx.Response(302, headers={"Location": location})
    with pytest.raises(Redirected) as raised:
        check_answer(response, NOW, KEY)
    assert str(raised.value) == f"HTTP 302 to {host}; redirects are not followed"


@given(
    st.text(max_size=80) | st.from_regex(r"\\w{0,4},? ?\\d{1,12} \\w{3} \\d{1,12} [\\d:]+ \\S*")
)
def test_any_retry_after_is_a_pause_of_at_most_15_minutes(header: str) -> None:
    """Whatever stands there, nothing is raised."""
    assert 0 <= read_retry_after(header, NOW) <= 900


@given(st.text(max_size=80) | st.from_regex(r"(https?:)?//\\S*"))
def test_any_location_is_a_redirect_of_at_most_300_characters(location: str) -> None:
    """Whatever stands there, it is a redirect and nothing else, on one line."""
    extensions = {"location": location}
    with pytest.raises(Redirected) as raised:
        check_answer(httpx.Response(302, extensions=extensions), NOW, KEY)
    assert len(str(raised.value)) < 300
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    "encoding",
    ["br", "gzip", "x-gzip", "deflate", "zstd", "compress", "gzip, identity", "identity,GZIP"],
)
def test_a_compressed_body_is_an_error(encoding: str) -> None:
    """An answer that is encoded although identity was asked for is rejected before its body."""
    with pytest.raises(BodyEncoded):
        check_answer(httpx.Response(200, headers={"Content-Encoding": encoding}), NOW, KEY)


@pytest.mark.parametrize(
    "encoding",
    [
        *("", " ", "identity", "Identity , identity", ",", "none", "utf-8", "UTF8", "iso-8859-1"),
        *("windows-1251", "us-ascii", "binary", "null"),
    ],
)
def test_a_word_that_is_no_compression_is_read_over(encoding: str) -> None:
    """Servers name a character set there, or nothing; the body is as it is."""
    check_answer(httpx.Response(200, headers={"Content-Encoding": encoding}), NOW, KEY)


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
        raised.__cause__.verify_message = "KEY"
    error = to_poll_error(raised)
    assert type(error) is kind
    assert "KEY" not in str(error)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (10, "the certificate is not accepted: it has expired"),
        (20, "the certificate is not accepted: its authority is not trusted"),
        (62, "the certificate is not accepted: it is for another host"),
        (4711, "the certificate is not accepted"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said_in_our_words(code: int, text: str) -> None:
    """OpenSSL's own text would quote a host."""
    cause = ssl.SSLCertVerificationError("KEY")
    cause.verify_code, cause.verify_message = code, "KEY"
    assert str(to_poll_error(_caused_by(httpx.ConnectError("KEY"), cause))) == text

"""Which names may be asked for on loopback, and which pages may change something."""

import pytest

from exporter.web.hosts import HostRule, name_of

ALLOWED = HostRule(["Exporter.example", "proxy.example:8443", "fd00::1"])


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:10105",
        "localhost.",
        "localhost.:10105",
        "127.0.0.1",
        "127.0.0.1:10105",
        "127.255.3.4:1",
        "[::1]",
        "[::1]:10105",
        "",
        "exporter.example:10105",
        "exporter.example",
        "proxy.example",
        "[fd00::1]:80",
    ],
)
def test_names_of_this_machine_and_allowed_ones_are_served(host: str) -> None:
    """Loopback by any of its names and with any port, and what `--web.allowed-host` names."""
    headers = [(b"host", host.encode())]
    assert ALLOWED.allows_host(headers, loopback=True)
    assert ALLOWED.allows_host(headers, loopback=True)  # remembered


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:10105",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:127.0.0.1",
        "128.0.0.1",
        "0.0.0.0",
        "2130706433",
        "localhost:x",
        "a@localhost",
        "localhost/",
        "[::1",
        "[::2]",
        "::::",
        "\xff\xfe",
        "x" * 10_000,
    ],
)
def test_any_other_name_is_not_served_on_loopback_but_elsewhere(host: str) -> None:
    """A rebound name is refused on loopback; on other listeners every name is good."""
    headers = [(b"accept", b"*/*"), (b"host", host.encode("latin-1"))]
    expected = host == "[::1"  # a bracket that is not closed is still this machine
    assert ALLOWED.allows_host(headers, loopback=True) is expected
    assert ALLOWED.allows_host(headers, loopback=False)


def test_one_foreign_name_among_several_is_enough() -> None:
    """A second `Host` does not hide the first one."""
    headers = [(b"host", b"evil.example"), (b"host", b"localhost")]
    assert not ALLOWED.allows_host(headers, loopback=True)
    assert not ALLOWED.allows_host(headers[::-1], loopback=True)


def test_without_a_name_it_is_no_browser() -> None:
    """HTTP/1.0 has no `Host`."""
    assert ALLOWED.allows_host([], loopback=True)


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"host": "localhost:10105", "origin": "http://localhost:10105"}, True),
        ({"host": "localhost:10105", "origin": "http://LOCALHOST:10105"}, True),
        ({"host": "localhost:10105", "origin": "https://exporter.example"}, True),
        ({"host": "localhost:10105", "origin": "http://localhost:3000"}, False),
        ({"host": "localhost:10105", "origin": "http://evil.example"}, False),
        ({"host": "localhost:10105", "origin": "null"}, False),
        ({"host": "localhost:10105", "origin": ""}, False),
        ({"host": "localhost:10105", "origin": "localhost:10105"}, False),
        ({"origin": "http://"}, False),
        ({"host": "localhost", "sec-fetch-site": "cross-site"}, False),
        ({"host": "localhost", "sec-fetch-site": "same-site"}, False),
        ({"host": "localhost", "sec-fetch-site": "none"}, True),
    ],
)
def test_only_our_own_pages_may_change_something(headers: dict[str, str], allowed: bool) -> None:
    """A program sends no `Origin`; a page's must be the one that it asks."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert ALLOWED.allows_origin(raw) is allowed


@pytest.mark.parametrize(
    ("authority", "name"),
    [("A.b:1", "a.b"), ("a:", "a"), ("[::1]:5", "::1"), ("::1", "::1"), (":", ""), ("a.", "a")],
)
def test_the_name_within_an_authority(authority: str, name: str) -> None:
    """Port, brackets and the root's dot are no part of the name."""
    assert name_of(authority) == name

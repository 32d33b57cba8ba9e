"""Listen addresses: what is taken can be bound, whatever is refused is one line."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.errors import AddressError, UsageError
from exporter.web.address import Address, bind, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:10105", Address("127.0.0.1", 10105)),
        ("[::1]:0", Address("::1", 0)),
        ("[fe80::1%eth0]:80", Address("fe80::1%eth0", 80)),
        (":65535", Address("", 65535)),
        ("localhost:1", Address("localhost", 1)),
        ("пример.example:1", Address("пример.example", 1)),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    """A host, an IPv6 address in brackets or none, and a port."""
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "here",
        "here:",
        "::1:80",
        "[::1:80",
        "::1]:80",
        "[]:80",
        "[here]:80",
        "a:" + "9" * 5000,
        "a:٣",
        "a:65536",
        "a..b:1",
        "a" * 64 + ".b:1",
        "a." * 200 + ":1",
        "a b:1",
        "a\0b:1",
        "a/b:1",
        "\udcff:1",
        "http://a:1",
        "x" * 5000,
    ],
)
def test_what_is_no_address_is_one_short_line(text: str) -> None:
    """Neither a library's text nor more than 200 characters of what was given."""
    with pytest.raises(UsageError) as caught:
        parse_address(text)
    assert " is not an address: " in str(caught.value)
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()


@given(st.text(max_size=30) | st.from_regex(r"\A[\w.\[\]:-]{0,20}:\d{1,6}\Z"))
def test_any_text_is_an_address_or_a_usage_error(text: str) -> None:
    """Of what is an address, the host can be handed to the name service."""
    with contextlib.suppress(UsageError):
        address = parse_address(text)
        assert address.host.encode("idna") or not address.host
        assert 0 <= address.port <= 65535


def test_an_address_of_another_machine_is_an_address_error() -> None:
    """192.0.2.0/24 is nobody's (RFC 5737)."""
    with pytest.raises(AddressError, match=r"^cannot listen on 192\.0\.2\.1:0: Cannot assign"):
        bind(Address("192.0.2.1", 0))

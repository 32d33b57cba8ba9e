"""Listen addresses, and the sockets bound to them."""

import os
import re
import socket
from dataclasses import dataclass

from exporter.errors import AddressError, UsageError
from exporter.words import show_word

BACKLOG = 2048
# The kernel's default buffers 4 MB for each reader that takes nothing: 200 of them cost seconds.
_MAX_UNSENT_BYTES = 131_072
_LONGEST_HOST = 253


@dataclass(frozen=True, slots=True)
class Address:
    """A listen address; an empty host means all interfaces, port 0 a free port."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Reads `127.0.0.1:10105`, `[::1]:10105` or `:10105`.

    Raises:
        UsageError: The text is none of these.
    """
    host, colon, port = text.rpartition(":")
    shown = f"'{show_word(text)}'"
    if not colon or not re.fullmatch("[0-9]{1,18}", port, re.ASCII) or not _is_host(host):
        raise UsageError(f"{shown} is not an address: HOST:PORT, [IPV6]:PORT or :PORT")
    if int(port) > 65535:
        raise UsageError(f"{shown} is not an address: the port is over 65535")
    return Address(host.strip("[]"), int(port))


def _is_host(host: str) -> bool:
    """Whether it may be resolved: the name service reads names label by label, as `bind` does."""
    if host.startswith("["):
        return bool(re.fullmatch(r"\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%\w+)?\]", host, re.ASCII))
    if not re.fullmatch(r"[\w.-]*", host) or len(host) > _LONGEST_HOST:
        return False
    try:
        return bool(host.encode("idna")) or not host
    except UnicodeError:
        return False


def bind(address: Address) -> socket.socket:
    """Makes a listening socket.

    Raises:
        AddressError: The address is in use, not of this machine, or cannot be resolved.
    """
    try:
        if not address.host:
            dual = socket.has_dualstack_ipv6()
            family = socket.AF_INET6 if dual else socket.AF_INET
            listener = socket.create_server(
                ("", address.port), family=family, backlog=BACKLOG, dualstack_ipv6=dual
            )
        else:
            resolved = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            family, _, _, _, socket_address = resolved[0]
            listener = socket.create_server(socket_address[:2], family=family, backlog=BACKLOG)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _MAX_UNSENT_BYTES)
        return listener
    except OSError as error:
        # getaddrinfo has error numbers of its own (negative); create_server's text repeats the
        # address.
        known = error.errno is not None and error.errno > 0
        reason = os.strerror(error.errno or 0) if known else error.strerror
        raise AddressError(f"cannot listen on {address}: {reason}") from None


def address_of(listener: socket.socket) -> str:
    """The address that a socket is bound to, `HOST:PORT` with the real port."""
    host, port = listener.getsockname()[:2]
    return str(Address(host, port))

"""Listen addresses, and the sockets bound to them."""

import os
import socket
from dataclasses import dataclass

from exporter.errors import AddressError, UsageError

BACKLOG = 2048
# The kernel's default buffers 4 MB for each reader that takes nothing: 200 of them cost seconds.
_MAX_UNSENT_BYTES = 131_072


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
    bare = host.removeprefix("[").removesuffix("]")
    ambiguous = ":" in bare and bare == host  # IPv6 without brackets
    if not colon or ambiguous or not (port.isascii() and port.isdecimal()):
        raise UsageError(f"{text!r} is not an address: HOST:PORT, [IPV6]:PORT or :PORT")
    if int(port) > 65535:
        raise UsageError(f"{text!r} is not an address: the port is over 65535")
    return Address(bare, int(port))


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

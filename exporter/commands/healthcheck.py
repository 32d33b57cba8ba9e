"""`healthcheck`: is the exporter on this machine alive? The image's HEALTHCHECK."""

import http.client
import socket
import ssl

from exporter.loopback import is_loopback
from exporter.web.address import Address

_SECONDS = 5.0
# 401 is an answer of a living process that guards its pages.
_ALIVE = (200, 401)
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound


def healthcheck(address: Address) -> int:
    """Asks `/-/healthy` and prints one line; returns the exit code, 0 if it is alive, else 1.

    Plain HTTP first, then TLS, whose certificate is not verified on loopback: it names the
    machine as others see it.
    """
    asked = Address(_EVERYWHERE.get(address.host, address.host), address.port)
    try:
        alive, said = _judge(asked)
    except OSError as error:
        alive, said = False, f"no answer ({type(error).__name__})"
    print(f"{address}: {said}")
    return 0 if alive else 1


def _judge(address: Address) -> tuple[bool, str]:
    """Whether it is alive, and what to say of it."""
    with _connect(address) as plain:
        status = _ask(plain, address)
    if status is None:
        context = _context(address.host)
        with (
            _connect(address) as raw,
            context.wrap_socket(
                raw, server_hostname=address.host, do_handshake_on_connect=False
            ) as spoken,
        ):
            if not _agree(spoken):
                return False, "speaks no HTTP"
            status = _ask(spoken, address)
            if status is None:  # it agreed on TLS, and left when no certificate came
                return True, "alive, and demands a client certificate"
    return status in _ALIVE, "alive" if status in _ALIVE else f"HTTP {status}"


def _agree(spoken: ssl.SSLSocket) -> bool:
    """Whether the other side speaks TLS, even if it ends the handshake later.

    Raises:
        SSLCertVerificationError: Its certificate is not accepted.
    """
    try:
        spoken.do_handshake()
    except ssl.SSLCertVerificationError:
        raise
    except (ConnectionError, ssl.SSLError):
        pass
    return spoken.cipher() is not None


def _connect(address: Address) -> socket.socket:
    return socket.create_connection((address.host, address.port), timeout=_SECONDS)


def _ask(spoken: socket.socket, address: Address) -> int | None:
    """The status of an answer; None where the other side ends the connection instead.

    Raises:
        OSError: No answer in time.
    """
    connection = http.client.HTTPConnection(address.host, address.port)
    connection.sock = spoken
    try:
        connection.request("GET", "/-/healthy")
        return connection.getresponse().status
    except (ConnectionError, ssl.SSLError, http.client.HTTPException):
        return None


def _context(host: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if is_loopback(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context

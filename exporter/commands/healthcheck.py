"""`healthcheck`: is the exporter on this machine alive? The image's HEALTHCHECK."""

import http.client
import ssl

from exporter.config.model import is_loopback
from exporter.web.server import Address

_SECONDS = 5.0
# 401 is an answer of a living process that guards its pages.
_ALIVE = (200, 401)
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound
# What a server that demands a client's certificate says to one that has none (RFC 8446, 6.2).
_CERTIFICATE_WANTED = ("CERTIFICATE_REQUIRED", "HANDSHAKE_FAILURE", "BAD_CERTIFICATE")


def healthcheck(address: Address) -> int:
    """Asks `/-/healthy` and prints one line; returns the exit code, 0 if it is alive, else 1.

    Plain HTTP first, then TLS, whose certificate is not verified on loopback: it names the
    machine as others see it.
    """
    host = _EVERYWHERE.get(address.host, address.host)
    plain = http.client.HTTPConnection(host, address.port, timeout=_SECONDS)
    secure = http.client.HTTPSConnection(
        host, address.port, timeout=_SECONDS, context=_context(host)
    )
    try:
        status = _ask(plain)
        if status is None:
            status = _ask(secure)
    except OSError as error:
        if isinstance(error, ssl.SSLError) and _wants_certificate(error):
            print(f"{address}: alive, and demands a client certificate")
            return 0
        print(f"{address}: no answer ({type(error).__name__})")
        return 1
    said = "speaks no HTTP" if status is None else f"HTTP {status}"
    print(f"{address}: {'alive' if status in _ALIVE else said}")
    return 0 if status in _ALIVE else 1


def _ask(connection: http.client.HTTPConnection) -> int | None:
    """The status of an answer; None where what answers speaks something else."""
    try:
        connection.request("GET", "/-/healthy")
        return connection.getresponse().status
    except (ConnectionResetError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def _context(host: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if is_loopback(host):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _wants_certificate(error: ssl.SSLError) -> bool:
    return any(word in (error.reason or "") for word in _CERTIFICATE_WANTED)

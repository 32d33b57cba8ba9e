"""`healthcheck`: is the exporter on this machine alive? The image's HEALTHCHECK."""

import http.client

from exporter.web.server import Address

_SECONDS = 5.0
# 401 is an answer of a living process that guards its pages.
_ALIVE = (200, 401)
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound


def healthcheck(address: Address) -> int:
    """Asks `/-/healthy` and prints one line; returns the exit code, 0 if it is alive, else 1."""
    host = _EVERYWHERE.get(address.host, address.host)
    connection = http.client.HTTPConnection(host, address.port, timeout=_SECONDS)
    try:
        connection.request("GET", "/-/healthy")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        print(f"{address}: no answer ({type(error).__name__})")
        return 1
    finally:
        connection.close()
    print(f"{address}: {'alive' if status in _ALIVE else f'HTTP {status}'}")
    return 0 if status in _ALIVE else 1

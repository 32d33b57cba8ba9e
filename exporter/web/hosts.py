"""Whom a browser's request may come from: `Host` and `Origin` (DNS rebinding, CSRF). Pure."""

from collections.abc import Iterable

from exporter.loopback import is_loopback

_Headers = Iterable[tuple[bytes, bytes]]
_MOST_REMEMBERED = 64


class HostRule:
    """Which host names may be asked for.

    A web page whose name its owner points at 127.0.0.1 can make a browser read what is served on
    loopback. The browser then sends that name as `Host`, so another name than this machine's is
    not answered there.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        """Takes the names of `--web.allowed-host`, with or without a port."""
        self._allowed = frozenset(name_of(name) for name in allowed)
        self._remembered: set[bytes] = set()

    def allows_host(self, headers: _Headers, *, loopback: bool) -> bool:
        """Whether a request may be answered, by its `Host`.

        Args:
            headers: Of the request, names in lower case.
            loopback: Whether the listener is bound to loopback; any name is good elsewhere.
        """
        if not loopback:
            return True
        for name, value in headers:
            if name == b"host" and value not in self._remembered and not self._knows(value):
                return False
        return True

    def _knows(self, host: bytes) -> bool:
        name = name_of(host.decode("latin-1"))
        # Without a name (HTTP/1.0) it is no browser that asks.
        known = not name or is_loopback(name) or name in self._allowed
        if known and len(host) < 300 and len(self._remembered) < _MOST_REMEMBERED:
            self._remembered.add(host)
        return known

    def allows_origin(self, headers: _Headers) -> bool:
        """Whether a request that changes something comes from no page, or from one of our own."""
        request = dict(headers)
        if request.get(b"sec-fetch-site", b"none") not in (b"none", b"same-origin"):
            return False
        origin = request.get(b"origin")
        if origin is None:
            return True
        _, separator, authority = origin.decode("latin-1").lower().partition("://")
        own = request.get(b"host", b"").decode("latin-1").lower()
        if not separator or not authority:
            return False
        return authority == own or name_of(authority) in self._allowed


def name_of(authority: str) -> str:
    """`LocalHost.:10105` -> `localhost`, `[::1]:10105` -> `::1`; never raises."""
    text = authority.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    name, colon, port = text.rpartition(":")
    if colon and (port.isdecimal() or not port) and ":" not in name:
        text = name
    return text.removesuffix(".")

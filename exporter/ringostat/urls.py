"""Addresses of the API and of a proxy, built as the client builds them.

Checked with the libraries that use them later, so that no address is good at `check` and then
refused. Their own texts quote the address, where a password may stand.
"""

import ipaddress
import re

import httpx

# Hosts go to the name service label by label (RFC 1035, section 2.3.4).
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
# Python's own reading takes other alphabets' digits, signs and underscores in a port, and the name
# of an interface in an address.
_AUTHORITY = re.compile(
    r"https?://(?:[^/]*@)?(?:\[[0-9a-f:.]+\]|[^/:@\[\]]+)(?::[0-9]{1,5})?(?:/.*)?",
    re.ASCII | re.IGNORECASE,
)
_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*/*", re.ASCII)
_LONGEST_HOST = 253
_LONGEST_URL = 2000


def parse_base_url(text: str) -> httpx.URL:
    """The address before the methods' paths.

    Raises:
        ValueError: It is none; the message does not quote it.
    """
    url = _parse(text)
    if url is None or url.scheme not in ("http", "https") or url.userinfo:
        raise ValueError("must be a URL like https://api.ringostat.net")
    # The client resolves dot segments and encodes letters: it would ask for another path.
    _, slash, path = text.partition("//")[2].partition("/")
    if not _PATH.fullmatch(slash + path):
        raise ValueError("must have a path of ASCII letters, digits and -._~ without . and ..")
    return url


def parse_proxy_url(text: str) -> httpx.URL:
    """The address of a proxy, with or without user and password.

    Raises:
        ValueError: It is none; the message does not quote it.
    """
    url = _parse(text)
    if url is None or url.scheme not in ("http", "https") or url.path.strip("/"):
        raise ValueError(
            "must be a URL like http://proxy.example:3128; in a password # is %23, / is %2F, "
            "? is %3F and @ is %40"
        )
    return url


def _parse(text: str) -> httpx.URL | None:
    """The parsed URL, if a request can be made of it."""
    if len(text) > _LONGEST_URL or any(letter.isspace() for letter in text):
        return None
    if not _AUTHORITY.fullmatch(text):
        return None
    try:
        url = httpx.URL(text)
        host = url.raw_host.decode("ascii")
        # Reads what the client reads later: host, port and header.
        httpx.Request("POST", f"{text.rstrip('/')}/path")
        httpx.Proxy(str(url))
    except (httpx.InvalidURL, ValueError):
        return None
    # A # or ? within a password begins what is read as fragment or query.
    if url.query or url.fragment or "#" in text or "?" in text or "@" in url.path:
        return None
    good_port = url.port is None or 0 < url.port < 65536
    return url if good_port and _is_host(host) else None


def _is_host(host: str) -> bool:
    if len(host) > _LONGEST_HOST:
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        labels = host.removesuffix(".").split(".")
        return not labels[-1].isdecimal() and all(_LABEL.fullmatch(label) for label in labels)
    return True

"""Whether a host is this machine: what may be reached without TLS, and polled faster."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its address or the usual name."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""How the API is reached: a plain value, made by whoever knows the configuration. Pure."""

from dataclasses import dataclass
from pathlib import Path

from exporter import __version__


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """How the API is reached.

    Attributes:
        base_url: Scheme, host and a path before the methods' own, without a slash at the end.
        timeout_seconds: One attempt, all of it.
        max_concurrency: Requests in flight.
        requests_per_second: Evenly spaced, without bursts.
        max_response_bytes: The largest body that is read.
        ca_file: PEM certificates to trust instead of the usual ones.
        proxy_url: The proxy of every request.
        user_agent: The header of that name.
    """

    base_url: str
    timeout_seconds: float
    max_concurrency: int
    requests_per_second: float
    max_response_bytes: int
    ca_file: Path | None = None
    proxy_url: str | None = None
    user_agent: str = f"ringostat-exporter/{__version__}"

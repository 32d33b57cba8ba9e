"""How the API is reached: a plain value, made by whoever knows the configuration."""

from dataclasses import dataclass, field

from exporter import __version__
from exporter.ringostat.trust import Trust, trust_nobody


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """How the API is reached.

    Attributes:
        base_url: Scheme, host and a path before the methods' own, without a slash at the end.
        timeout_seconds: One attempt, all of it.
        max_concurrency: Requests in flight.
        requests_per_second: Evenly spaced, without bursts.
        max_response_bytes: The largest body that is read.
        trust: Whose certificates are accepted; nobody's where nothing is said.
        proxy_url: The proxy of every request; it may hold a password.
        user_agent: The header of that name.
    """

    base_url: str
    timeout_seconds: float
    max_concurrency: int
    requests_per_second: float
    max_response_bytes: int
    trust: Trust = field(default_factory=trust_nobody)
    proxy_url: str | None = field(default=None, repr=False)
    user_agent: str = f"ringostat-exporter/{__version__}"

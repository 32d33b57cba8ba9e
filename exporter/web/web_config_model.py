"""The shape of `--web.config.file`: TLS, basic auth, headers and a rate limit.

Source: prometheus/exporter-toolkit, docs/web-configuration.md. A key that Python cannot honour is
rejected with its reason, never ignored: an operator would believe the pages to be protected.
"""

import re
from typing import Annotated, Literal, Self

import bcrypt
from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from exporter.durations import parse_go_duration
from exporter.web.web_config_tls import TlsServer
from exporter.yamlfile.sections import OrEmpty, Section

# The headers that may be set, and the values that may be given where they are a closed set.
_HEADERS: dict[str, tuple[str, ...]] = {
    "Content-Security-Policy": (),
    "Strict-Transport-Security": (),
    "X-Content-Type-Options": ("nosniff",),
    "X-Frame-Options": ("deny", "sameorigin"),
    "X-XSS-Protection": (),
}
_HASH = re.compile(r"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}", re.ASCII)
# 4 is bcrypt's minimum. Above 16 one check takes seconds, and a stopping process waits for it.
_COSTS = range(4, 17)
_LONGEST_SECONDS = 86_400.0
_MOST_BURST = 100_000


def _at_most_a_day(seconds: float) -> float:
    if seconds > _LONGEST_SECONDS:
        raise ValueError("is longer than a day")
    return seconds


class HttpServer(Section):
    """HTTP/1.1 alone, and headers for every response; a blank header is left out."""

    http2: Literal[False] | None = None
    headers: Annotated[dict[str, str | None], OrEmpty] = Field(default_factory=dict)

    @field_validator("http2", mode="before")
    @classmethod
    def _check_http2(cls, value: object) -> Literal[False] | None:
        if str(value).lower() in ("true", "yes", "on", "y"):
            raise ValueError("HTTP/2 is not supported; leave it out, or set it to false")
        if value is not None and str(value).lower() not in ("false", "no", "off", "n"):
            raise ValueError("must be true or false")
        return False if value is not None else None

    @field_validator("headers")
    @classmethod
    def _check_headers(cls, value: dict[str, str | None]) -> dict[str, str | None]:
        for name, text in value.items():
            if name not in _HEADERS:
                allowed = ", ".join(_HEADERS)
                raise ValueError(f'HTTP header "{name}" cannot be configured; {allowed} can')
            if text and _HEADERS[name] and text not in _HEADERS[name]:
                raise ValueError(f"{name} must be one of {', '.join(_HEADERS[name])}")
            if text and not all(" " <= character <= "~" for character in text):
                raise ValueError(f"{name} has a character that a header cannot carry")
        return value


class RateLimit(Section):
    """A token bucket shared by all clients: `burst` at once, one more every `interval` seconds."""

    interval: Annotated[
        float, BeforeValidator(parse_go_duration), AfterValidator(_at_most_a_day)
    ] = 0.0
    burst: Annotated[int, Field(le=_MOST_BURST)] = 0

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.interval and self.burst < 1:
            raise ValueError("burst must be at least 1, or no request would ever be answered")
        return self


def _bcrypt_hash(value: str) -> str:
    match = _HASH.fullmatch(value)
    if match is None:
        raise ValueError("is not a bcrypt hash; make one with htpasswd -nBC 10 USER")
    if int(match[1]) not in _COSTS:
        raise ValueError(f"has a cost outside of {_COSTS[0]} to {_COSTS[-1]}")
    # The least cost: whether bcrypt takes it does not depend on that, and 16 would take seconds.
    cheap = f"{value[:4]}{_COSTS[0]:02d}{value[6:]}".encode()
    try:
        bcrypt.checkpw(b"", cheap)
    except ValueError:
        raise ValueError("is not a bcrypt hash; bcrypt refuses it") from None
    return value


def _user_name(value: str) -> str:
    if not value.isprintable() or ":" in value:
        raise ValueError("is no user name: a client cannot send it")
    return value


class WebConfigModel(Section):
    """The whole file."""

    tls_server_config: Annotated[TlsServer, OrEmpty] = TlsServer()
    http_server_config: Annotated[HttpServer, OrEmpty] = HttpServer()
    basic_auth_users: Annotated[
        dict[
            Annotated[str, AfterValidator(_user_name)],
            Annotated[str, AfterValidator(_bcrypt_hash)],
        ],
        OrEmpty,
    ] = Field(default_factory=dict)
    rate_limit: Annotated[RateLimit, OrEmpty] = RateLimit()

"""The shape of `--web.config.file`: TLS, basic auth, headers and a rate limit.

Source: prometheus/exporter-toolkit, docs/web-configuration.md. What Python cannot honour is
refused in words, never ignored: somebody would believe the page to be guarded.
"""

import re
import ssl
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from exporter.yamlfile.sections import OrEmpty, Section, beside

_VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
_POLICIES = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}
_UNVERIFIED = ("RequestClientCert", "RequireClientCert", "RequireAnyClientCert")
# The headers that may be set, and the values that may be given where they are a closed set.
_HEADERS: dict[str, tuple[str, ...]] = {
    "Content-Security-Policy": (),
    "Strict-Transport-Security": (),
    "X-Content-Type-Options": ("nosniff",),
    "X-Frame-Options": ("deny", "sameorigin"),
    "X-XSS-Protection": (),
}
_HASH = re.compile(r"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}", re.ASCII)
# bcrypt's bounds; over the upper one a single check would hold up the end of the process.
_COSTS = range(4, 17)
# Go's time.ParseDuration.
_GO_DURATION = re.compile(r"(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+", re.ASCII)
_GO_PART = re.compile(r"(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)", re.ASCII)
_GO_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def _go_duration(value: object) -> float:
    """`1m30s` -> 90 seconds; a bare number is nanoseconds, as in Go."""
    text = value if isinstance(value, str) else ""
    if text.isascii() and text.isdecimal() and len(text) < 20:
        return int(text) / 1e9
    if not _GO_DURATION.fullmatch(text):
        raise ValueError("is not a duration like 1s, 100ms or 1m30s")
    return sum(float(number) * _GO_SECONDS[unit] for number, unit in _GO_PART.findall(text))


def _blank_is_absent(value: object) -> object:
    return None if value == "" else value


def _inline(value: object) -> None:
    if value not in (None, ""):
        raise ValueError(
            "certificates and keys inside of this file are not supported; name a file"
        )


def _go_names(value: object) -> None:
    if value not in (None, "", []):
        raise ValueError("Go's names cannot be honoured by OpenSSL; leave it out for its defaults")


def _sans(value: object) -> None:
    if value not in (None, "", []):
        raise ValueError("is not supported; issue client certificates from a CA of their own")


def _why(error: OSError) -> str:
    return getattr(error, "reason", None) or error.strerror or type(error).__name__


File = Annotated[Path | None, BeforeValidator(_blank_is_absent)]
Inline = Annotated[None, BeforeValidator(_inline)]
GoNames = Annotated[None, BeforeValidator(_go_names)]


def _version(name: str) -> str:
    if name in ("TLS10", "TLS11"):
        raise ValueError("is no longer safe (RFC 8996); TLS12 or TLS13")
    if name not in _VERSIONS:
        raise ValueError("must be TLS12 or TLS13")
    return name


Version = Annotated[str, AfterValidator(_version)]


class TlsServer(Section):
    """TLS, on if any of the first four is given."""

    cert_file: File = None
    key_file: File = None
    client_auth_type: str = ""
    client_ca_file: File = None
    min_version: Version = "TLS12"
    max_version: Version = "TLS13"
    prefer_server_cipher_suites: bool = True
    cert: Inline = None
    key: Inline = None
    client_ca: Inline = None
    cipher_suites: GoNames = None
    curve_preferences: GoNames = None
    client_allowed_sans: Annotated[None, BeforeValidator(_sans)] = None

    @field_validator("client_auth_type")
    @classmethod
    def _check_policy(cls, value: str) -> str:
        if value in _UNVERIFIED:
            raise ValueError(
                "Python takes no certificate unverified; "
                "RequireAndVerifyClientCert, VerifyClientCertIfGiven or NoClientCert"
            )
        if value and value not in _POLICIES:
            raise ValueError(f"must be one of {', '.join(_POLICIES)}")
        return value

    @field_validator("cert_file", "key_file", "client_ca_file")
    @classmethod
    def _check_file(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is None:
            return None
        path = beside(value, info)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ValueError(f"cannot be read: {error.strerror}") from None
        if info.field_name == "key_file":
            if b"ENCRYPTED" in content:
                raise ValueError("is encrypted; there is nobody here to type its password")
            if b"PRIVATE KEY-----" not in content:
                raise ValueError("holds no private key in PEM")
        elif b"-----BEGIN CERTIFICATE-----" not in content:
            raise ValueError("holds no certificate in PEM")
        return path

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.enabled and self.cert_file is None:
            raise ValueError("cert_file is missing")
        if self.enabled and self.key_file is None:
            raise ValueError("key_file is missing")
        if self.client_ca_file and self.policy is ssl.CERT_NONE:
            raise ValueError(
                "client_ca_file without a client_auth_type that verifies; "
                "RequireAndVerifyClientCert is what you want"
            )
        if self.min_version > self.max_version:
            raise ValueError("min_version is above max_version")
        self.context()
        return self

    @property
    def enabled(self) -> bool:
        """Whether TLS is spoken."""
        given = (self.cert_file, self.key_file, self.client_ca_file, self.client_auth_type)
        return any(given)

    @property
    def policy(self) -> ssl.VerifyMode:
        """What is asked of clients."""
        return _POLICIES[self.client_auth_type or "NoClientCert"]

    def context(self) -> ssl.SSLContext | None:
        """What the server's sockets speak; None: plain HTTP.

        Raises:
            ValueError: The files do not fit each other.
        """
        if not self.enabled:
            return None
        assert self.cert_file
        assert self.key_file
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = _VERSIONS[self.min_version]
        context.maximum_version = _VERSIONS[self.max_version]
        if not self.prefer_server_cipher_suites:
            context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
        context.set_alpn_protocols(["http/1.1"])
        try:
            context.load_cert_chain(self.cert_file, self.key_file)
        except OSError as error:
            if getattr(error, "reason", "") == "KEY_VALUES_MISMATCH":
                raise ValueError("key_file is not the key of cert_file") from None
            raise ValueError(f"cert_file and key_file cannot be used: {_why(error)}") from None
        context.verify_mode = self.policy
        if self.client_ca_file:
            try:
                context.load_verify_locations(self.client_ca_file)
            except OSError as error:
                raise ValueError(f"client_ca_file cannot be used: {_why(error)}") from None
        elif self.policy is not ssl.CERT_NONE:
            context.load_default_certs(ssl.Purpose.CLIENT_AUTH)
        return context


class HttpServer(Section):
    """HTTP/1.1 is what is spoken; headers go on every answer, a blank one is left out."""

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
    """A token bucket over all clients: `burst` at once, one more each `interval` seconds."""

    interval: Annotated[float, BeforeValidator(_go_duration)] = 0.0
    burst: int = 0

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        if self.interval and self.burst < 1:
            raise ValueError("burst must be at least 1, or nothing would ever be answered")
        return self


def _bcrypt_hash(value: str) -> str:
    match = _HASH.fullmatch(value)
    if match is None:
        raise ValueError("is not a bcrypt hash; htpasswd -nBC 10 USER makes one")
    if int(match[1]) not in _COSTS:
        raise ValueError(f"has a cost outside of {_COSTS[0]} to {_COSTS[-1]}")
    return value


class WebConfig(Section):
    """The file."""

    tls_server_config: Annotated[TlsServer, OrEmpty] = TlsServer()
    http_server_config: Annotated[HttpServer, OrEmpty] = HttpServer()
    basic_auth_users: Annotated[
        dict[str, Annotated[str, AfterValidator(_bcrypt_hash)]], OrEmpty
    ] = Field(default_factory=dict)
    rate_limit: Annotated[RateLimit, OrEmpty] = RateLimit()

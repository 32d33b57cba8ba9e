"""The shape of `tls_server_config` in `--web.config.file`, and the TLS context made of it."""

import ssl
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ValidationInfo,
    field_validator,
    model_validator,
)

from exporter.files import read_file
from exporter.yamlfile.sections import Section, beside

_VERSIONS = {"TLS12": ssl.TLSVersion.TLSv1_2, "TLS13": ssl.TLSVersion.TLSv1_3}
_POLICIES = {
    "NoClientCert": ssl.CERT_NONE,
    "VerifyClientCertIfGiven": ssl.CERT_OPTIONAL,
    "RequireAndVerifyClientCert": ssl.CERT_REQUIRED,
}
_UNVERIFIED = ("RequestClientCert", "RequireClientCert", "RequireAnyClientCert")


def _blank_is_absent(value: object) -> object:
    return None if value == "" else value


def _reject_inline(value: object) -> None:
    if value not in (None, ""):
        raise ValueError("inline certificates and keys are not supported; give the name of a file")


def _reject_go_names(value: object) -> None:
    if value not in (None, "", []):
        raise ValueError(
            "Go's names are not supported by OpenSSL; leave the key out to use OpenSSL's defaults"
        )


def _reject_sans(value: object) -> None:
    if value not in (None, "", []):
        raise ValueError("is not supported; issue client certificates from a CA of their own")


# OpenSSL's name of a reason -> ours; its own text would be a stranger's.
_REASONS = {
    "KEY_VALUES_MISMATCH": "key_file is not the key of cert_file",
    "EE_KEY_TOO_SMALL": "the key of cert_file is too short",
    "CA_KEY_TOO_SMALL": "the key of an issuer in cert_file is too short",
    "CA_MD_TOO_WEAK": "cert_file has a signature that is no longer safe",
}


def _no_password() -> bytes:
    """Else OpenSSL would ask the terminal."""
    return b""


File = Annotated[Path | None, BeforeValidator(_blank_is_absent)]
Inline = Annotated[None, BeforeValidator(_reject_inline)]
GoNames = Annotated[None, BeforeValidator(_reject_go_names)]


def _version(name: str) -> str:
    if name in ("TLS10", "TLS11"):
        raise ValueError("is no longer safe (RFC 8996); use TLS12 or TLS13")
    if name not in _VERSIONS:
        raise ValueError("must be TLS12 or TLS13")
    return name


Version = Annotated[str, AfterValidator(_version)]


class TlsServer(Section):
    """TLS; it is on if any of the first four keys is given, as in exporter-toolkit."""

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
    client_allowed_sans: Annotated[None, BeforeValidator(_reject_sans)] = None

    @field_validator("client_auth_type")
    @classmethod
    def _check_policy(cls, value: str) -> str:
        if value in _UNVERIFIED:
            raise ValueError(
                "unverified client certificates are not supported; use "
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
        content = read_file(path)  # its ValueError is in our words
        if info.field_name == "key_file":
            if b"ENCRYPTED" in content:
                raise ValueError("is encrypted, which is not supported; decrypt it first")
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
                "client_ca_file needs a client_auth_type that verifies; "
                "use RequireAndVerifyClientCert"
            )
        if self.min_version > self.max_version:
            raise ValueError("min_version is above max_version")
        self.context()
        return self

    @property
    def enabled(self) -> bool:
        """Whether the server speaks TLS."""
        given = (self.cert_file, self.key_file, self.client_ca_file, self.client_auth_type)
        return any(given)

    @property
    def policy(self) -> ssl.VerifyMode:
        """Whether clients must, or may, present a certificate."""
        return _POLICIES[self.client_auth_type or "NoClientCert"]

    def context(self) -> ssl.SSLContext | None:
        """Makes the TLS context of the listening sockets; None for plain HTTP.

        Raises:
            ValueError: The files do not belong together, or OpenSSL cannot use them.
        """
        if not self.enabled:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = _VERSIONS[self.min_version]
        context.maximum_version = _VERSIONS[self.max_version]
        if not self.prefer_server_cipher_suites:
            context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
        context.set_alpn_protocols(["http/1.1"])
        self._load_certificate(context)
        context.verify_mode = self.policy
        self._load_client_ca(context)
        return context

    def _load_certificate(self, context: ssl.SSLContext) -> None:
        assert self.cert_file
        assert self.key_file
        try:
            context.load_cert_chain(self.cert_file, self.key_file, _no_password)
        except (OSError, ValueError) as error:
            reason = str(getattr(error, "reason", ""))
            unknown = "cert_file and key_file cannot be used; they are damaged, or of another kind"
            raise ValueError(_REASONS.get(reason, unknown)) from None

    def _load_client_ca(self, context: ssl.SSLContext) -> None:
        if self.client_ca_file:
            try:
                context.load_verify_locations(self.client_ca_file)
            except (OSError, ValueError):
                raise ValueError("client_ca_file cannot be used; it is damaged") from None
        elif self.policy is not ssl.CERT_NONE:
            context.load_default_certs(ssl.Purpose.CLIENT_AUTH)

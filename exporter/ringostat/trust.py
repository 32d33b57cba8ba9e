"""Which certificates the client trusts: read and loaded once, where the configuration is checked.

Not by `ssl.create_default_context`, nor by httpx's or httpcore's defaults: those write the keys
of every connection to the file that the environment's SSLKEYLOGFILE names.
"""

import hashlib
import re
import ssl
from dataclasses import dataclass, field
from pathlib import Path

import certifi

from exporter.files import read_file

_CERTIFICATE = re.compile(
    rb"-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----.*?-----END \1-----", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Trust:
    """Who may sign the API's certificate. Two are equal by the content that was read.

    Attributes:
        digest: Of the certificates, so that a renewed file is another trust; empty for nobody.
        context: What connections are made with; it verifies chain and host.
    """

    digest: str
    context: ssl.SSLContext = field(repr=False, compare=False)


def trust_nobody() -> Trust:
    """No certificate is accepted; plain HTTP needs none."""
    return Trust("", ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def read_trust(path: Path | None) -> Trust:
    """Trusts the certificates of a PEM file.

    Args:
        path: The file; None for the usual authorities, as certifi lists them.

    Raises:
        ValueError: The file cannot be read, or is no list of certificates; the message says why
            in our words, without the path.
    """
    content = read_file(Path(certifi.where()) if path is None else path)
    certificates = b"\n".join(match[0] for match in _CERTIFICATE.finditer(content))
    if not certificates:
        raise ValueError("holds no certificate in PEM")
    trust = Trust(hashlib.sha256(content).hexdigest(), trust_nobody().context)
    try:
        trust.context.load_verify_locations(cadata=certificates.decode("ascii"))
    except (ssl.SSLError, ValueError):
        raise ValueError("holds a certificate that cannot be read") from None
    return trust

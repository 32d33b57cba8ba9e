"""Certificates of a test's own authority, in files."""

from datetime import datetime
from pathlib import Path

import trustme
from cryptography.hazmat.primitives import serialization


class Certificates:
    """An authority, a server's certificate for 127.0.0.1 and a client's, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = trustme.CA()
        self.authority.cert_pem.write_to_path(folder / "ca.pem")
        self.issue("server", "127.0.0.1")
        self.issue("other", "127.0.0.1")
        self.issue("client", "prometheus")
        (folder / "junk.pem").write_text("this is neither certificate nor key\n")
        key = serialization.load_pem_private_key((folder / "server.key").read_bytes(), None)
        assert hasattr(key, "private_bytes")
        sealed = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
        (folder / "encrypted.key").write_bytes(sealed)

    def issue(self, name: str, host: str, ends: datetime | None = None) -> None:
        """`name.pem` and `name.key`, good until `ends`."""
        made = self.authority.issue_cert(host, not_after=ends)
        made.cert_chain_pems[0].write_to_path(self.folder / f"{name}.pem")
        made.private_key_pem.write_to_path(self.folder / f"{name}.key")

"""Pseudonyms: what stands for names and logins where no name is to be shown.

Whoever has the key can compute the pseudonym of a name, and so can find out whose it is by trying
names. So the key has a type that never prints it, as the Auth-key has.
"""

import base64
import hmac
import threading
from collections import OrderedDict
from pathlib import Path
from typing import NoReturn

from exporter.files import FileValue, read_file

_MAX_BYTES = 4096
_SHORTEST_BYTES = 16
# Bytes of the digest: base32 has 8 characters for 5 bytes.
_SHORT, _LONG = 5, 10
# Whose each short pseudonym is: enough for 1,000 projects of 100 people, who come and go.
_MOST_OWNERS = 262_144


class Pseudonyms:
    """Makes pseudonyms with one key, which is printed nowhere.

    Two are equal if their keys are. No name is kept: what is remembered is the digest.
    """

    __slots__ = ("_key", "_owners", "_turn")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._owners: OrderedDict[str, bytes] = OrderedDict()
        # The worker thread renders; a test or a command may do so on its own.
        self._turn = threading.Lock()

    def of(self, name: str) -> str:
        """The pseudonym of a cleaned name: `p-` and 8 characters of base32.

        If another name has these 8 characters already, the later one has 16, so that two people
        are never one series. Which is the later one is known while this object lives.
        """
        digest = hmac.digest(self._key, name.encode(), "sha256")[:_LONG]
        pseudonym = _spell(digest[:_SHORT])
        with self._turn:
            owner = self._owners.setdefault(pseudonym, digest)
            self._owners.move_to_end(pseudonym)
            if len(self._owners) > _MOST_OWNERS:
                self._owners.popitem(last=False)
        return pseudonym if owner == digest else _spell(digest)

    def __repr__(self) -> str:
        return "<pseudonyms>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pseudonyms) and other._key == self._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not to be pickled")


def _spell(digest: bytes) -> str:
    return f"p-{base64.b32encode(digest).decode()}"


def read_pseudonym_key(path: Path) -> Pseudonyms:
    """The pseudonyms of the key in a file: its bytes without the line break at the end.

    Raises:
        ValueError: The file cannot be read, or its key is too short; the message names neither
            path nor content.
    """
    key = read_file(path, _MAX_BYTES).rstrip(b"\r\n")
    if not key:
        raise ValueError("is empty")
    if len(key) < _SHORTEST_BYTES:
        raise ValueError(f"is shorter than {_SHORTEST_BYTES} bytes")
    return Pseudonyms(key)


def pseudonyms_of_file(path: Path) -> FileValue[Pseudonyms]:
    """The pseudonyms of a key file, read again when it changes.

    Raises:
        ValueError: As `read_pseudonym_key`.
    """
    return FileValue.read_from(path, read_pseudonym_key)

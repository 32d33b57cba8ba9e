"""The Auth-key: a typed secret, and where it comes from.

A key is not read-only at Ringostat: it can place calls and add users. So it has a type that
never prints it, and every message about one names its place, not its content.
"""

import re
from pathlib import Path
from typing import NoReturn

from exporter.files import FileStamp, FileValue, read_file, stamp_of

_MAX_BYTES = 4096


class Secret:
    """A value that prints as `<secret>` wherever it is printed by accident."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself; called where the request is made, and nowhere else."""
        return self._value

    def hide_in(self, text: str) -> str:
        """The text with every occurrence of the value replaced, in capitals or not."""
        return re.sub(re.escape(self._value), str(self), text, flags=re.IGNORECASE)

    def __repr__(self) -> str:
        return "<secret>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not to be pickled")


def parse_key(text: str) -> Secret:
    """The key in a text, without the white space around it.

    Raises:
        ValueError: It is empty, or holds a blank or a character that a header cannot carry. The
            message does not quote it.
    """
    key = text.strip()
    if not key:
        raise ValueError("is empty")
    if any(character.isspace() for character in key):
        raise ValueError("contains white space; a key is one word")
    if not all("!" <= character <= "~" for character in key):
        raise ValueError("contains a character that is not printable ASCII")
    return Secret(key)


def read_key_file(path: Path) -> Secret:
    """The key in a file.

    Raises:
        ValueError: The file cannot be read, or holds no key; the message names neither path nor
            content.
    """
    content = read_file(path, _MAX_BYTES)
    try:
        return parse_key(content.decode())
    except UnicodeDecodeError:
        raise ValueError("contains a character that is not printable ASCII") from None


class KeySource(FileValue[Secret]):
    """One project's Auth-key: fixed, or read again when its file changes."""

    def __init__(
        self, key: Secret, path: Path | None = None, stamp: FileStamp | None = None
    ) -> None:
        super().__init__(key, read_key_file, path, stamp)

    @classmethod
    def of_file(cls, path: Path) -> "KeySource":
        """The key that is in a file now.

        Raises:
            ValueError: As `read_key_file`.
        """
        # Taken before the file is read: what is written in between is a change to be seen.
        stamp = stamp_of(path)
        return cls(read_key_file(path), path, stamp)

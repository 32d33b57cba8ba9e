"""The Auth-key: a typed secret, and where it comes from.

A key is not read-only at Ringostat: it can place calls and add users. So it has a type that
never prints it, and every message about one names its place, not its content.
"""

import re
from pathlib import Path
from typing import NoReturn

from exporter.files import FileStamp, read_file, stamp_of

_MAX_BYTES = 4096
# A file system's clock may stand still for two seconds: what is written within its tick after a
# reading leaves the stamp as it was. So a changed file is read again at as many further looks.
_SURE_LOOKS = 3


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


class KeySource:
    """One project's key: fixed, or read again when its file changes.

    Attributes:
        path: The key's file; None for a key that stands in the configuration.
        problem: Why the file's newest content is not used; None while it is good.
    """

    def __init__(
        self, key: Secret, path: Path | None = None, stamp: FileStamp | None = None
    ) -> None:
        self._key = key
        self.path = path
        self.problem: str | None = None
        self._stamp = stamp
        self._looks_left = _SURE_LOOKS

    @classmethod
    def of_file(cls, path: Path) -> "KeySource":
        """The key that is in a file now.

        Raises:
            ValueError: As `read_key_file`.
        """
        # Taken before the file is read: what is written in between is a change to be seen.
        stamp = stamp_of(path)
        return cls(read_key_file(path), path, stamp)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeySource) and other.path == self.path and other._key == self._key

    def __hash__(self) -> int:
        return hash((self.path, self._key))

    def changed(self) -> bool:
        """Reads the file again if it changed, or could not be used; True if the key is another.

        A file that is gone or holds no key leaves the key as it was, with `problem` set, and is
        looked at again the next time. Reads the disk: not to be called on the event loop.
        """
        if self.path is None or not self._is_due(self.path):
            return False
        try:
            key = read_key_file(self.path)
        except ValueError as error:
            self.problem = str(error)
            return False
        self.problem = None
        if key == self._key:
            return False
        self._key = key
        return True

    def _is_due(self, path: Path) -> bool:
        # Taken before the file is read: what is written in between is a change to be seen.
        stamp = stamp_of(path)
        if stamp != self._stamp or self.problem is not None:
            self._stamp, self._looks_left = stamp, _SURE_LOOKS
            return True
        due = self._looks_left > 0
        self._looks_left -= due
        return due

    def current(self) -> Secret:
        """The key to use now."""
        return self._key

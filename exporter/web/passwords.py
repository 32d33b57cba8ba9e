"""Passwords against bcrypt hashes, without stopping the loop or telling who exists."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import bcrypt

from exporter.log import Log

# bcrypt looks no further; a longer password would be as good as its beginning.
_LONGEST = 72
_MOST_KEPT = 1000
# A queue longer than this would keep an honest client waiting for its whole scrape timeout.
_MOST_WAITING = 100


class Passwords:
    """Checks one password at a time, and remembers those that were right."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._thread = ThreadPoolExecutor(1, "passwords")
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._overrun = False
        self._secret = secrets.token_bytes(32)
        self._right: dict[tuple[bytes, bytes, bytes], None] = {}

    async def right(self, users: Mapping[bytes, bytes], user: bytes, password: bytes) -> bool:
        """Whether this is the user's password.

        An unknown user costs the check of a known one. Where too many wait already the answer
        is no, unchecked.
        """
        known = user in users
        stored = users[user] if known else next(iter(users.values()))
        # Never the password itself: a core file or a debugger would show it.
        kept = (user, stored, hashlib.blake2b(password, key=self._secret).digest())
        if known and kept in self._right:
            return True
        if self._waiting >= _MOST_WAITING:
            self._tell_overrun()
            return False
        self._waiting += 1
        try:
            async with self._turn:
                if known and kept in self._right:
                    return True
                fits = await asyncio.get_running_loop().run_in_executor(
                    self._thread, _fits, password, stored
                )
        finally:
            self._waiting -= 1
            self._overrun = self._overrun and self._waiting > 0
        if not (fits and known):
            return False
        while len(self._right) >= _MOST_KEPT:
            del self._right[next(iter(self._right))]
        self._right[kept] = None
        return True

    def _tell_overrun(self) -> None:
        if not self._overrun:
            self._overrun = True
            self._log.warning("more passwords than can be checked; refused unchecked")

    def close(self) -> None:
        """Ends the thread after the check it is at."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _fits(password: bytes, stored: bytes) -> bool:
    allowed = len(password) <= _LONGEST and b"\0" not in password
    fits = bcrypt.checkpw(password[:_LONGEST].replace(b"\0", b"0"), stored)
    return fits and allowed

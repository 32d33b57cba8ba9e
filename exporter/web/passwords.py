"""Checks passwords against bcrypt hashes off the event loop, without revealing who exists."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import bcrypt

from exporter.log import Log

# bcrypt ignores what follows; a longer password would be accepted by its beginning alone.
_MAX_PASSWORD_BYTES = 72
_MAX_VERIFIED = 1000
# A longer queue would keep an honest client waiting for its whole scrape timeout.
_MAX_WAITING = 100


class PasswordChecker:
    """Checks one password at a time and remembers those that were correct.

    A check costs a bcrypt computation (a tenth of a second and more); a scraper that sends the
    same password at every scrape pays for it once.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._thread = ThreadPoolExecutor(1, "passwords")
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._overloaded = False
        self._digest_key = secrets.token_bytes(32)
        # An ordered set: the oldest entry goes first.
        self._verified: dict[tuple[bytes, bytes, bytes], None] = {}

    async def verify(self, users: Mapping[bytes, bytes], user: bytes, password: bytes) -> bool:
        """Returns whether this is the user's password.

        An unknown user takes as long as a known one. If too many checks wait already, the
        answer is False, unchecked.

        Args:
            users: User name -> bcrypt hash; not empty.
            user: The name that was sent.
            password: The password that was sent.
        """
        known = user in users
        stored = users[user] if known else next(iter(users.values()))
        # Never the password itself: a core file or a debugger would show it. The parts are
        # kept apart, so that no other user and password have the same key.
        digest = hashlib.blake2b(password, key=self._digest_key).digest()
        credentials = (user, stored, digest)
        # A removed user may have had the same hash: being remembered is not enough.
        if known and credentials in self._verified:
            return True
        if self._waiting >= _MAX_WAITING:
            self._log_overload()
            return False
        correct = await self._check_in_turn(credentials, password)
        if not (correct and known):
            return False
        self._remember(credentials)
        return True

    async def _check_in_turn(
        self, credentials: tuple[bytes, bytes, bytes], password: bytes
    ) -> bool:
        self._waiting += 1
        try:
            async with self._turn:
                # Several requests of one client may wait: the first one answers for all.
                if credentials in self._verified:
                    return True
                return await asyncio.get_running_loop().run_in_executor(
                    self._thread, _matches, password, credentials[1]
                )
        finally:
            self._waiting -= 1
            self._overloaded = self._overloaded and self._waiting > 0

    def _remember(self, credentials: tuple[bytes, bytes, bytes]) -> None:
        while len(self._verified) >= _MAX_VERIFIED:
            del self._verified[next(iter(self._verified))]
        self._verified[credentials] = None

    def _log_overload(self) -> None:
        if not self._overloaded:
            self._overloaded = True
            self._log.warning("too many passwords to check; refusing some unchecked")

    def close(self) -> None:
        """Ends the thread after the check that is running."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def _matches(password: bytes, stored: bytes) -> bool:
    # What is never accepted is hashed all the same: a quick refusal would tell it apart.
    acceptable = len(password) <= _MAX_PASSWORD_BYTES and b"\0" not in password
    matches = bcrypt.checkpw(password[:_MAX_PASSWORD_BYTES].replace(b"\0", b"0"), stored)
    return matches and acceptable

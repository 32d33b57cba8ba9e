"""Checks passwords against bcrypt hashes off the event loop, without revealing who exists."""

import asyncio
import enum
import hashlib
import secrets
from collections.abc import Mapping

import bcrypt

from exporter.log import Log
from exporter.offload import WorkerThread
from exporter.web.password_queue import Attempt, PasswordQueue

# bcrypt ignores what follows; a longer password would be accepted by its beginning alone.
_MAX_PASSWORD_BYTES = 72
_MAX_REMEMBERED = 1000


class Verdict(enum.Enum):
    """What is known of a password."""

    RIGHT = enum.auto()
    WRONG = enum.auto()
    UNCHECKED = enum.auto()  # too many wait


class PasswordChecker:
    """Checks one password at a time and remembers how it ended.

    A check costs a bcrypt computation (a tenth of a second and more); a scraper that sends the
    same password at every scrape pays for it once, and so does one that always sends a wrong one.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._thread = WorkerThread("passwords")
        self._queue = PasswordQueue()
        self._checking: asyncio.Task[None] | None = None
        self._overloaded = False
        self._digest_key = secrets.token_bytes(32)
        # Ordered: the oldest goes first. Apart, so that no flood of wrong ones displaces a right
        # one.
        self._right: dict[bytes, None] = {}
        self._wrong: dict[bytes, None] = {}

    async def verify(self, users: Mapping[bytes, bytes], attempt: Attempt) -> Verdict:
        """Returns whether this is the user's password.

        An unknown user costs what the dearest hash costs.

        Args:
            users: User name -> bcrypt hash; not empty.
            attempt: What was sent.
        """
        known = attempt.user in users
        stored = users[attempt.user] if known else max(users.values(), key=_cost)
        key = self._digest(attempt, stored)
        # A removed user may have had the same hash: being remembered is not enough.
        correct = self._remembered(key)
        if correct is None:
            correct = await self._ask(key, attempt, stored)
        if correct is None:
            self._log_overload()
            return Verdict.UNCHECKED
        return Verdict.RIGHT if correct and known else Verdict.WRONG

    def _digest(self, attempt: Attempt, stored: bytes) -> bytes:
        """Never the password itself: a core file or a debugger would show it."""
        digest = hashlib.blake2b(key=self._digest_key, digest_size=32)
        # With their lengths, so that no other user and password have the same digest.
        for part in (attempt.user, stored, attempt.password):
            digest.update(b"%d:%b" % (len(part), part))
        return digest.digest()

    def _remembered(self, key: bytes) -> bool | None:
        if key in self._right:
            return True
        return False if key in self._wrong else None

    async def _ask(self, key: bytes, attempt: Attempt, stored: bytes) -> bool | None:
        """Whether the password matches; None if it was not checked."""
        waiting = self._queue.join(key, attempt, stored)
        if self._checking is None:
            self._checking = asyncio.create_task(self._check_all())
        # Others may wait for the same answer: one who leaves must not take it from them.
        return await asyncio.shield(waiting.answer)

    async def _check_all(self) -> None:
        """Checks one after the other until none waits."""
        loop = asyncio.get_running_loop()
        try:
            while (waiting := self._queue.next()) is not None:
                # The same may have come again while it was checked.
                correct = self._remembered(waiting.key)
                if correct is None:
                    began = loop.time()
                    correct = await self._thread(_matches, waiting.password, waiting.stored)
                    self._queue.took(loop.time() - began)
                    self._remember(waiting.key, correct=correct)
                waiting.answer.set_result(correct)
        finally:
            self._checking = None
            self._overloaded = False

    def _remember(self, key: bytes, *, correct: bool) -> None:
        kept = self._right if correct else self._wrong
        while len(kept) >= _MAX_REMEMBERED:
            del kept[next(iter(kept))]
        kept[key] = None

    def _log_overload(self) -> None:
        if not self._overloaded:
            self._overloaded = True
            self._log.warning("too many passwords to check; refusing some unchecked")

    def close(self) -> None:
        """Ends the thread after the check that is running."""
        if self._checking is not None:
            self._checking.cancel()
        self._thread.close()


def _cost(stored: bytes) -> bytes:
    """`$2y$10$…` -> `10`: two digits, so that they compare as the numbers do."""
    return stored[4:6]


def _matches(password: bytes, stored: bytes) -> bool:
    # What is never accepted is hashed all the same: a quick refusal would tell it apart.
    acceptable = len(password) <= _MAX_PASSWORD_BYTES and b"\0" not in password
    matches = bcrypt.checkpw(password[:_MAX_PASSWORD_BYTES].replace(b"\0", b"0"), stored)
    return matches and acceptable

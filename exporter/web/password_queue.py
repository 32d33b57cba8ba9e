"""Which password is checked next, and which is not checked at all, when many come at once.

Fair by address first and by user then: whoever floods waits for himself. Who was sent away
unchecked and comes again with the same password is checked before all who come for the first
time, so that an honest client gets in although the flood has its address or its name.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

# An honest client that is let into the queue is answered within this time.
_LONGEST_WAIT_SECONDS = 3.0
_FEWEST_WAITING = 4
_MOST_WAITING = 100
_MOST_SENT_AWAY = 10_000
_MOST_TURNS = 1000
# Of cost 10, until the first one was measured.
_FIRST_GUESS_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a client sent, and from where.

    Attributes:
        address: The client's, without the port.
        user: The name.
        password: The password; never logged nor kept.
    """

    address: str
    user: bytes
    password: bytes = field(repr=False)


@dataclass(slots=True, eq=False)
class Waiting:
    """A password that waits for its check; whoever sends the same meanwhile waits with it.

    Attributes:
        key: A keyed digest of user, hash and password.
        address: Of the client that sent it first.
        user: Whom it claims to be.
        stored: The bcrypt hash to check it against.
        password: Until it is checked.
        again: Whether it was sent away before.
        number: In the order of arrival.
        answer: Whether it matches; None: not checked.
    """

    key: bytes
    address: str
    user: bytes
    stored: bytes = field(repr=False)
    password: bytes = field(repr=False)
    again: bool
    number: int
    answer: asyncio.Future[bool | None]

    @property
    def name(self) -> tuple[str, bytes]:
        """Address and user."""
        return self.address, self.user


class PasswordQueue:
    """Passwords that wait for one thread."""

    def __init__(self) -> None:
        self._waiting: dict[bytes, Waiting] = {}
        self._sent_away: dict[bytes, None] = {}
        # When an address, and a user at an address, last had their turn: the number of it.
        self._turns: dict[str | tuple[str, bytes], int] = {}
        self._count = 0
        self._seconds = _FIRST_GUESS_SECONDS

    def join(self, key: bytes, attempt: Attempt, stored: bytes) -> Waiting:
        """Queues a password; where too many wait one of them, perhaps this, is sent away."""
        same = self._waiting.get(key)
        if same is not None:
            return same
        self._count += 1
        waiting = Waiting(
            key=key,
            address=attempt.address,
            user=attempt.user,
            stored=stored,
            password=attempt.password,
            again=self._sent_away.pop(key, self) is None,
            number=self._count,
            answer=asyncio.get_running_loop().create_future(),
        )
        self._waiting[key] = waiting
        if len(self._waiting) > self._limit:
            self._send_away()
        return waiting

    @property
    def _limit(self) -> int:
        fitting = int(_LONGEST_WAIT_SECONDS / self._seconds)
        return max(_FEWEST_WAITING, min(_MOST_WAITING, fitting))

    def _send_away(self) -> None:
        """Answers "not checked" to the last comer of the user and address that fill the queue."""
        addresses = Counter(waiting.address for waiting in self._waiting.values())
        names = Counter(waiting.name for waiting in self._waiting.values())
        last = max(
            self._waiting.values(),
            key=lambda one: (not one.again, addresses[one.address], names[one.name], one.number),
        )
        del self._waiting[last.key]
        while len(self._sent_away) >= _MOST_SENT_AWAY:
            del self._sent_away[next(iter(self._sent_away))]
        self._sent_away[last.key] = None
        last.answer.set_result(None)

    def next(self) -> Waiting | None:
        """Takes the one whose turn it is out of the queue; None if nobody waits."""
        if not self._waiting:
            self._turns.clear()
            return None
        chosen = min(
            self._waiting.values(),
            key=lambda one: (
                not one.again,
                self._turns.get(one.address, 0),
                self._turns.get(one.name, 0),
                one.number,
            ),
        )
        del self._waiting[chosen.key]
        if len(self._turns) >= _MOST_TURNS:
            self._turns.clear()
        self._count += 1
        self._turns[chosen.address] = self._turns[chosen.name] = self._count
        return chosen

    def took(self, seconds: float) -> None:
        """Notes how long a check took, for how many may wait."""
        self._seconds = max(0.001, 0.7 * self._seconds + 0.3 * seconds)

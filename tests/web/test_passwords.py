"""Who is checked when many passwords come at once, and what a check costs."""

import asyncio

import bcrypt
import pytest

from exporter.log import make_log
from exporter.web.password_queue import Attempt, PasswordQueue
from exporter.web.passwords import PasswordChecker, Verdict
from tests.support.real import run_real

RIGHT = b"correct horse"


def attempt(user: str = "alice", password: str = "x", address: str = "10.0.0.1") -> Attempt:
    return Attempt(address, user.encode(), password.encode())


def join(queue: PasswordQueue, attempt: Attempt) -> asyncio.Future[bool | None]:
    key = b"%b %b" % (attempt.user, attempt.password)
    return queue.join(key, attempt, b"hash").answer


def served(queue: PasswordQueue) -> list[str]:
    """User and password of all who wait, in the order of their turns."""
    order = []
    while (waiting := queue.next()) is not None:
        order.append(f"{waiting.user.decode()} {waiting.password.decode()}")
        waiting.answer.set_result(False)
    return order


def test_addresses_take_turns_and_users_within_them() -> None:
    """A flood of one address, or for one user, waits for itself alone."""

    async def main() -> list[str]:
        queue = PasswordQueue()
        for number in range(5):
            join(queue, attempt("mallory", str(number)))
        join(queue, attempt("alice", "a"))
        join(queue, attempt("bob", "b", "10.0.0.2"))
        return served(queue)

    assert run_real(main())[:3] == ["mallory 0", "bob b", "alice a"]


@pytest.mark.parametrize(
    "flood",
    [
        lambda number: attempt("mallory", str(number)),
        lambda number: attempt(f"user {number}", str(number)),
        lambda number: attempt("alice", str(number)),
        lambda number: attempt(f"user {number}", str(number), f"10.0.1.{number % 250}"),
    ],
    ids=["one user", "many users", "the same user", "many addresses"],
)
def test_whoever_was_sent_away_comes_first_when_he_is_back(flood) -> None:  # type: ignore[no-untyped-def]
    """Whatever the flood looks like, an honest client that tries again is among the next two."""

    async def main() -> tuple[bool, int]:
        queue = PasswordQueue()
        honest = attempt("alice", "right")
        for number in range(400):
            join(queue, flood(number))
        first = join(queue, honest)
        for number in range(400, 800):
            join(queue, flood(number))
        if first.done():
            assert first.result() is None  # not checked, which is not wrong
            first = join(queue, honest)
            for number in range(800, 1200):
                join(queue, flood(number))
        return first.done(), served(queue).index("alice right")

    sent_away, place = run_real(main())
    assert not sent_away
    assert place <= 1


def test_as_many_wait_as_can_be_checked_within_three_seconds() -> None:
    """Dear hashes make the queue shorter; a few may always wait."""

    async def main(seconds: float) -> int:
        queue = PasswordQueue()
        for _ in range(30):
            queue.took(seconds)
        answers = [join(queue, attempt(f"user {n}")) for n in range(300)]
        waiting = sum(not answer.done() for answer in answers)
        served(queue)
        return waiting

    assert [run_real(main(seconds)) for seconds in (0.001, 0.1, 0.5, 10.0)] == [100, 30, 6, 4]


def test_the_same_password_waits_once() -> None:
    """Several who send the same get the answer of one check."""

    async def main() -> int:
        queue = PasswordQueue()
        answers = {id(join(queue, attempt())) for _ in range(50)}
        assert len(served(queue)) == 1
        return len(answers)

    assert run_real(main()) == 1


def hash_of(password: bytes, cost: int) -> bytes:
    return bcrypt.hashpw(password, bcrypt.gensalt(cost))


class Stopwatch(PasswordChecker):
    """Notes against which hashes it checked."""

    def __init__(self) -> None:
        super().__init__(make_log("error", "logfmt", None))
        self.checked: list[bytes] = []
        inner = self._queue.next

        def note():  # type: ignore[no-untyped-def]
            waiting = inner()
            if waiting is not None:
                self.checked.append(waiting.stored)
            return waiting

        self._queue.next = note  # type: ignore[method-assign]


def test_an_unknown_user_costs_what_the_dearest_one_does() -> None:
    """Time tells nobody which names exist: the hash of most cost stands for one that is not."""
    users = {
        b"cheap": hash_of(RIGHT, 4),
        b"dear": hash_of(RIGHT, 7),
        b"middle": hash_of(RIGHT, 5),
    }

    async def main() -> tuple[list[Verdict], list[bytes]]:
        checker = Stopwatch()
        verdicts = [
            await checker.verify(users, Attempt("a", user, RIGHT))
            for user in (b"nobody", b"", b"CHEAP", b"cheap")
        ]
        checker.close()
        return verdicts, checker.checked

    verdicts, checked = run_real(main())
    assert verdicts == [Verdict.WRONG] * 3 + [Verdict.RIGHT]
    assert checked == [users[b"dear"]] * 3 + [users[b"cheap"]]


def test_a_wrong_password_is_checked_once() -> None:
    """A scraper whose password is old does not cost a check at every scrape."""
    users = {b"alice": hash_of(RIGHT, 4)}

    async def main() -> tuple[set[Verdict], int]:
        checker = Stopwatch()
        verdicts = {await checker.verify(users, attempt()) for _ in range(20)}
        checker.close()
        return verdicts, len(checker.checked)

    assert run_real(main()) == ({Verdict.WRONG}, 1)

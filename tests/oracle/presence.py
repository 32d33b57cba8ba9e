"""The status held now, and since when: docs/contract.md#current-status, in order."""

from dataclasses import dataclass

from tests.oracle.polls import ANY, CLOSE, Either, Fact, Poll, grew
from tests.oracle.reading import Person


@dataclass(slots=True)
class Status:
    """What is known of one employee at the newest poll.

    Attributes:
        key: The status held; None while it is not known.
        since: When it began.
        idle_polls: For how many polls nothing of the employee grew.
    """

    key: str | Either | None = None
    since: Fact = None
    idle_polls: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """One employee in two polls of one day."""

    poll: Poll
    near: Poll
    now: Person
    then: Person | None

    @property
    def grown(self) -> dict[str, int]:
        """What the employee gained in between."""
        return grew(self.then, self.now)


def statuses(
    poll: Poll, near: Poll | None, before: dict[str, Status], shown: set[str]
) -> dict[str, Status]:
    """Who holds what at a poll.

    Args:
        poll: The newest.
        near: The poll before of the same day, unless it is over 3.5 intervals old.
        before: What was held at the poll before.
        shown: Who passes the filters: whether "anybody" is they alone is not said.
    """
    if near is None:
        # From docs/contract.md#current-status:
        # "No status: at the first poll after start and after midnight, when the last
        # good poll is over 3.5 intervals old".
        return {name: Status() for name in poll.reading.people}
    anybody = any(
        grew(near.reading.people.get(name), person)
        for name, person in poll.reading.people.items()
        if name in shown
    )
    held = {}
    for name, person in poll.reading.people.items():
        pair = Pair(poll, near, person, near.reading.people.get(name))
        status = _readable(pair, before.get(name, Status()), anybody)
        if status.key is not None:
            _only_second(status, pair)
        held[name] = status
    return held


def _readable(pair: Pair, earlier: Status, anybody: bool) -> Status:
    """Where one of the employee's values is not told, now or then."""
    now, then = pair.now, pair.then
    if now.unclear or now.blank or (then and (then.unclear or then.blank)):
        return Status(ANY, ANY)
    if then and now.whole and then.whole:
        return _told(pair, earlier, anybody)
    if then and now.readable and then.readable:
        # A status past the 64 is unknown: none is made of it. Whether one is made of the
        # others, which are told, is not said.
        return Status(_one_of(pair.grown, earlier), ANY)
    # From docs/contract.md#current-status:
    # "for a name that came more than once, where one of the employee's values could
    # not be read now or then"; a name that was missing then is unknown then.
    return Status()


def _told(pair: Pair, earlier: Status, anybody: bool) -> Status:
    """Where every value is told, now and then."""
    if pair.grown:
        return _held(pair, earlier)
    if pair.poll.sent.age - pair.near.sent.age < CLOSE:
        return Status(ANY, ANY)
    if earlier.idle_polls >= 2 or earlier.key is None:
        # From docs/contract.md#current-status:
        # "the status is kept for two such polls and gone at the third".
        return Status()
    if anybody:
        return Status(earlier.key, earlier.since, earlier.idle_polls + 1)
    # From docs/contract.md#current-status:
    # "Nothing grew for anybody although time passed: the report is frozen, statuses
    # vanish likewise": at once, or at the third such poll?
    return Status(_one_of({}, earlier), ANY, earlier.idle_polls + 1)


def _one_of(gained: dict[str, int], earlier: Status) -> Either:
    """One of those that grew, or where nothing did the previous one, or none."""
    if gained:
        return Either(None, *gained)
    before = earlier.key.values if isinstance(earlier.key, Either) else (earlier.key,)
    return Either(None, *before) if before else ANY


def _held(pair: Pair, earlier: Status) -> Status:
    """Something grew."""
    gained, near, poll = pair.grown, pair.near, pair.poll
    if isinstance(earlier.key, Either):
        # What follows from an unknown before: one that grew is held, since when is open.
        return Status(next(iter(gained)) if len(gained) == 1 else Either(*gained), ANY)
    if len(gained) == 1:
        # From docs/contract.md#current-status:
        # "One grew: it is held; `since` unchanged if it was held before, else the
        # previous poll."
        (key,) = gained
        if key == earlier.key:
            return Status(key, earlier.since)
        since = near.sent.wall if _clocks_agree(near, poll) else ANY
        # From docs/contract.md#presence:
        # "absent until a change was seen": where nothing was held, none was.
        return Status(key, None if earlier.key is None else since)
    if len(gained) == 2 and earlier.key in gained:
        # From docs/contract.md#current-status:
        # "Two grew and one of them was held before: the other is held, since previous
        # poll + the held one's gain."
        (key,) = gained.keys() - {earlier.key}
        return Status(key, _between(near.sent.wall + gained[str(earlier.key)], near, poll))
    # From docs/contract.md#current-status:
    # "Otherwise: of those that grew and were not held, the one that gained most
    # (smaller key on a tie), since this poll - its gain."
    key = min(gained.keys() - {earlier.key}, key=lambda one: (-gained[one], one))
    return Status(key, _between(poll.sent.wall - gained[key], near, poll))


def _between(since: float, near: Poll, poll: Poll) -> Fact:
    """A change seen between two polls.

    A correction upwards may gain more than the time between them: whether `since` is then cut
    to that time is not said. Nor is how the two polls' wall clocks are reconciled if one was
    set in between.
    """
    if not _clocks_agree(near, poll):
        return ANY
    cut = max(near.sent.wall, min(since, poll.sent.wall))
    return since if cut == since else Either(since, cut)


def _clocks_agree(near: Poll, poll: Poll) -> bool:
    wall, age = poll.sent.wall - near.sent.wall, poll.sent.age - near.sent.age
    return abs(wall - age) < 0.1


def _only_second(status: Status, pair: Pair) -> None:
    """From docs/contract.md#presence.

    "whose only second of the day is in that status (the day's start)".
    """
    values = pair.now.values
    others = [key for key, value in values.items() if value and key != status.key]
    if not others and status.key in values and not isinstance(status.since, Either):
        known = status.since not in (None, pair.poll.midnight)
        # A correction took the others away: the two sentences disagree.
        status.since = ANY if known else pair.poll.midnight

"""What the reports of `today` tell about now: CONTRACT section 6, sentence by sentence."""

from dataclasses import dataclass, field
from datetime import date

from tests.oracle.reading import Person, Reading
from tests.oracle.seam import Instant

OFFLINE = "offline"
# "when the last good poll is over 3.5 intervals old"
INTERVALS = 3.5
# Values are whole seconds: polls closer than this may show no growth without being frozen.
CLOSE = 2.5


class Either:
    """Several values are right by the contract's words, or any."""

    def __init__(self, *values: float | str | None) -> None:
        self.values = values


ANY = Either()
Fact = float | None | Either


@dataclass(slots=True)
class Poll:
    """A good answer of `today`.

    Attributes:
        day: The date asked for, and its midnight.
        sent: "Poll time is when the request was sent".
    """

    day: str
    midnight: float
    sent: Instant
    reading: Reading


@dataclass(slots=True)
class Status:
    """What is known of one employee at the newest poll.

    Attributes:
        key: The status held; None while it is not known; ANY.
        since: When it began.
        idle_polls: For how many polls nothing of the employee grew while others' did.
    """

    key: str | Either | None = None
    since: Fact = None
    idle_polls: int = 0


@dataclass(slots=True)
class Facts:
    """What is known of one employee's day."""

    first: Fact = None
    first_decided: bool = False
    last: Fact = None
    # The newest poll of the day with all of the employee's values.
    seen: Poll | None = None


@dataclass(slots=True)
class Line:
    """The polls of `today` of one process, and what follows from them."""

    polls: list[Poll] = field(default_factory=list)
    held: dict[str, Status] = field(default_factory=dict)
    facts: dict[tuple[str, str], Facts] = field(default_factory=dict)

    def add(self, poll: Poll, interval: float) -> None:
        """One more good poll, while the interval is so."""
        before = next((one for one in reversed(self.polls) if one.day == poll.day), None)
        detour = bool(before and before is not self.polls[-1])
        near = before
        # "how far apart two polls are is told by the clock of ages"; "No status: at the first
        # poll after start and after midnight, when the last good poll is over 3.5 intervals old"
        if before and poll.sent.age - before.sent.age > INTERVALS * interval:
            near = None
        held = self._statuses(poll, near)
        if detour:
            # The wall clock named another day for a while: is the poll before it the one
            # before? Not said; the status of this poll may be known or not.
            held = {name: Status(ANY, ANY) for name in held}
        for name, person in poll.reading.people.items():
            facts = self.facts.setdefault((poll.day, name), Facts())
            _first_active(facts, name, person, poll, near, detour)
            _last_active(facts, name, person, poll, near, held[name])
            if person.whole and not person.unclear:
                facts.seen = poll
        self.held = held
        self.polls.append(poll)
        self._forget(date.fromisoformat(poll.day))

    def _forget(self, today: date) -> None:
        """How long a day's facts are kept for a clock that goes back to it is said of marks only.

        They are "of the newest report's day, the two before and the one after".
        """
        for (day, _), facts in self.facts.items():
            if not -2 <= (date.fromisoformat(day) - today).days <= 1:
                facts.first, facts.first_decided, facts.last = ANY, True, ANY

    def _statuses(self, poll: Poll, near: Poll | None) -> dict[str, Status]:
        if near is None:
            return {name: Status() for name in poll.reading.people}
        before = near.reading.people
        grown = {
            name: grew(before.get(name), person) for name, person in poll.reading.people.items()
        }
        # "Nothing grew for anybody although time passed: the report is frozen"
        frozen = not any(grown.values())
        close = poll.sent.age - near.sent.age < CLOSE
        held = {}
        for name, person in poll.reading.people.items():
            then, earlier = before.get(name), self.held.get(name, Status())
            if person.unclear or (then and then.unclear):
                held[name] = Status(ANY, ANY)
            elif then and person.readable and then.readable and not (person.whole and then.whole):
                # A status past the 64 is unknown: none is made of it. Whether one is made of
                # the others, which are told, is not said.
                held[name] = Status(_one_of(grown[name], earlier), ANY)
            elif not person.whole or then is None or not then.whole:
                # "for a name that came more than once, where one of the employee's values could
                # not be read now or then"; a name missing then is unknown then.
                held[name] = Status()
            elif grown[name]:
                held[name] = _held(grown[name], earlier, poll, near)
            elif close:
                held[name] = Status(ANY, ANY)
            elif frozen and earlier.idle_polls < 2:
                # "statuses vanish likewise": at once, or at the third such poll?
                held[name] = Status(ANY, ANY, earlier.idle_polls + 1)
            elif earlier.idle_polls < 2:
                # "the status is kept for two such polls and gone at the third"
                held[name] = Status(earlier.key, earlier.since, earlier.idle_polls + 1)
            else:
                held[name] = Status()
            if held[name].key is not None:
                _only_second(held[name], person, poll)
        return held


def grew(then: Person | None, now: Person) -> dict[str, int]:
    """ "the statuses whose value grew", with the seconds; of those that are told then and now."""
    if then is None or then.rows != 1 or now.rows != 1:
        return {}
    gained = {}
    for key in now.values:
        new, old = now.told(key), then.told(key)
        if new is not None and old is not None and new > old:
            gained[key] = new - old
    return gained


def _one_of(gained: dict[str, int], earlier: Status) -> Either:
    """One of those that grew, or where nothing did the one before, or none."""
    if gained:
        return Either(None, *gained)
    before = earlier.key.values if isinstance(earlier.key, Either) else (earlier.key,)
    return Either(None, *before) if before else ANY


def _held(gained: dict[str, int], earlier: Status, poll: Poll, near: Poll) -> Status:
    if isinstance(earlier.key, Either):
        # What follows from an unknown before: one that grew is held, since when is open.
        return Status(next(iter(gained)) if len(gained) == 1 else Either(*gained), ANY)
    if len(gained) == 1:
        # "One grew: it is held; `since` unchanged if it was held before, else the previous poll."
        (key,) = gained
        if key == earlier.key:
            return Status(key, earlier.since)
        # "absent until a change was seen": where nothing was held before, none was seen.
        since = near.sent.wall if _clocks_agree(near, poll) else ANY
        return Status(key, None if earlier.key is None else since)
    if len(gained) == 2 and earlier.key in gained:
        # "Two grew and one of them was held before: the other is held, since previous poll +
        # the held one's gain."
        (key,) = gained.keys() - {earlier.key}
        return Status(key, _between(near.sent.wall + gained[str(earlier.key)], near, poll))
    # "Otherwise: of those that grew and were not held, the one that gained most (smaller key on
    # a tie), since this poll - its gain."
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
    if near.sent.wall - 1 <= since <= poll.sent.wall + 1:
        return since
    return Either(since, max(near.sent.wall, min(since, poll.sent.wall)))


def _clocks_agree(near: Poll, poll: Poll) -> bool:
    wall, age = poll.sent.wall - near.sent.wall, poll.sent.age - near.sent.age
    return abs(wall - age) < 0.1


def _only_second(status: Status, person: Person, poll: Poll) -> None:
    """ "except for an employee whose only second of the day is in that status (the day's start)"."""
    others = [key for key, value in person.values.items() if value and key != status.key]
    if not others and status.key in person.values and not isinstance(status.since, Either):
        known = status.since not in (None, poll.midnight)
        # A correction took the others away: the two sentences disagree.
        status.since = ANY if known else poll.midnight


def active(person: Person) -> int:
    """Seconds in anything but `offline`, of those that are told."""
    return sum(value for key, value in person.values.items() if key != OFFLINE)


def _first_active(
    facts: Facts, name: str, person: Person, poll: Poll, near: Poll | None, detour: bool
) -> None:
    if facts.first_decided or person.lost:
        return
    if person.unclear or person.rows != 1:
        # Which of a sum is when somebody came? Not said, if it is now that they come.
        if active(person):
            facts.first, facts.first_decided = ANY, True
        return
    if not active(person):
        return
    facts.first_decided = True
    offline = person.told(OFFLINE)
    then = near.reading.people.get(name) if near else None
    # "The idle poll must be the one before (at most 3.5 intervals), with all values read"
    idle = then is not None and then.whole and not active(then)
    if offline is None:
        facts.first = None
    elif offline == 0:
        # "or if the report's `offline` is 0 (then: the day's start)"
        facts.first = poll.midnight
    elif idle:
        # "midnight + the `offline` value at the first poll that shows another second"
        facts.first = poll.midnight + offline
        if not person.whole or detour or (then and then.unclear):
            facts.first = Either(facts.first, None)
    else:
        facts.first = None


def _last_active(
    facts: Facts, name: str, person: Person, poll: Poll, near: Poll | None, status: Status
) -> None:
    """ "the last moment not `offline` today; while active, the last poll at which something but
    `offline` grew; absent where a gap leaves it open".
    """
    if not person.whole or person.unclear:
        # What could not be read may have grown.
        facts.last = ANY
        return
    seen = facts.seen
    then = near.reading.people.get(name) if near else None
    if then is not None and not then.whole and (active(person) > 0):
        # Partly read before: what is told then and now may have grown, or not be trusted.
        facts.last = ANY
        return
    if seen is None:
        # Nobody saw the day before: open, but for one who was never offline.
        never = active(person) and not person.told(OFFLINE)
        facts.last = Either(None, poll.sent.wall) if never else None
        return
    gained = grew(seen.reading.people[name], person)
    more_active = sum(gain for key, gain in gained.items() if key != OFFLINE)
    if not more_active:
        return  # unchanged
    if OFFLINE not in gained:
        facts.last = poll.sent.wall if seen is near else Either(poll.sent.wall, None)
    elif seen is not near:
        facts.last = None
    elif status.key == OFFLINE:
        # The last moment not offline is the one at which offline began.
        facts.last = status.since
    elif isinstance(status.key, Either):
        facts.last = ANY
    else:
        facts.last = poll.sent.wall

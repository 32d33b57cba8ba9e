"""First and last active: docs/contract.md#first-active and docs/contract.md#presence, in order."""

from dataclasses import dataclass, field

from tests.oracle.polls import ANY, OFFLINE, Either, Fact, Poll, active, grew
from tests.oracle.presence import Status
from tests.oracle.reading import Person


@dataclass(slots=True)
class Facts:
    """What is known of one employee's day.

    Attributes:
        first: When the employee first left `offline`; final once it is decided.
        last: The last moment not `offline`.
        seen: The newest poll of the day with all of the employee's values.
        most: The most that the day's polls told of each status.
    """

    first: Fact = None
    first_decided: bool = False
    last: Fact = None
    seen: Poll | None = None
    most: dict[str, int] = field(default_factory=dict)

    def corrected(self, name: str) -> bool:
        """Whether the newest values are not the highest: some of the day was taken back."""
        if self.seen is None:
            return False
        values = self.seen.reading.people[name].values
        return any(values.get(key, 0) < most for key, most in self.most.items())

    def forget(self) -> None:
        """Whether it is still known is not said."""
        self.first, self.first_decided, self.last = ANY, True, ANY


@dataclass(frozen=True, slots=True)
class Look:
    """One employee at one poll.

    Attributes:
        near: The poll before of the same day, unless it is over 3.5 intervals old.
        detour: The wall clock named another day between the two.
        status: What docs/contract.md#current-status says of the status held at this poll.
    """

    name: str
    person: Person
    poll: Poll
    near: Poll | None
    detour: bool
    status: Status

    @property
    def unclear(self) -> bool:
        """Whether the contract does not say what of the employee is told at this poll."""
        return self.person.unclear or bool(self.person.blank)

    @property
    def then(self) -> Person | None:
        """The employee in the poll before."""
        return self.near.reading.people.get(self.name) if self.near else None


def observe(facts: Facts, look: Look) -> None:
    """One more poll of the day that names the employee."""
    if not facts.first_decided and not look.person.lost:
        _first_active(facts, look)
    elif facts.first is None and not look.person.told(OFFLINE):
        # A correction, or a `null`, takes all of `offline` away: is it "the report's `offline` is
        # 0" now?
        facts.first = ANY
    _last_active(facts, look)
    if look.person.whole and not look.unclear:
        facts.seen = look.poll
        for key, value in look.person.values.items():
            facts.most[key] = max(facts.most.get(key, 0), value)


def _first_active(facts: Facts, look: Look) -> None:
    person, then = look.person, look.then
    if not active(person):
        return
    facts.first_decided = True
    if look.unclear or person.rows != 1:
        facts.first = ANY  # which of a sum is when somebody came? Not said
        return
    # From docs/contract.md#first-active:
    # "The idle poll must be the previous one (at most 3.5 intervals before), with all values
    # read; after a gap it is absent."
    idle = then is not None and then.whole and not active(then)
    offline = person.told(OFFLINE)
    if offline is None:
        facts.first = None
    elif offline == 0:
        # From docs/contract.md#first-active:
        # "or if the report's `offline` is 0 (then: the day's start)".
        facts.first = look.poll.midnight
    elif idle:
        # From docs/contract.md#first-active:
        # "midnight + the `offline` value at the first poll that shows another second".
        facts.first = look.poll.midnight + offline
        if not person.whole or look.detour or (then and (then.unclear or then.blank)):
            facts.first = Either(facts.first, None)
    else:
        # From docs/contract.md#first-active:
        # "After a start in mid-day it is absent for those already active".
        facts.first = None


def _last_active(facts: Facts, look: Look) -> None:
    """docs/contract.md#presence: "absent where a gap leaves it open"."""
    person, then, seen = look.person, look.then, facts.seen
    if not person.whole or look.unclear or look.detour:
        # What could not be read may have grown; and what of a day that comes again is not said.
        facts.last = ANY
        return
    if then is not None and (then.blank or not then.whole) and active(person):
        # Partly read before: what is told then and now may have grown, or not be trusted.
        facts.last = ANY
        return
    if seen is None:
        # Nobody saw the day before: open, but for one who was never offline.
        never = active(person) and not person.told(OFFLINE)
        facts.last = Either(None, look.poll.sent.wall) if never else None
        return
    gained = grew(seen.reading.people[look.name], person)
    if seen is not look.near and facts.corrected(look.name):
        # What grew since is told by the newest values, or by the highest: that is not said.
        facts.last = ANY
        return
    if gained.keys() - {OFFLINE}:
        facts.last = _after_activity(gained, look, seen is look.near)


def _after_activity(gained: dict[str, int], look: Look, consecutive: bool) -> Fact:
    """Something but `offline` grew since the employee was last read."""
    if OFFLINE not in gained:
        # From docs/contract.md#presence:
        # "while active, the last poll at which something but `offline` grew".
        wall = look.poll.sent.wall
        return wall if consecutive else Either(wall, None)
    if not consecutive:
        return None
    if look.status.key == OFFLINE:
        return look.status.since  # the last moment not offline is when offline began
    return ANY if isinstance(look.status.key, Either) else look.poll.sent.wall

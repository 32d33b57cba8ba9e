"""A good poll of `today`, what grew between two, and facts that the contract leaves open."""

from dataclasses import dataclass

from tests.oracle.reading import Person, Reading
from tests.oracle.seam import Instant

OFFLINE = "offline"
# From docs/contract.md#current-status: "when the last good poll is over 3.5 intervals old".
INTERVALS = 3.5
# Values are whole seconds: polls closer than this may show no growth without being frozen.
CLOSE = 2.5


class Either:
    """Several values are right by the contract's words; without values any is."""

    def __init__(self, *values: float | str | None) -> None:
        self.values = values


ANY = Either()
Fact = float | None | Either


@dataclass(slots=True)
class Poll:
    """A good answer of `today`.

    Attributes:
        day: The date asked for, and its midnight.
        sent: docs/contract.md#presence: "Poll time is when the request was sent".
    """

    day: str
    midnight: float
    sent: Instant
    reading: Reading


def grew(then: Person | None, now: Person) -> dict[str, int]:
    """From docs/contract.md#current-status.

    "the statuses whose value grew", with the seconds, of those told then and now.
    """
    if then is None or then.rows != 1 or now.rows != 1:
        return {}
    gained = {}
    for key in now.values:
        new, old = now.told(key), then.told(key)
        if new is not None and old is not None and new > old:
            gained[key] = new - old
    return gained


def active(person: Person) -> int:
    """Seconds in anything but `offline`, of those that are told."""
    return sum(value for key, value in person.values.items() if key != OFFLINE)

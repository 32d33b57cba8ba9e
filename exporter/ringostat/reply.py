"""A request under way, and a good answer to it. Pure."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from exporter.instant import Instant

_T_co = TypeVar("_T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Reply(Generic[_T_co]):
    """A good answer.

    Attributes:
        value: What it says, typed.
        sent: When the request that it answers was sent.
        received: When it had been read.
    """

    value: _T_co
    sent: Instant
    received: Instant


@dataclass(slots=True)
class InFlight:
    """A request under way, as its poller and its watchdog see it.

    Attributes:
        failing: Whether the same query failed the last time: such ones share half of the slots.
        since: When it got its turn, on the event loop's clock, which stands still while the
            machine is suspended; None while it waits for one.
    """

    failing: bool = False
    since: float | None = None

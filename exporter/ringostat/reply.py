"""A request under way, and a good answer to it. Pure."""

from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
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
        yields: Whether it shares half of the slots: the same query failed the last time, or it is
            beside the reports.
        alone: Held by the one request of its project that has a turn.
        since: When it got its turn, on the event loop's clock, which stands still while the
            machine is suspended; None while it waits for one.
    """

    yields: bool = False
    alone: AbstractAsyncContextManager[object] = field(default_factory=nullcontext)
    since: float | None = None

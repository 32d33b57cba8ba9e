"""What the poll loops of a project work with, and what they share."""

import asyncio
from dataclasses import dataclass, field

from exporter.clock import Clock
from exporter.log import Log
from exporter.polling.owner import SnapshotOwner
from exporter.polling.query import Api


@dataclass(frozen=True, slots=True)
class Context:
    """What a loop works with.

    Attributes:
        api: Who is asked.
        clock: What time it is.
        publisher: Who owns the snapshots.
        log: Where outcomes are logged.
    """

    api: Api
    clock: Clock
    publisher: SnapshotOwner
    log: Log


@dataclass(slots=True)
class Shared:
    """What the loops of one project share.

    Attributes:
        alone: Held by the one request of the project that is in flight.
        not_before: On the clock of ages, when a pause ends that the API asked the project for.
    """

    alone: asyncio.Lock = field(default_factory=asyncio.Lock)
    not_before: float = float("-inf")

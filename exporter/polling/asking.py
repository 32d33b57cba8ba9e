"""One question to the API -> what its answer makes of a snapshot."""

from collections.abc import Callable
from datetime import date
from typing import Protocol

from exporter.clock import Clock
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.updates import apply_catalog, apply_report
from exporter.polling.window import Window, local_date
from exporter.ringostat.client import InFlight, Reply
from exporter.ringostat.key import Secret

Learn = Callable[[ProjectSnapshot], ProjectSnapshot]


class Api(Protocol):
    """Whom to ask; `RingostatClient` outside of tests."""

    async def custom_statuses(self, project_id: int, key: Secret, asking: InFlight) -> Reply:
        """Method 1."""
        ...

    async def daily_report(
        self, project_id: int, key: Secret, first: date, last: date, asking: InFlight
    ) -> Reply:
        """Method 2, for dates that are both inclusive."""
        ...


async def ask(
    api: Api,
    plan: ProjectSpec,
    window: Window | None,
    clock: Clock,
    asking: InFlight,
    planned: float | None = None,
) -> Learn:
    """Asks for a window, or the catalog (None); the answer is read when it is applied.

    Args:
        api: Whom to ask.
        plan: Of the project.
        window: What for.
        clock: The present.
        asking: How the question stands.
        planned: Unix time whose dates are asked for; now where it is left out.

    Raises:
        PollError: After the request's retries. Applying raises one as well, for an answer that
            is not of the documented shape.
    """
    key = plan.key.current()
    if window is None:
        reply = await api.custom_statuses(plan.project_id, key, asking)
        return lambda snapshot: apply_catalog(snapshot, plan, reply.result, clock.now())
    moment = clock.now().wall if planned is None else planned
    days = window.dates(local_date(moment, plan.zone))
    reply = await api.daily_report(plan.project_id, key, days.first, days.last, asking)
    return lambda snapshot: apply_report(
        snapshot,
        plan,
        window,
        reply.result,
        planned=moment,
        sent=reply.sent,
        now=clock.now(),
    )

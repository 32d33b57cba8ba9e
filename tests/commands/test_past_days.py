"""Days of the past are asked for within the pauses that the API asks for."""

from datetime import date
from typing import TypeVar

from exporter.clock import Clock
from exporter.commands.past_days import PastDays
from exporter.errors import RateLimited
from exporter.ringostat.calls import Call
from exporter.ringostat.key import Secret
from exporter.ringostat.reply import InFlight, Reply
from tests.support.exporting import make_spec
from tests.support.virtual import NOON, VirtualClock, virtual

_T = TypeVar("_T")


class Limited:
    """Asks for a pause at every request for a day, and answers the custom statuses."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[float] = []

    async def fetch(self, call: Call[_T], _key: Secret, _in_flight: InFlight) -> Reply[_T]:
        now = self.clock.now()
        if call.method == "getCustomStatuses":
            return Reply(call.parse([], now.wall), now, now)
        self.asked.append(now.age)
        raise RateLimited("HTTP 429", 5.0)


@virtual
async def test_a_pause_holds_for_the_next_day_as_well() -> None:
    """A day that was given up leaves its pause to whatever is asked next."""
    clock = VirtualClock(NOON)
    api = Limited(clock)
    past = PastDays(api, clock, make_spec())
    for day in (date(2026, 3, 1), date(2026, 3, 2)):
        try:
            await past.read(day)
        except RateLimited:
            continue
        raise AssertionError("it is never answered")
    assert len(api.asked) == 8
    gaps = [later - earlier for earlier, later in zip(api.asked, api.asked[1:], strict=False)]
    assert min(gaps) >= 5

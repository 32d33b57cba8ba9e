"""What a reload keeps, and what it asks anew: docs/contract.md#reload."""

from dataclasses import replace

from exporter.ringostat.key import KeySource, Secret
from exporter.ringostat.names import EmployeeFilter
from tests.support.exporting import SECONDS, Upstream, broken, good, make_spec, rig, row, select
from tests.support.virtual import NOON, VirtualClock, virtual


@virtual
async def test_a_new_name_moves_everything_and_asks_nothing() -> None:
    """A project is its id (docs/contract.md#reload)."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(10)
        poller = made.pollers[68861]
        asked = len(upstream.asked)
        await made.adopt(replace(poller.spec, name="Verkauf"))
        assert made.value(SECONDS, project="Verkauf", status="online") == 3600
        assert not select(made.scrape(), SECONDS, project="Sales")
        await clock.sleep(5)
        assert len(upstream.asked) == asked


@virtual
async def test_another_filter_holds_at_once_and_asks_nothing() -> None:
    """Who is hidden by a reload is gone from the next scrape; the others stay."""
    clock = VirtualClock(NOON)
    upstream = Upstream(
        good([row("Ann", online="01:00:00"), row("Bob", online="01:00:00")]), clock
    )
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(10)
        poller = made.pollers[68861]
        plan = replace(poller.spec, shown=EmployeeFilter(exclude=("Bob",)))
        asked = len(upstream.asked)
        await made.adopt(plan)
        assert made.value(SECONDS, employee="Ann", status="online") == 3600
        assert not select(made.scrape(), SECONDS, employee="Bob")
        await clock.sleep(1)
        assert len(upstream.asked) == asked


@virtual
async def test_a_reload_tries_failing_questions_at_once_but_honours_retry_after() -> None:
    """The breaker's pause ends with a reload, the API's does not."""
    clock = VirtualClock(NOON)
    upstream = Upstream(broken(404), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(3600)
        poller = made.pollers[68861]
        asked = len(upstream.asked)
        await made.adopt(poller.spec)
        await clock.sleep(1)
        assert len(upstream.asked) == asked + 2
        upstream.handler = broken(429, **{"Retry-After": "600"})
        await made.adopt(poller.spec)
        await clock.sleep(1)
        asked = len(upstream.asked)
        await made.adopt(replace(poller.spec, key=KeySource(Secret("other"))))
        await clock.sleep(500)
        assert len(upstream.asked) == asked
        await clock.sleep(110)
        assert len(upstream.asked) > asked


@virtual
async def test_a_removed_projects_request_runs_to_its_end_and_is_dropped() -> None:
    """Nothing is cancelled, and the answer is never shown."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    upstream.delay = 5.0
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(7)
        made.pollers[68861].retire()
        await clock.sleep(4)
        assert upstream.in_flight == 0
        assert made.tasks[0].done()
        assert made.value("ringostat_up") is None

"""Each row of the table "Wrong numbers that an independent oracle found" on a handful of polls.

All but the last row read the page alone.
"""

from pathlib import Path

import httpx

from tests.oracle.expected import FIRST, LAST, SECONDS, SINCE, STATUS, SUCCESS, TOTAL, UP
from tests.oracle.stage import DAY, NOON, person, stage
from tests.support.virtual import virtual

ERRORS = "ringostat_poll_errors_total"
MORNING = NOON - 12 * 3600


@virtual
async def test_a_clock_two_days_ahead_for_one_poll_changes_no_counter(tmp_path: Path) -> None:
    """A wall clock that was two days ahead for one good poll costs that poll and no counter."""
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", online=3600))
        await made.poll(person("Ann", online=3660))
        made.clock.jump(2 * DAY)
        await made.poll()
        made.clock.jump(-2 * DAY)
        assert made.value(TOTAL, employee="Ann", status="online") in (None, 60)
        await made.poll(person("Ann", online=3780))
        assert made.value(TOTAL, employee="Ann", status="online") == 180
        await made.poll(person("Ann", online=3840))
        assert made.value(TOTAL, employee="Ann", status="online") == 240


@virtual
async def test_a_clock_two_days_ahead_at_the_start_stops_no_counter(tmp_path: Path) -> None:
    """A wall clock that is two days ahead for 90 s at the start costs the counter those 90 s."""
    async with stage(tmp_path, wrong=2 * DAY) as made:
        await made.poll()
        made.clock.jump(-2 * DAY)
        await made.poll(person("Ann", online=3600))
        assert made.value(TOTAL, employee="Ann", status="online") == 0
        await made.poll(person("Ann", online=3660))
        assert made.value(TOTAL, employee="Ann", status="online") == 60


@virtual
async def test_no_arrival_is_made_of_a_value_that_could_not_be_read(tmp_path: Path) -> None:
    """A row with one unreadable value is no idle row: nobody arrived when it becomes readable."""
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", offline=32_400, online="abc"))
        await made.poll(person("Ann", offline=32_400, online=3600))
        assert made.value(FIRST, employee="Ann") is None
        assert made.value(STATUS, employee="Ann") is None
        await made.poll(person("Ann", offline=32_400, online=3660))
        assert made.value(FIRST, employee="Ann") is None
        assert made.value(STATUS, employee="Ann", status="online") == 1


@virtual
async def test_no_hours_are_gained_by_a_value_that_could_not_be_read(tmp_path: Path) -> None:
    """A value that was unreadable in the first report counts from its first readable value."""
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", online=3600, Training="abc"))
        await made.poll(person("Ann", online=3600, Training=10_800))
        assert not made.value(TOTAL, employee="Ann", status="Training")
        await made.poll(person("Ann", online=3600, Training=10_860))
        assert made.value(TOTAL, employee="Ann", status="Training") == 60


@virtual
async def test_nothing_is_gained_by_a_status_that_comes_into_the_64(tmp_path: Path) -> None:
    """A status that was dropped past the 64 and then is not was unknown, not 0."""
    others = {f"Topic {number:02d}": 2000 + number for number in range(59)}
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", online=3600, **others, Upkeep=2100, Zeal=1990))
        assert made.value(SECONDS, employee="Ann", status="Zeal") is None
        await made.poll(person("Ann", online=3600, **others, Upkeep=None, Zeal=2050))
        assert made.value(SECONDS, employee="Ann", status="Zeal") == 2050
        assert not made.value(TOTAL, employee="Ann", status="Zeal")
        assert made.value(STATUS, employee="Ann") is None
        assert made.value(SINCE, employee="Ann") is None
        await made.poll(person("Ann", online=3600, **others, Upkeep=None, Zeal=2110))
        assert made.value(TOTAL, employee="Ann", status="Zeal") == 60
        assert made.value(STATUS, employee="Ann", status="Zeal") == 1


@virtual
async def test_a_day_outlives_one_report_without_the_name(tmp_path: Path) -> None:
    """First and last active are as known before when a name comes back."""
    async with stage(tmp_path) as made:
        bob = {"offline": 100}
        await made.poll(person("Ann", offline=43_200), person("Bob", **bob))
        await made.poll(person("Ann", offline=43_230, online=30), person("Bob", **bob))
        first, last = made.value(FIRST, employee="Ann"), made.value(LAST, employee="Ann")
        assert first == MORNING + 43_230
        assert last is not None
        await made.poll(person("Ann", offline=43_290, online=30), person("Bob", **bob))
        await made.poll(person("Bob", **bob))
        assert made.value(FIRST, employee="Ann") is None
        await made.poll(person("Ann", offline=43_410, online=30), person("Bob", **bob))
        assert made.value(FIRST, employee="Ann") == first
        assert made.value(LAST, employee="Ann") == last


@virtual
async def test_a_reload_of_filters_in_an_outage_keeps_what_is_known(tmp_path: Path) -> None:
    """Filters and limits keep `up`, `last_success`, the marks, the arrivals and the statuses."""
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", offline=43_200))
        await made.poll(person("Ann", offline=43_230, online=30))
        await made.poll(person("Ann", offline=43_230, online=90))
        first, success = made.value(FIRST, employee="Ann"), made.value(SUCCESS)
        assert first == MORNING + 43_230
        await made.fail()
        made.fault = lambda: httpx.Response(400, stream=httpx.ByteStream(b""))
        for change in ({"employees": {"exclude": ["Zed"]}}, {"max_employees": 99}):
            await made.reload(**change)
            assert made.value(UP) == 0
            assert made.value(SUCCESS) == success
            assert made.value(FIRST, employee="Ann") == first
        await made.poll(person("Ann", offline=43_230, online=210))
        assert made.value(TOTAL, employee="Ann", status="online") == 210
        assert made.value(FIRST, employee="Ann") == first
        assert made.value(STATUS, employee="Ann", status="online") == 1


@virtual
async def test_a_reloaded_stale_after_holds_at_once(tmp_path: Path) -> None:
    """A new `stale_after` holds for what is shown already, shorter or longer."""
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", online=3600))
        await made.fail()
        await made.fail()
        assert made.value(SECONDS, employee="Ann", status="online") == 3600
        await made.reload(stale_after="20s")
        assert made.value(SECONDS, employee="Ann", status="online") is None
        await made.poll(person("Ann", online=3700))
        await made.reload(stale_after="3600s")
        await made.fail()
        await made.clock.sleep(600.0)
        assert made.value(UP) == 0
        assert made.value(SECONDS, employee="Ann", status="online") == 3700


@virtual
async def test_a_request_in_flight_at_a_reload_is_paused_for_and_counted(tmp_path: Path) -> None:
    """A 429 whose request a reload overtook is counted, and its Retry-After honoured."""
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", online=3600))
        made.delay = 5.0
        asked = len(made.asked)
        made.fault = lambda: httpx.Response(
            429, headers={"retry-after": "300"}, stream=httpx.ByteStream(b"")
        )
        while len(made.asked) == asked:
            await made.clock.sleep(0.4)
        await made.reload(max_employees=99)
        await made.clock.sleep(5.0)
        assert made.value(ERRORS, reason="rate_limited", method="getSipStatusDailyReport") == 1
        assert made.value(UP) == 0
        asked = len(made.asked)
        await made.clock.sleep(290.0)
        assert len(made.asked) == asked


@virtual
async def test_last_active_is_absent_where_a_gap_leaves_it_open(tmp_path: Path) -> None:
    """Offline after a gap in which somebody was online: nobody knows until when."""
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", offline=600, online=3600))
        await made.poll(person("Ann", offline=600, online=3660))
        assert made.value(LAST, employee="Ann") is not None
        for _ in range(4):
            await made.fail()
        await made.poll(person("Ann", offline=700, online=3860))
        assert made.value(LAST, employee="Ann") is None
        await made.poll(person("Ann", offline=760, online=3860))
        assert made.value(LAST, employee="Ann") is None


@virtual
async def test_a_status_ends_by_when_its_poll_was_sent(tmp_path: Path) -> None:
    """A status is shown until 3.5 intervals after its poll was sent, however long that took."""
    async with stage(tmp_path) as made:
        made.delay = 10.0
        await made.poll(person("Ann", online=3600))
        await made.poll(person("Ann", online=3660))
        sent = made.asked[-1]
        made.fault = lambda: httpx.Response(400, stream=httpx.ByteStream(b""))
        await made.clock.sleep(sent + 3.5 * 60 - 0.5 - made.clock.now().age)
        assert made.value(STATUS, employee="Ann", status="online") == 1
        await made.clock.sleep(1.0)
        assert made.value(STATUS, employee="Ann") is None


@virtual
async def test_a_suspended_machine_wakes_healthy(tmp_path: Path) -> None:
    """After minutes of suspend `/-/healthy` is 200 from the first moment on."""
    async with stage(tmp_path) as made:
        await made.poll(person("Ann", online=3600))
        for seconds in (61.0, 200.0, 21_600.0):
            made.clock.suspend(seconds)
            for _ in range(80):
                assert made.running.exporter.site.healthy(), seconds
                await made.clock.sleep(0.1)


@virtual
async def test_a_catalog_refused_at_the_start_says_nothing_of_up(tmp_path: Path) -> None:
    """A 429 on the catalog at the start leaves `up` of windows that were never asked absent."""
    async with stage(tmp_path) as made:
        made.catalog_fault = lambda: httpx.Response(
            429, headers={"retry-after": "100"}, stream=httpx.ByteStream(b"")
        )
        await made.clock.sleep(20.0)
        assert not made.asked
        assert made.value(UP) is None

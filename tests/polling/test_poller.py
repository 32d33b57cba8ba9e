"""What a poll shows, on a clock of the test's own.

docs/contract.md#4-endpoints, docs/contract.md#rule-2-whole,
docs/contract.md#rule-3-never-invented and docs/contract.md#rule-5-never-merged-in-silence.
"""

from typing import Any

import httpx

from tests.support.exporting import (
    ERRORS,
    SECONDS,
    Upstream,
    answer,
    broken,
    catalog_and,
    good,
    make_spec,
    rig,
    row,
    select,
)
from tests.support.virtual import NOON, VirtualClock, virtual


@virtual
async def test_the_first_poll_is_at_once_and_values_are_exact() -> None:
    """Counters are 0 before it; the catalog is asked first, then today's report."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good([row("Ann", online="01:31:55")]), clock)
    async with rig(clock, upstream, make_spec()) as made:
        assert made.value("ringostat_up") is None
        assert made.value(ERRORS, method="getCustomStatuses", reason="timeout") == 0
        await clock.sleep(0.1)
        assert made.value(SECONDS, employee="Ann", status="online") == 5515
        assert made.value(SECONDS, employee="Ann", status="speaking") == 0
        assert made.value("ringostat_up") == 1
        assert made.value("ringostat_custom_statuses_up") == 1
        assert upstream.asked[0][1]["method"] == "getCustomStatuses"
        assert upstream.asked[1][1]["params"]["filter"] == {
            "from": "2026-03-25",
            "to": "2026-03-25",
        }


@virtual
async def test_the_first_round_is_shown_whole() -> None:
    """`up` and values appear together, once every window was asked for."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    upstream.delay = 2.0
    async with rig(clock, upstream, make_spec(windows=("today", "yesterday"))) as made:
        await clock.sleep(5.9)
        assert made.value("ringostat_custom_statuses_up") == 1
        assert made.value("ringostat_up") is None
        assert not select(made.scrape(), SECONDS)
        await clock.sleep(0.2)
        assert made.value("ringostat_up") == 1
        assert len(select(made.scrape(), SECONDS)) == 8


@virtual
async def test_who_left_the_report_is_gone_from_the_next_scrape() -> None:
    """An employee whom the newest report does not name: docs/contract.md#rule-2-whole."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good([row("Ann", Lunch="01:00:00"), row("Bob", online="01:00:00")]), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(1)
        assert made.value(SECONDS, employee="Bob", status="Lunch") == 0
        upstream.handler = good([row("Bob", online="01:00:00")])
        await clock.sleep(91)
        left = {dict(labels)["employee"] for _, labels in select(made.scrape(), SECONDS)}
        assert left == {"Bob"}
        assert made.value(SECONDS, employee="Bob", status="Lunch") is None


@virtual
async def test_a_failed_poll_changes_no_value_and_stale_ones_vanish() -> None:
    """Rules 3 and 4: kept for `stale_after` since the last good answer, to the second."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(1)
        last_good = made.value("ringostat_report_last_success_timestamp_seconds", window="today")
        assert last_good is not None
        upstream.handler = broken(404)
        await clock.sleep(last_good + 299.9 - clock.now().wall)
        assert made.value("ringostat_up") == 0
        assert made.value(SECONDS, employee="Ann", status="online") == 3600
        assert made.value(ERRORS, method="getSipStatusDailyReport", reason="http_4xx") == 5
        await clock.sleep(0.2)
        names = {name for name, _ in made.scrape()}
        for gone in ("employees", "covered_seconds", "window_start_timestamp_seconds"):
            assert f"ringostat_report_{gone}" not in names
        assert SECONDS not in names
        assert made.value("ringostat_up") == 0
        assert made.value("ringostat_report_last_success_timestamp_seconds") == last_good


@virtual
async def test_polls_never_overlap_and_skipped_ones_are_counted() -> None:
    """A project has one request in flight however slow the API is."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec(interval=15.0), timeout_seconds=40.0) as made:
        await clock.sleep(20)
        upstream.delay = 35.0
        await clock.sleep(200)
        assert upstream.most_in_flight == 1
        skipped = made.value("ringostat_polls_skipped_total")
        assert skipped is not None
        assert 4 <= skipped <= 12


@virtual
async def test_catalog_and_report_each_have_their_own_up() -> None:
    """A failing catalog shows raw keys; a failing report leaves the catalog's `up` at 1."""
    clock = VirtualClock(NOON)

    def no_catalog(body: dict[str, Any]) -> httpx.Response:
        if body["method"] == "getCustomStatuses":
            return httpx.Response(404)
        return answer(body, [row("Ann", **{"1763": "00:10:00"})])

    upstream = Upstream(no_catalog, clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(1)
        assert made.value("ringostat_custom_statuses_up") == 0
        assert made.value("ringostat_up") == 1
        assert made.value(SECONDS, status="1763") == 600
        upstream.handler = lambda body: answer(
            body, [row("Ann", **{"1763": "00:11:00"})], [{"id": 1763, "title": "At lunch"}]
        )
        await clock.sleep(200)
        assert made.value(SECONDS, status="At lunch") == 660
        assert made.value(SECONDS, status="1763") is None
        assert made.value("ringostat_custom_status_info", status_id="1763", status="At lunch") == 1
        upstream.handler = broken(404)
        await clock.sleep(3 * 3600 + 10)
        assert made.value("ringostat_custom_status_info") is None


@virtual
async def test_a_catalog_title_stays_after_its_info_is_gone() -> None:
    """The id-to-title map is kept until a newer catalog.

    docs/contract.md#status-keys-and-titles
    """
    clock = VirtualClock(NOON - 11 * 3600)
    rows = [row("Ann", **{"5": "00:10:00"})]
    upstream = Upstream(lambda body: answer(body, rows, [{"id": 5, "title": "Walk"}]), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(1)
        upstream.handler = lambda body: (
            httpx.Response(404) if body["method"] == "getCustomStatuses" else answer(body, rows)
        )
        await clock.sleep(4 * 3600)
        assert made.value("ringostat_custom_status_info") is None
        assert made.value(SECONDS, status="Walk") == 600


@virtual
async def test_decreased_values_are_shown_and_counted_within_a_day() -> None:
    """A lower value is shown as it is, and is one anomaly."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good([row("Ann", online="02:00:00")]), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(1)
        upstream.handler = good([row("Ann", online="01:59:00")])
        await clock.sleep(91)
        assert made.value(SECONDS, status="online") == 7140
        assert made.value("ringostat_report_anomalies_total", reason="decreased") == 1


@virtual
async def test_an_empty_report_after_a_full_one_is_told_once() -> None:
    """The log has one line of it, and the report counts 0 employees."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(1)
        upstream.handler = good([])
        await clock.sleep(400)
        assert made.value("ringostat_report_employees") == 0
        assert sum("the report is now empty" in line for line in made.lines) == 1


@virtual
async def test_rows_that_do_not_add_up_are_shown_counted_and_told_once_a_day() -> None:
    """The values stay as they came, and the warning names nobody."""
    clock = VirtualClock(NOON)
    rows = [
        row("Ann", online="12:00:00"),
        row("Bo", online="11:00:00"),
        row("Cy", online="12:00:00"),
    ]
    upstream = Upstream(good(rows), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(3600)
        assert made.value("ringostat_report_inconsistent_employees") == 1
        assert made.value(SECONDS, employee="Bo", status="online") == 11 * 3600
        told = [line for line in made.lines if "do not add up" in line]
        assert len(told) == 1
        assert "level=warn" in told[0]
        assert "Bo" not in told[0]
        await clock.sleep(86400)
        assert sum("do not add up" in line for line in made.lines) == 2


@virtual
async def test_sums_of_two_windows_are_told_once_a_day_each() -> None:
    """A window in turn with another does not begin anew."""
    clock = VirtualClock(NOON)
    rows = [row("Ann", online="12:00:00"), row("Bo", online="11:00:00")]
    upstream = Upstream(good(rows), clock)
    spec = make_spec(windows=("today", "yesterday"))
    async with rig(clock, upstream, spec) as made:
        await clock.sleep(3 * 3600)
        assert sum("do not add up" in line for line in made.lines) == 2


@virtual
async def test_a_report_that_is_too_large_is_refused_whole_and_told_once_with_both_numbers() -> (
    None
):
    """The last good report stays, and one error line has rows and limit."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec(max_employees=5)) as made:
        await clock.sleep(1)
        many = [row(f"Person {n}", online="01:00:00") for n in range(100)]
        upstream.handler = catalog_and(good(many))
        await clock.sleep(200)
        errors = [line for line in made.lines if "level=error" in line]
        assert len(errors) == 1
        assert "has 100 rows, max_employees is 5" in errors[0]
        assert made.value(SECONDS, employee="Ann", status="online") == 3600
        assert not select(made.scrape(), SECONDS, employee="Person 1")
        assert made.value("ringostat_up") == 0
        assert made.value(ERRORS, method="getSipStatusDailyReport", reason="row_limit")

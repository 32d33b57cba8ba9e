"""The poll loop on a clock of the test's own: CONTRACT §4, rules 2 to 6, FAULTS "Upstream"."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from exporter.ringostat.key import KeySource, Secret, read_key_file
from exporter.ringostat.names import EmployeeFilter
from tests.support.exporting import Upstream, answer, make_plan, rig, row, select
from tests.support.virtual import VirtualClock, run_virtual

NOON = datetime(2026, 3, 25, 12, tzinfo=UTC).timestamp()
MIDNIGHT = datetime(2026, 3, 26, tzinfo=UTC).timestamp()
SECONDS = "ringostat_employee_status_seconds"
ERRORS = "ringostat_poll_errors_total"


def virtual(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Runs a coroutine test on a virtual loop."""

    def run(**fixtures: Any) -> None:
        run_virtual(lambda: test(**fixtures))

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    run.__wrapped__ = test  # type: ignore[attr-defined] # pytest reads the fixtures' names there
    return run


def good(rows: list[dict[str, str]] | None = None) -> Callable[[dict[str, Any]], httpx.Response]:
    people = [row("Ann", online="01:00:00")] if rows is None else rows
    return lambda body: answer(body, people)


def broken(status: int, **headers: str) -> Callable[[dict[str, Any]], httpx.Response]:
    return lambda _body: httpx.Response(status, headers=headers)


def catalog_and(handler: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """The catalog is always fine."""
    return lambda body: (
        answer(body, []) if body["method"] == "getCustomStatuses" else handler(body)
    )


@virtual
async def test_the_first_poll_is_at_once_and_values_are_exact() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good([row("Ann", online="01:31:55")]), clock)
    async with rig(clock, upstream, make_plan()) as made:
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
    async with rig(clock, upstream, make_plan(windows=("today", "yesterday"))) as made:
        await clock.sleep(5.9)
        assert made.value("ringostat_custom_statuses_up") == 1
        assert made.value("ringostat_up") is None
        assert not select(made.scrape(), SECONDS)
        await clock.sleep(0.2)
        assert made.value("ringostat_up") == 1
        assert len(select(made.scrape(), SECONDS)) == 8


@virtual
async def test_who_left_the_report_is_gone_from_the_next_scrape() -> None:
    """Rule 2."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good([row("Ann", Lunch="01:00:00"), row("Bob", online="01:00:00")]), clock)
    async with rig(clock, upstream, make_plan()) as made:
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
    async with rig(clock, upstream, make_plan()) as made:
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
async def test_at_midnight_yesterdays_today_is_gone_polled_or_not() -> None:
    clock = VirtualClock(MIDNIGHT - 100)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan(interval=600.0)) as made:
        await clock.sleep(99.9)
        assert made.value(SECONDS, employee="Ann", status="online") == 3600
        upstream.handler = broken(500)
        await clock.sleep(0.11)
        assert not select(made.scrape(), SECONDS)
        assert made.value("ringostat_report_last_success_timestamp_seconds") is not None


@virtual
async def test_an_answer_overtaken_by_midnight_is_not_shown_and_the_new_day_asked_at_once() -> (
    None
):
    clock = VirtualClock(MIDNIGHT - 1.5)
    upstream = Upstream(good(), clock)
    upstream.delay = 1.0  # the catalog until -0.5, the report until +0.5
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(2.2)
        assert not select(made.scrape(), SECONDS)
        assert made.value("ringostat_up") == 1
        await clock.sleep(1)
        days = [body["params"]["filter"]["from"] for _, body in upstream.asked[1:]]
        assert days == ["2026-03-25", "2026-03-26"]
        assert made.value(SECONDS, employee="Ann", status="online") == 3600


@virtual
async def test_a_settled_window_at_midnight_at_once_after_5_minutes_then_every_interval() -> None:
    clock = VirtualClock(MIDNIGHT - 1000)
    upstream = Upstream(good(), clock)
    plan = make_plan(windows=("yesterday",), settled_interval=900.0)
    async with rig(clock, upstream, plan):
        await clock.sleep(1000 + 2500)
        after = [moment - MIDNIGHT for moment in upstream.times() if moment >= MIDNIGHT]
        assert after == pytest.approx([0, 300, 1200, 2100], abs=0.1)
        assert upstream.asked[-1][1]["params"]["filter"]["from"] == "2026-03-25"


@virtual
async def test_a_wall_clock_that_jumps_moves_no_poll_and_shows_no_other_day() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(1)
        for jump in (86400, -2 * 86400):
            clock.jump(jump)
            assert not select(made.scrape(), SECONDS)
            asked = len(upstream.times())
            await clock.sleep(90)
            assert 1 <= len(upstream.times()) - asked <= 2
            assert made.value(SECONDS, employee="Ann", status="online") == 3600


@virtual
async def test_a_suspended_machine_shows_nothing_stale_and_polls_once() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(200)
        asked = len(upstream.times())
        clock.suspend(6 * 3600)
        assert not select(made.scrape(), SECONDS)
        await clock.sleep(6)
        assert len(upstream.times()) == asked + 1
        assert made.value("ringostat_polls_skipped_total") == 0
        assert made.value(SECONDS, employee="Ann", status="online") == 3600


@virtual
async def test_polls_never_overlap_and_skipped_ones_are_counted() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan(interval=15.0), timeout_seconds=40.0) as made:
        await clock.sleep(20)
        upstream.delay = 35.0
        await clock.sleep(200)
        assert upstream.most_in_flight == 1
        skipped = made.value("ringostat_polls_skipped_total")
        assert skipped is not None
        assert 4 <= skipped <= 12


@virtual
async def test_a_429_to_the_first_question_is_honoured_by_all_of_them() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(broken(429, **{"Retry-After": "300"}), clock)
    async with rig(clock, upstream, make_plan(windows=("today", "yesterday"))) as made:
        await clock.sleep(299)
        assert len(upstream.asked) == 1
        assert made.pollers[68861].snapshot.tried
        assert made.value("ringostat_up") == 0
        assert made.value("ringostat_custom_statuses_up") == 0
        assert made.value(ERRORS, method="getSipStatusDailyReport", reason="rate_limited") == 0
        upstream.handler = good()
        await clock.sleep(62)
        assert made.value("ringostat_up") == 1
        assert made.value("ringostat_custom_statuses_up") == 1


@virtual
async def test_a_429_pauses_the_project_and_others_keep_their_pace() -> None:
    clock = VirtualClock(NOON)

    def handler(body: dict[str, Any]) -> httpx.Response:
        if body["params"]["projectId"] == 1 and clock.now().wall > NOON + 10:
            return httpx.Response(429, headers={"Retry-After": "300"})
        return answer(body, [])

    upstream = Upstream(handler, clock)
    plans = [make_plan(project_id=n, name=str(n), windows=("today", "yesterday")) for n in (1, 2)]
    async with rig(clock, upstream, *plans) as made:
        await clock.sleep(10)
        upstream.asked.clear()
        await clock.sleep(400)
        times = {1: [], 2: []}  # type: dict[int, list[float]]
        for moment, body in upstream.asked:
            times[body["params"]["projectId"]].append(moment)
        limited = times[1]
        assert all(later - earlier >= 300 for earlier, later in itertools.pairwise(limited))
        assert 1 <= len(limited) <= 2
        assert len(times[2]) >= 6
        assert made.value(
            ERRORS, project="1", method="getSipStatusDailyReport", reason="rate_limited"
        )


@virtual
async def test_a_refused_key_is_one_error_line_and_a_long_pause() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(broken(401), clock)
    async with rig(clock, upstream, make_plan(windows=("today", "yesterday"))) as made:
        await clock.sleep(299)
        assert len(upstream.asked) == 3
        errors = [line for line in made.lines if "level=error" in line]
        assert len(errors) == 1
        assert "check auth_key of project Sales" in errors[0]
        assert "canary" not in "".join(made.lines)
        await clock.sleep(2)
        assert len(upstream.asked) == 6
        assert made.value("ringostat_up") == 0
        assert made.value("ringostat_custom_statuses_up") == 0


@virtual
async def test_a_changed_key_file_is_tried_at_once(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("old-key")
    clock = VirtualClock(NOON)
    seen: list[str] = []

    class Keys(Upstream):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request.headers["Auth-key"])
            return await super().handle_async_request(request)

    upstream = Keys(broken(403), clock)
    async with rig(clock, upstream, make_plan(key=KeySource(read_key_file(file), file))) as made:
        await clock.sleep(30)
        assert seen == ["old-key"] * 2
        file.write_text("half written")
        await clock.sleep(10)
        assert seen == ["old-key"] * 2
        assert sum("the key before stays" in line for line in made.lines) == 1
        upstream.handler = good()
        file.write_text("new-key-x\n")
        await clock.sleep(6)
        assert seen == ["old-key"] * 2 + ["new-key-x"] * 2
        assert made.value("ringostat_up") == 1


@virtual
async def test_failures_are_told_at_the_first_and_every_tenth_and_recovery_once() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(1)
        upstream.handler = catalog_and(broken(404))
        await clock.sleep(4 * 3600)
        failed = [line for line in made.lines if 'msg="poll failed"' in line]
        attempts = [int(line.split("attempt=")[1].split()[0]) for line in failed]
        assert attempts == [1, 10, 20]
        assert (
            "project=Sales method=getSipStatusDailyReport window=today reason=http_4xx"
            in failed[0]
        )
        upstream.handler = good()
        await clock.sleep(901)
        assert sum('msg="poll recovered"' in line for line in made.lines) == 1


@virtual
async def test_catalog_and_report_each_have_their_own_up() -> None:
    clock = VirtualClock(NOON)

    def no_catalog(body: dict[str, Any]) -> httpx.Response:
        if body["method"] == "getCustomStatuses":
            return httpx.Response(404)
        return answer(body, [row("Ann", **{"1763": "00:10:00"})])

    upstream = Upstream(no_catalog, clock)
    async with rig(clock, upstream, make_plan()) as made:
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
    """CONTRACT §3: the id-to-title map is kept until a newer catalog."""
    clock = VirtualClock(NOON - 11 * 3600)
    rows = [row("Ann", **{"5": "00:10:00"})]
    upstream = Upstream(lambda body: answer(body, rows, [{"id": 5, "title": "Walk"}]), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(1)
        upstream.handler = lambda body: (
            httpx.Response(404) if body["method"] == "getCustomStatuses" else answer(body, rows)
        )
        await clock.sleep(4 * 3600)
        assert made.value("ringostat_custom_status_info") is None
        assert made.value(SECONDS, status="Walk") == 600


@virtual
async def test_a_bug_in_a_poll_is_internal_and_the_loop_goes_on() -> None:
    clock = VirtualClock(NOON)

    def bug(_body: dict[str, Any]) -> Exception:
        return KeyError("Ann Canary")

    upstream = Upstream(catalog_and(bug), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(200)
        count = made.value(ERRORS, method="getSipStatusDailyReport", reason="internal")
        assert count is not None
        assert count >= 2
        assert made.value("ringostat_poller_restarts_total") == count
        assert "Canary" not in "".join(made.lines)
        upstream.handler = good()
        await clock.sleep(400)
        assert made.value("ringostat_up") == 1


@virtual
async def test_a_bug_in_publishing_does_not_end_the_loop() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(1)
        poller = made.pollers[68861]
        publish = poller._publish

        async def broken_publish(_snapshot: object) -> None:
            raise KeyError("Ann Canary")

        poller._publish = broken_publish  # the seam that is handed in, after the first polls
        await clock.sleep(200)
        assert not made.tasks[0].done()
        assert "Canary" not in "".join(made.lines)
        poller._publish = publish
        await clock.sleep(61)
        restarts = made.value("ringostat_poller_restarts_total")
        assert restarts is not None
        assert restarts >= 2
        assert made.value("ringostat_up") == 1


@virtual
async def test_decreased_values_are_shown_and_counted_within_a_day() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good([row("Ann", online="02:00:00")]), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(1)
        upstream.handler = good([row("Ann", online="01:59:00")])
        await clock.sleep(91)
        assert made.value(SECONDS, status="online") == 7140
        assert made.value("ringostat_report_anomalies_total", reason="decreased") == 1


@virtual
async def test_failing_projects_hold_at_most_half_of_the_slots() -> None:
    """Rule 6: 8 of 20 hang for an hour, the other 12 keep their pace."""
    clock = VirtualClock(NOON)

    async def hang() -> None:
        await clock.sleep(15)

    class Hanging(Upstream):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            import json

            body = json.loads(await request.aread())
            if body["params"]["projectId"] <= 8:
                self.asked.append((clock.now().wall, body))
                await hang()
                raise httpx.ReadTimeout("hangs")
            return await super().handle_async_request(request)

    upstream = Hanging(good(), clock)
    upstream.delay = 0.2
    plans = [make_plan(project_id=n, name=str(n)) for n in range(1, 21)]
    async with rig(clock, upstream, *plans, max_concurrency=8, requests_per_second=20.0) as made:
        await clock.sleep(3600)
        for number in range(9, 21):
            times = [t for t, b in upstream.asked if b["params"]["projectId"] == number]
            reports = [t for t in times if t > NOON + 120]
            gaps = [b - a for a, b in itertools.pairwise(reports)]
            assert max(gaps) < 66, number
        assert made.value("ringostat_up", project="9") == 1
        assert made.value("ringostat_up", project="1") == 0


@virtual
async def test_a_new_name_moves_everything_and_asks_nothing() -> None:
    """CONTRACT §2: a project is its id."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(10)
        poller = made.pollers[68861]
        asked = len(upstream.asked)
        poller.adopt(replace(poller.plan, name="Verkauf"), made.client)
        await made.publish(poller.snapshot)
        assert made.value(SECONDS, project="Verkauf", status="online") == 3600
        assert not select(made.scrape(), SECONDS, project="Sales")
        await clock.sleep(5)
        assert len(upstream.asked) == asked


@virtual
async def test_another_plan_asks_anew_and_hides_what_it_would_have_read_otherwise() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(
        good([row("Ann", online="01:00:00"), row("Bob", online="01:00:00")]), clock
    )
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(10)
        poller = made.pollers[68861]
        plan = replace(poller.plan, shown=EmployeeFilter(exclude=("Bob",)))
        poller.adopt(plan, made.client)
        await made.publish(poller.snapshot)
        assert not select(made.scrape(), SECONDS)
        await clock.sleep(1)
        assert made.value(SECONDS, employee="Ann", status="online") == 3600
        assert not select(made.scrape(), SECONDS, employee="Bob")


@virtual
async def test_a_reload_tries_failing_questions_at_once_but_honours_retry_after() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(broken(404), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(3600)
        poller = made.pollers[68861]
        asked = len(upstream.asked)
        poller.adopt(poller.plan, made.client)
        await clock.sleep(1)
        assert len(upstream.asked) == asked + 2
        upstream.handler = broken(429, **{"Retry-After": "600"})
        poller.adopt(poller.plan, made.client)
        await clock.sleep(1)
        asked = len(upstream.asked)
        poller.adopt(replace(poller.plan, key=KeySource(Secret("other"))), made.client)
        await clock.sleep(500)
        assert len(upstream.asked) == asked
        await clock.sleep(110)
        assert len(upstream.asked) > asked


@virtual
async def test_a_removed_projects_request_runs_to_its_end_and_is_dropped() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    upstream.delay = 5.0
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(7)
        made.pollers[68861].retire()
        await clock.sleep(4)
        assert upstream.in_flight == 0
        assert made.tasks[0].done()
        assert made.value("ringostat_up") is None


@virtual
async def test_a_loop_is_lost_when_it_oversleeps_and_not_when_it_waits_for_a_slot() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(10)
        poller = made.pollers[68861]
        assert not poller.lost(clock.now())
        assert poller.lost(replace(clock.now(), age=clock.now().age + 70))


HELD = "ringostat_employee_current_status"
GAINED = "ringostat_employee_time_seconds_total"


@virtual
async def test_presence_from_the_second_poll_on_and_gone_three_intervals_after_the_last() -> None:
    clock = VirtualClock(NOON)
    catalog = [{"id": 7, "title": "At lunch"}]

    def lunch(body: dict[str, Any]) -> httpx.Response:
        seconds = int(clock.now().wall - NOON)
        value = f"01:{seconds // 60:02d}:{seconds % 60:02d}"
        return answer(body, [row("Ann", online="11:00:00", **{"7": value})], catalog)

    upstream = Upstream(lunch, clock)
    async with rig(clock, upstream, make_plan(windows=("today", "yesterday"))) as made:
        await clock.sleep(1)
        assert made.value(HELD) is None
        assert made.value(GAINED, employee="Ann", status="online") == 0
        await clock.sleep(91)
        assert made.value(HELD, employee="Ann", status="At lunch") == 1
        gained = made.value(GAINED, employee="Ann", status="At lunch")
        assert gained is not None
        assert 30 <= gained <= 91
        assert made.value("ringostat_employee_first_active_timestamp_seconds") == NOON - 12 * 3600
        since = made.value("ringostat_employee_last_active_timestamp_seconds")
        upstream.handler = broken(404)
        last = made.value("ringostat_report_last_success_timestamp_seconds", window="today")
        assert since == last
        assert last is not None
        await clock.sleep(last + 179.9 - clock.now().wall)
        assert made.value(HELD) == 1
        await clock.sleep(0.2)
        assert made.value(HELD) is None
        assert made.value("ringostat_employee_last_active_timestamp_seconds") == since
        await clock.sleep(200)
        assert made.value("ringostat_employee_last_active_timestamp_seconds") is None
        assert made.value(GAINED, status="At lunch") == gained


@virtual
async def test_the_counter_outlives_the_day_and_ends_two_midnights_later() -> None:
    clock = VirtualClock(MIDNIGHT - 600)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(300)
        upstream.handler = broken(404)
        await clock.sleep(300 + 86400 - 1)
        assert made.value(GAINED, status="online") == 0
        await clock.sleep(2)
        assert made.value(GAINED, status="online") is None


@virtual
async def test_presence_can_be_switched_off_and_needs_the_window_today() -> None:
    for changes in ({"presence": False}, {"windows": ("yesterday",)}):
        clock = VirtualClock(NOON)
        upstream = Upstream(good(), clock)
        async with rig(clock, upstream, make_plan(**changes)) as made:
            await clock.sleep(200)
            assert made.value("ringostat_up") == 1
            names = {name for name, _ in made.scrape() if name.startswith("ringostat_employee_")}
            assert names == {SECONDS}


@virtual
async def test_a_renamed_project_keeps_its_counters_and_a_filter_hides_people_of_them() -> None:
    clock = VirtualClock(MIDNIGHT - 30)
    people = [row("Ann", online="01:00:00"), row("Bob", online="01:00:00")]
    upstream = Upstream(good(people), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(200)
        assert made.value(GAINED, employee="Ann", status="online") == 3600
        poller = made.pollers[68861]
        poller.adopt(
            replace(poller.plan, name="New", shown=EmployeeFilter(exclude=("Bob",))), made.client
        )
        await made.publish(poller.snapshot)
        assert made.value(GAINED, project="New", employee="Ann", status="online") == 3600
        assert not select(made.scrape(), GAINED, employee="Bob")


@virtual
async def test_an_empty_report_after_a_full_one_is_told_once() -> None:
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan()) as made:
        await clock.sleep(1)
        upstream.handler = good([])
        await clock.sleep(400)
        assert made.value("ringostat_report_employees") == 0
        assert sum("names nobody any more" in line for line in made.lines) == 1


@virtual
async def test_rows_that_do_not_add_up_are_shown_counted_and_told_once_a_day() -> None:
    clock = VirtualClock(NOON)
    rows = [
        row("Ann", online="12:00:00"),
        row("Bo", online="11:00:00"),
        row("Cy", online="12:00:00"),
    ]
    upstream = Upstream(good(rows), clock)
    async with rig(clock, upstream, make_plan()) as made:
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
async def test_a_report_that_is_too_large_is_refused_whole_and_told_once_with_both_numbers() -> (
    None
):
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_plan(max_employees=5)) as made:
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


@virtual
async def test_a_hundred_black_holed_projects_hold_few_sockets_and_come_back_spread() -> None:
    clock = VirtualClock(NOON)
    down = asyncio.Event()

    class BlackHole(Upstream):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if not down.is_set():
                return await super().handle_async_request(request)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            await clock.sleep(5)
            self.in_flight -= 1
            raise httpx.ConnectTimeout("a black hole")

    upstream = BlackHole(good(), clock)
    plans = [make_plan(project_id=n, name=str(n)) for n in range(1, 101)]
    async with rig(clock, upstream, *plans, requests_per_second=50.0) as made:
        await clock.sleep(120)
        down.set()
        await clock.sleep(3600)
        assert upstream.most_in_flight <= 8
        assert len(select(made.scrape(), "ringostat_up")) == 100
        down.clear()
        await clock.sleep(1800)  # the longest pause, twice
        assert set(select(made.scrape(), "ringostat_up").values()) == {1}
        upstream.asked.clear()
        await clock.sleep(60)
        sixths = [int((moment - upstream.times()[0]) / 10) for moment in upstream.times()]
        assert len(sixths) == 100
        assert max(sixths.count(n) for n in range(6)) < 35  # evenly: 17


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Kyiv", datetime(2026, 3, 29), 23),  # noqa: DTZ001
        ("Europe/Kyiv", datetime(2026, 10, 25), 25),  # noqa: DTZ001
    ],
)
def test_no_poll_is_missed_or_doubled_on_a_day_of_23_or_25_hours(
    zone: str, day: datetime, hours: int
) -> None:
    async def main() -> None:
        start = day.replace(tzinfo=ZoneInfo(zone)).timestamp()
        clock = VirtualClock(start)
        upstream = Upstream(good(), clock)
        async with rig(clock, upstream, make_plan(zone=ZoneInfo(zone))) as made:
            await clock.sleep(90)
            width = [
                made.value(f"ringostat_report_window_{edge}_timestamp_seconds")
                for edge in ("end", "start")
            ]
            assert width[0] is not None and width[1] is not None  # noqa: PT018
            assert width[0] - width[1] == hours * 3600
            upstream.asked.clear()
            await clock.sleep(hours * 3600)
            assert len(upstream.times()) == hours * 60
            await asyncio.sleep(0)  # noqa: TID251

    run_virtual(main)

"""What an upstream or a bug may do to a poll loop.

docs/contract.md#rule-6-isolated, docs/faults.md#upstream.
One file over 250 lines: every fault is done to the same crowd of projects.
"""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import httpx
import pytest

from exporter.ringostat.key import KeySource
from tests.support.exporting import (
    ERRORS,
    Upstream,
    answer,
    broken,
    catalog_and,
    good,
    make_spec,
    rig,
    select,
)
from tests.support.virtual import NOON, VirtualClock, virtual


@virtual
async def test_a_429_to_the_first_question_is_honoured_by_all_of_them() -> None:
    """One request is made in the pause; `up` is absent, since no window was asked for."""
    clock = VirtualClock(NOON)
    upstream = Upstream(broken(429, **{"Retry-After": "300"}), clock)
    async with rig(clock, upstream, make_spec(windows=("today", "yesterday"))) as made:
        await clock.sleep(299)
        assert len(upstream.asked) == 1
        assert made.snapshot().tried
        assert made.value("ringostat_up") is None
        assert made.value("ringostat_custom_statuses_up") == 0
        assert made.value(ERRORS, method="getSipStatusDailyReport", reason="rate_limited") == 0
        upstream.handler = good()
        await clock.sleep(62)
        assert made.value("ringostat_up") == 1
        assert made.value("ringostat_custom_statuses_up") == 1


@virtual
async def test_a_429_pauses_the_project_and_others_keep_their_pace() -> None:
    """No window of that project is asked before Retry-After is over."""
    clock = VirtualClock(NOON)

    def handler(body: dict[str, Any]) -> httpx.Response:
        if body["params"]["projectId"] == 1 and clock.now().wall > NOON + 10:
            return httpx.Response(429, headers={"Retry-After": "300"})
        return answer(body, [])

    upstream = Upstream(handler, clock)
    plans = [make_spec(project_id=n, name=str(n), windows=("today", "yesterday")) for n in (1, 2)]
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
    """Each request is made once, then nothing for 5 minutes."""
    clock = VirtualClock(NOON)
    upstream = Upstream(broken(401), clock)
    async with rig(clock, upstream, make_spec(windows=("today", "yesterday"))) as made:
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
    """A half-written key is not sent and is told once; a whole one ends the pause."""
    file = tmp_path / "key"
    file.write_text("old-key")
    clock = VirtualClock(NOON)
    seen: list[str] = []

    class Keys(Upstream):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            seen.append(request.headers["Auth-key"])
            return await super().handle_async_request(request)

    upstream = Keys(broken(403), clock)
    async with rig(clock, upstream, make_spec(key=KeySource.of_file(file))) as made:
        await clock.sleep(30)
        assert seen == ["old-key"] * 2
        file.write_text("half written")
        await clock.sleep(10)
        assert seen == ["old-key"] * 2
        assert sum("keeping the previous key" in line for line in made.lines) == 1
        upstream.handler = good()
        file.write_text("new-key-x\n")
        await clock.sleep(6)
        assert seen == ["old-key"] * 2 + ["new-key-x"] * 2
        assert made.value("ringostat_up") == 1


@virtual
async def test_failures_are_told_at_the_first_and_every_tenth_and_recovery_once() -> None:
    """The line has project, method, window, reason and attempt."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
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
async def test_a_bug_in_a_poll_is_internal_and_the_loop_goes_on() -> None:
    """It counts as `internal` and as a restart, and the log has no value of a local."""
    clock = VirtualClock(NOON)

    def bug(_body: dict[str, Any]) -> Exception:
        return KeyError("Ann Canary")

    upstream = Upstream(catalog_and(bug), clock)
    async with rig(clock, upstream, make_spec()) as made:
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
    """A snapshot that could not be published is followed by one that can."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(1)
        broken = False
        put = made.page.put

        def broken_put(*arguments: Any) -> None:
            if broken:
                raise KeyError("Ann Canary")
            put(*arguments)

        made.page.put = broken_put  # type: ignore[method-assign, assignment] # as a bug of its own would
        broken = True
        await clock.sleep(200)
        assert not made.tasks[0].done()
        assert "Canary" not in "".join(made.lines)
        broken = False
        await clock.sleep(61)
        restarts = made.value("ringostat_poller_restarts_total")
        assert restarts is not None
        assert restarts >= 2
        assert made.value("ringostat_up") == 1


@pytest.mark.long
@virtual
async def test_failing_projects_hold_at_most_half_of_the_slots() -> None:
    """8 of 20 hang for an hour, the other 12 keep their pace.

    docs/contract.md#rule-6-isolated
    """
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
    plans = [make_spec(project_id=n, name=str(n)) for n in range(1, 21)]
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
async def test_a_loop_is_lost_when_it_oversleeps_and_not_when_it_waits_for_a_slot() -> None:
    """A wake-up that is over a minute overdue is a loss."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(), clock)
    async with rig(clock, upstream, make_spec()) as made:
        await clock.sleep(10)
        poller = made.pollers[68861]
        assert not poller.lost()
        poller._reports._wakes_at -= 70  # as if the loop had not come round since
        assert poller.lost()


@pytest.mark.long
@virtual
async def test_a_hundred_black_holed_projects_hold_few_sockets_and_come_back_spread() -> None:
    """At most `max_concurrency` sockets during the hour, and no thundering herd after it."""
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
    plans = [make_spec(project_id=n, name=str(n)) for n in range(1, 101)]
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

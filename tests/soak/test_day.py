"""A day of 20 projects with every fault at 5 %: counters reconcile, nothing old is ever shown."""

import itertools
import json
import random
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx

from tests.support.exporting import Rig, answer, make_spec, row, select
from tests.support.real import soaking
from tests.support.virtual import VirtualClock, run_virtual

# The clocks go forward in Kyiv in the night to 29 March 2026, in New York they have already.
MIDDAY = datetime(2026, 3, 28, 12, tzinfo=UTC).timestamp()
ZONES = ("Europe/Kyiv", "America/New_York", "UTC", "Asia/Kolkata")
PROJECTS, PEOPLE, STALE = 20, 50, 400.0
# Fault -> its reason, and how many further attempts it is worth (docs/faults.md#retry).
FAULTS = {
    "refused": ("connect", 2),
    "reset": ("protocol", 2),
    "silence": ("timeout", 2),
    "500": ("http_5xx", 2),
    "400": ("http_4xx", 0),
    "html": ("decode", 0),
    "cut": ("decode", 0),
    "schema": ("schema", 0),
    "rpc": ("rpc_error", 0),
    "rpc-for-now": ("rpc_error", 1),
    "redirect": ("redirect", 0),
    "gzip": ("encoding", 0),
}
SHARE = 0.05


class Day(httpx.AsyncBaseTransport):
    """An API that fails by the dice, and the books on what must have come of it.

    A value says when its answer was made: seconds since the simulated beginning.
    """

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.dice = random.Random(11)
        self.calm = False
        self.attempts = 0
        self.errors: Counter[tuple[int, str, str]] = Counter()
        self.nulls: Counter[int] = Counter()
        self.times: dict[int, list[float]] = {}
        self._failed: Counter[tuple[int, str, str]] = Counter()
        self._reset: set[int] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(await request.aread())
        number, method = body["params"]["projectId"], body["method"]
        question = (number, method, str(body["params"].get("filter")))
        if method == "getSipStatusDailyReport":
            self.times.setdefault(number, []).append(self.clock.now().age)
        # A reset without an answer looks like a kept connection that was closed: it is repeated
        # once in silence, as a part of the same attempt.
        repeated = body["id"] in self._reset
        self._reset.discard(body["id"])
        self.attempts += not repeated
        await self.clock.sleep(0.05)
        fault = self._draw()
        if fault is None:
            self._failed[question] = 0
            return self._good(number, body)
        if fault == "reset" and not repeated:
            self._reset.add(body["id"])
            raise httpx.ReadError("reset")
        reason, retries = FAULTS[fault]
        self._failed[question] += 1
        if self._failed[question] > retries:
            self._failed[question] = 0
            self.errors[number, method, reason] += 1
        return await self._bad(fault, body["id"])

    def _draw(self) -> str | None:
        position = int(self.dice.random() / SHARE)
        return None if self.calm or position >= len(FAULTS) else list(FAULTS)[position]

    def _good(self, number: int, body: dict[str, object]) -> httpx.Response:
        made = int(self.clock.now().wall - MIDDAY)
        text = f"{made // 3600:02d}:{made % 3600 // 60:02d}:{made % 60:02d}"
        rows: list[dict[str, object]] = [
            {**row(f"Person {n}", online=text)} for n in range(PEOPLE)
        ]
        if body["method"] == "getSipStatusDailyReport" and self.dice.random() < SHARE:
            rows[0]["dnd"] = None
            self.nulls[number] += 1
        good = answer(body, rows)
        return httpx.Response(200, stream=httpx.ByteStream(good.content))

    async def _bad(self, fault: str, request_id: object) -> httpx.Response:
        match fault:
            case "refused":
                raise httpx.ConnectError("refused")
            case "reset":
                raise httpx.ReadError("reset")
            case "silence":
                await self.clock.sleep(14.9)
                raise httpx.ReadTimeout("silence")
        content = {
            "html": b"<html>",
            "cut": b'{"id": 1, "result": [',
            "schema": b"{}",
            "rpc": json.dumps({"id": request_id, "error": {"code": -32601}}).encode(),
            "rpc-for-now": json.dumps({"id": request_id, "error": {"code": -32000}}).encode(),
        }.get(fault, b"")
        status = {"500": 500, "400": 400, "redirect": 302}.get(fault, 200)
        headers = {"Content-Encoding": "gzip"} if fault == "gzip" else {}
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))


def test_a_day_of_faults_reconciles() -> None:
    """Counters equal what was sent, and nothing shown is stale or of another day."""
    hours = soaking(24, 3)
    # The short run has Kyiv's midnight (22:00 UTC) and the change of its clocks (01:00) within.
    begin = MIDDAY if hours == 24 else MIDDAY + 9.5 * 3600
    shown = 0

    async def main() -> None:
        nonlocal shown
        clock = VirtualClock(begin)
        day = Day(clock)
        rig = Rig(clock, day, timeout_seconds=15.0)
        plans = [
            make_spec(
                project_id=n,
                name=f"P{n}",
                zone=ZoneInfo(ZONES[n % len(ZONES)]),
                stale_after=STALE,
            )
            for n in range(1, PROJECTS + 1)
        ]
        await rig.poll(*plans)
        zones = {plan.name: plan.zone for plan in plans}
        while clock.now().wall < begin + hours * 3600:
            await clock.sleep(900 + day.dice.random())
            shown += check(rig, clock, zones)
        day.calm = True
        await clock.sleep(3600)  # every breaker tries again
        times = {number: len(found) for number, found in day.times.items()}
        await clock.sleep(1800)
        found = rig.scrape()
        for plan in plans:
            number, name = plan.project_id, plan.name
            polls = day.times[number][times[number] :]
            assert len(polls) == 30
            assert all(
                abs(later - earlier - 60) < 1 for earlier, later in itertools.pairwise(polls)
            )
            counted = {
                (number, dict(labels)["method"], dict(labels)["reason"]): value
                for (_, labels), value in select(
                    found, "ringostat_poll_errors_total", project=name
                ).items()
                if value
            }
            assert counted == {key: n for key, n in day.errors.items() if key[0] == number}
            nulls = select(
                found, "ringostat_report_anomalies_total", project=name, reason="null_value"
            )
            assert set(nulls.values()) == {day.nulls[number]}
            assert set(select(found, "ringostat_up", project=name).values()) == {1}
        telemetry = rig.client._telemetry
        assert len(telemetry.attempts) == day.attempts  # type: ignore[attr-defined]
        print(
            f"{hours} h: {day.attempts} attempts, {day.errors.total()} requests failed for good, "
            f"{shown} samples looked at"
        )
        await rig.stop()

    def check(rig: Rig, clock: VirtualClock, zones: dict[str, ZoneInfo]) -> int:
        now = clock.now().wall
        found = select(rig.scrape(), "ringostat_employee_status_seconds", status="online")
        for (_, labels), value in found.items():
            made = MIDDAY + value
            zone = zones[dict(labels)["project"]]
            assert now - made <= STALE + 1
            assert (
                datetime.fromtimestamp(made, zone).date()
                == datetime.fromtimestamp(now, zone).date()
            )
        return len(found)

    run_virtual(main)
    assert shown > hours * 4 * PROJECTS * PEOPLE / 2

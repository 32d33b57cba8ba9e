"""Polls by the thousand with people coming and going: memory, tasks and descriptors stay."""

import asyncio
import gc
import random
from typing import Any

import httpx

from exporter.exposition.page import Representation
from exporter.exposition.rendering import Format
from tests.support.exporting import Upstream, answer, make_spec, rig, row
from tests.support.real import descriptors, resident_bytes, soaking
from tests.support.virtual import NOON, VirtualClock, run_virtual


def test_people_who_come_and_go_leave_nothing_behind() -> None:
    """Every poll names others; half of a day's names are never seen again."""
    polls = soaking(100_000, 3_000)
    dice = random.Random(5)

    def report(body: dict[str, Any]) -> httpx.Response:
        upstream.asked.clear()
        number = int(clock.now().wall)
        people = [
            row(f"Person {dice.randrange(number // 3600, number // 3600 + 40)}", online="01:00:00")
            for _ in range(20)
        ]
        return answer(body, people, [{"id": 1, "title": "Break"}])

    clock = VirtualClock(NOON)
    upstream = Upstream(report, clock)

    async def main() -> None:
        async with rig(clock, upstream, make_spec()) as made:
            form = Representation(Format.OPENMETRICS, gzip=True)

            async def go_on(count: int) -> None:
                for _ in range(count):
                    await clock.sleep(60)
                    made.page.body(form)

            await go_on(polls // 4)
            gc.collect()
            before = (len(asyncio.all_tasks()), descriptors())
            memory = resident_bytes()
            await go_on(polls)
            gc.collect()
            grown = resident_bytes() - memory
            print(f"{polls} polls with churn: {grown / 2**20:.2f} MiB more")
            assert (len(asyncio.all_tasks()), descriptors()) == before
            assert grown < 5 * 2**20
            assert made.value("ringostat_up") == 1

    run_virtual(main)

"""The status page is rendered beside the loop, at most once a second, whoever asks."""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from exporter.offload import WorkerThread
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot
from exporter.web.status_page import StatusPage
from exporter.web.team_sums import sum_of_day
from tests.support.answers import NOON, with_report
from tests.support.exporting import make_spec
from tests.support.real import run_real
from tests.support.virtual import HandClock


def busy(people: int, statuses: int) -> ProjectSnapshot:
    keys = [f"status {number}" for number in range(statuses)]
    rows = [{"employee": f"Person {n}"} | dict.fromkeys(keys, "00:01:00") for n in range(people)]
    return with_report(first_snapshot(make_spec()), rows)


@pytest.mark.parametrize("languages", [["en"], ["uk"], ["en", "uk"]])
def test_many_viewers_cost_one_rendering_a_second(languages: list[str]) -> None:
    """Ten at once wait for one rendering in their language; the next is a second later."""
    clock, renderings = HandClock(), 0

    async def count(function: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal renderings
        renderings += 1
        await asyncio.sleep(0)  # noqa: TID251
        return function(*arguments)

    page = StatusPage(lambda: [busy(2, 3)], clock, count, "1", "/metrics")  # type: ignore[arg-type]

    async def main() -> list[int]:
        counts = []
        for seconds in (0.0, 0.5, 0.49, 0.02, -50.0):
            clock.move(seconds)
            asked = languages * 10
            pages = await asyncio.gather(*(page.html(language) for language in asked))
            assert len(set(pages)) == len(languages)
            counts.append(renderings)
        return counts

    assert run_real(main()) == [len(languages) * count for count in (1, 1, 1, 2, 3)]


def test_a_report_is_summed_once() -> None:
    """The sums are kept while the report and the filter are the same, and not the report."""
    snapshot = busy(3, 2)
    first = sum_of_day(snapshot)
    assert first.employees == 3
    assert first.seconds["status 0"] == 180
    assert sum_of_day(snapshot, first) is first
    other = busy(4, 2)
    assert sum_of_day(other, None).employees == 4


def test_ten_viewers_of_5000_people_in_64_statuses_hold_up_nobody() -> None:
    """The loop's lag stays under 100 ms: the work is done in a thread."""
    snapshot = busy(5000, 64)
    worker = WorkerThread("test")
    threads = set()

    def snapshots() -> list[ProjectSnapshot]:
        return [snapshot]

    async def offload(function: Callable[..., Any], *arguments: Any) -> Any:
        def noted() -> Any:
            threads.add(threading.current_thread())
            return function(*arguments)

        return await worker(noted)

    async def main() -> float:
        clock = HandClock()
        page = StatusPage(snapshots, clock, offload, "1", "/metrics")  # type: ignore[arg-type]
        worst, done = 0.0, False

        async def view() -> None:
            for _ in range(3):
                assert b"Ringostat exporter" in await page.html("en")
                clock.move(1.0)

        viewers = asyncio.gather(*(view() for _ in range(10)))
        while not done:
            began = time.perf_counter()
            await asyncio.sleep(0.005)  # noqa: TID251
            worst = max(worst, time.perf_counter() - began - 0.005)
            done = viewers.done()
        await viewers
        return worst

    worst = run_real(main())
    worker.close()
    assert threading.main_thread() not in threads
    print(f"ten viewers of 5,000 x 64: the loop is at most {worst * 1000:.0f} ms late")
    assert worst < 0.1, worst


def test_the_noon_of_these_tests_is_within_the_report() -> None:
    """The clock stands where the report is shown."""
    assert HandClock().now().wall == pytest.approx(NOON.wall, abs=43_200)

"""The wiring: reloads by the hundred, and projects that come, go and are renamed."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from exporter.app import Exporter, Options
from exporter.clock import SystemClock
from exporter.config import load
from exporter.exposition.page import Representation
from exporter.exposition.rendering import Format
from exporter.log import make_log
from tests.support.exporting import Lines, Samples, Upstream, answer, row, samples, select
from tests.support.real import descriptors, resident_bytes, run_real, soaking, until

GOOD = "ringostat_exporter_config_last_reload_successful"


class Running:
    """An exporter over an upstream of the test's own, with its configuration on disk."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "config.yaml"
        self.lines: list[str] = []
        clock = SystemClock()
        self.upstream = Upstream(lambda body: answer(body, [row("Ann", online="01:00:00")]), clock)
        self.write()
        log = make_log("warn", "logfmt", Lines(self.lines))
        options = Options(load=lambda: load(self.path, {}))
        self.exporter = Exporter(options.load(), options, clock, log, self.upstream)

    def write(self, *projects: str, **api: object) -> None:
        entries = projects or ("{id: 1, name: One, auth_key: k}", "{id: 2, auth_key: k}")
        settings = {"base_url": "http://127.0.0.1:1", "requests_per_second": 1000} | api
        text = ", ".join(f"{key}: {value}" for key, value in settings.items())
        body = "".join(f"  - {entry}\n" for entry in entries)
        self.path.write_text(f"api: {{{text}}}\ndefaults: {{interval: 1s}}\nprojects:\n{body}")

    def scrape(self) -> Samples:
        return samples(self.exporter.publisher.page.body(Representation(Format.TEXT)).whole)

    def projects(self) -> dict[str, str]:
        """Project id -> its label, of those that are shown."""
        found = select(self.scrape(), "ringostat_project_info")
        return {(of := dict(labels))["project_id"]: of["project"] for _, labels in found}


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    made = Running(folder)
    await made.exporter.start()
    try:
        await until(made.exporter.ready)
        yield made
    finally:
        await made.exporter.stop()


def test_projects_come_go_and_change_their_names_in_one_scrape(tmp_path: Path) -> None:
    """Swapped names ask nothing, and a removed project's series are gone."""

    async def main() -> None:
        async with running(tmp_path) as made:
            assert made.projects() == {"1": "One", "2": "2"}
            swapped = ("{id: 1, name: Two, auth_key: k}", "{id: 2, name: One, auth_key: k}")
            made.write(*swapped)
            asked = len(made.upstream.asked)
            assert await made.exporter.reload()
            assert made.projects() == {"1": "Two", "2": "One"}
            ups = select(made.scrape(), "ringostat_up")
            assert {dict(labels)["project"]: up for (_, labels), up in ups.items()} == {
                "One": 1,
                "Two": 1,
            }
            assert len(made.upstream.asked) == asked  # a name is nothing to ask about
            made.write("{id: 3, name: Three, auth_key: k}")
            assert await made.exporter.reload()
            assert made.projects() == {"3": "Three"}
            assert not select(made.scrape(), "ringostat_up", project="One")

    run_real(main())


def test_ready_means_that_every_project_is_on_the_page(tmp_path: Path) -> None:
    """No turn of the loop sees ready without all of them in the scrape."""

    async def main() -> None:
        made, clock = Running(tmp_path), SystemClock()
        made.write(*(f"{{id: {number}, auth_key: k}}" for number in range(1, 21)))
        made.exporter = Exporter(
            load(made.path, {}),
            Options(load=lambda: load(made.path, {})),
            clock,
            make_log("warn", "logfmt", Lines(made.lines)),
            made.upstream,
        )
        await made.exporter.start()
        try:
            async with asyncio.timeout(10):
                while not made.exporter.ready():
                    await clock.sleep(0)  # looked at in every turn of the loop
            shown = select(made.scrape(), "ringostat_up")
            assert len(shown) == 20
        finally:
            await made.exporter.stop()

    run_real(main())


def test_a_bad_file_changes_nothing_but_the_reload_metric(tmp_path: Path) -> None:
    """Whatever is wrong with the file, the projects stay, until a good one comes."""

    async def main() -> None:
        async with running(tmp_path) as made:
            before = made.projects()
            for bad in ("projects: [", "projects: []", "projects: [{id: 1}]"):
                made.path.write_text(bad)
                assert not await made.exporter.reload()
                assert made.projects() == before
                assert select(made.scrape(), GOOD) == {(GOOD, frozenset()): 0}
            made.path.unlink()
            assert not await made.exporter.reload()
            made.write()
            assert await made.exporter.reload()
            assert select(made.scrape(), GOOD) == {(GOOD, frozenset()): 1}

    run_real(main())


def test_changed_api_settings_make_a_client_and_the_old_one_ends_its_request(
    tmp_path: Path,
) -> None:
    """The old client is closed after its last request."""

    async def main() -> None:
        async with running(tmp_path) as made:
            made.upstream.delay = 0.3
            await until(lambda: made.upstream.in_flight)
            old = made.exporter._supervisor._client
            made.write(timeout="3s")
            assert await made.exporter.reload()
            assert made.exporter._supervisor._client is not old
            assert made.upstream.in_flight
            await asyncio.sleep(1.5)  # noqa: TID251
            assert select(made.scrape(), "ringostat_up", project="One").popitem()[1] == 1
            assert old is not None
            assert old._http.is_closed

    run_real(main())


@pytest.mark.long
@pytest.mark.parametrize("share_of_bad", [0.3])
def test_a_thousand_reloads_leave_nothing_behind(tmp_path: Path, share_of_bad: float) -> None:
    """Some overlap, 30 % are bad: tasks, descriptors and memory are as before."""
    times = soaking(1000, 100)
    dice = random.Random(3)

    def any_configuration(made: Running) -> None:
        if dice.random() < share_of_bad:
            made.path.write_text(dice.choice(["projects: [", "", "projects: [{id: x}]"]))
            return
        ids = dice.sample(range(1, 9), dice.randrange(1, 8))
        made.write(
            *(f"{{id: {n}, name: P{n}-{dice.randrange(3)}, auth_key: k}}" for n in ids),
            timeout=f"{dice.randrange(1, 4)}s",
        )

    async def rounds(made: Running, count: int) -> None:
        for _ in range(count):
            any_configuration(made)
            overlapping = [made.exporter.reload() for _ in range(dice.choice([1, 1, 3]))]
            await asyncio.gather(*overlapping)
            if dice.random() < 0.2:
                await asyncio.sleep(0.01)  # noqa: TID251

    async def measure(made: Running) -> tuple[int, int]:
        made.write()
        assert await made.exporter.reload()
        await asyncio.sleep(0.5)  # noqa: TID251 - retired loops and clients end
        return len(asyncio.all_tasks()), descriptors()

    async def main() -> None:
        async with running(tmp_path) as made:
            await rounds(made, times // 4)
            before, memory = await measure(made), resident_bytes()
            await rounds(made, times)
            assert await measure(made) == before
            grown = resident_bytes() - memory
            print(f"{times} reloads: {before[0]} tasks as before, {grown / 2**20:.1f} MiB more")
            assert grown < 5 * 2**20

    run_real(main())


def test_a_scrape_during_a_reload_sees_the_one_or_the_other(tmp_path: Path) -> None:
    """No page holds names of two configurations."""

    async def main() -> list[bytes]:
        pages = []
        async with running(tmp_path) as made:
            page, form = made.exporter.publisher.page, Representation(Format.TEXT)
            for number in range(20):
                made.write(*(f"{{id: {n}, name: R{number}-{n}, auth_key: k}}" for n in (1, 2, 3)))
                reload = asyncio.create_task(made.exporter.reload())
                newest = None
                while not reload.done():
                    if (body := page.body(form)) is not newest:
                        newest = body
                        pages.append(body.whole)
                    await asyncio.sleep(0)  # noqa: TID251
                assert await reload
        return pages

    pages = run_real(main())
    assert len(pages) >= 20
    for page in pages:
        names = set(re.findall(rb'project="(.*?)"', page))
        assert len({name.split(b"-")[0] for name in names}) == 1 or names == {b"One", b"2"}


def test_who_is_shown_is_who_was_asked_for_last(tmp_path: Path) -> None:
    """A report that was on its way during the reload is dropped with its project."""

    async def main() -> None:
        async with running(tmp_path) as made:
            made.upstream.delay = 0.2
            made.upstream.handler = lambda body: answer(body, [row("Bob", online="02:00:00")])
            await until(lambda: made.upstream.in_flight)
            made.write("{id: 2, auth_key: k, employees: {exclude: [Bob]}}")
            assert await made.exporter.reload()
            await asyncio.sleep(1.0)  # noqa: TID251
            assert made.projects() == {"2": "2"}
            names = {dict(labels).get("employee") for _, labels in made.scrape()}
            assert "Bob" not in names
            assert isinstance(made.upstream, httpx.AsyncBaseTransport)

    run_real(main())

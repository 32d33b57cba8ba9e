"""Hours of the simulated contact centre as blocks of a Prometheus.

The real poller and page run on a virtual clock against the simulated API; what a scrape would have
shown each minute is written as OpenMetrics and made into blocks by promtool. As a program:
`python -m tests.support.history FOLDER HOURS [SECONDS_BETWEEN_SCRAPES]`.
"""

import asyncio
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import httpx
from prometheus_client import CollectorRegistry

from exporter import __version__
from exporter.config import load as load_config
from exporter.exposition.page import Representation
from exporter.exposition.rendering import Format
from exporter.exposition.telemetry import Telemetry
from exporter.polling.project import ProjectSpec
from exporter.ringostat.key import KeySource, Secret
from exporter.simulator.api import SimulatedApi, project_key
from exporter.simulator.centre import Centre
from tests.support.exporting import Rig
from tests.support.processes import ROOT, need
from tests.support.virtual import VirtualClock, run_virtual

KEY = "KEY-canary-1"
_SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$")


class Recorder:
    """Samples of many moments, a family a file: OpenMetrics wants families whole, one by one."""

    def __init__(self, folder: Path, target: str) -> None:
        self._folder = folder
        self._target = target
        self._files: dict[str, TextIO] = {}

    def record(self, page: Iterable[str], moment: str) -> None:
        """The lines of a page as a scrape of the target at that moment."""
        file = None
        for line in page:
            if line.startswith("# TYPE"):
                file = self._file_of(line)
            elif found := _SAMPLE.match(line):
                assert file, line
                labels = f"{found[2]},{self._target}" if found[2] else self._target
                file.write(f"{found[1]}{{{labels}}} {found[3]} {moment}\n")

    def _file_of(self, head: str) -> TextIO:
        if head not in self._files:
            path = self._folder / f"{len(self._files)}.family"
            self._files[head] = path.open("w+", encoding="utf-8")
            self._files[head].write(head + "\n")
        return self._files[head]

    def save(self, path: Path) -> None:
        """Everything in one file."""
        with path.open("w", encoding="utf-8") as whole:
            for file in self._files.values():
                file.seek(0)
                shutil.copyfileobj(file, whole)
                file.close()
            whole.write("# EOF\n")


def demo_specs(step: float) -> list[ProjectSpec]:
    """The demo's projects with shifts and limits, and their SIP accounts as often as scraped."""
    projects = load_config(ROOT / "deploy" / "stack" / "config.yaml", {}).projects
    return [
        replace(
            spec,
            key=KeySource(Secret(project_key(KEY, spec.project_id))),
            interval=max(60.0, step / 3),  # over weeks, nobody looks at single minutes
            sip_interval=step,
        )
        for spec in projects
    ]


def collect(
    recorder: Recorder,
    begin: float,
    end: float,
    step: float = 60.0,
    centre: Centre | None = None,
    specs: Sequence[ProjectSpec] = (),
) -> None:
    """Records a scrape every `step` seconds from `begin` to `end`, of the demo or a centre."""

    async def main() -> None:
        clock, loop = VirtualClock(begin), asyncio.get_running_loop()
        api = SimulatedApi(centre or Centre(), lambda: clock.now().wall, clock.sleep, KEY)
        telemetry = Telemetry(CollectorRegistry(), __version__, "history", (0, 1))
        telemetry.reloaded(begin)
        rig = Rig(clock, httpx.ASGITransport(app=api), telemetry=telemetry)
        await rig.poll(*(specs or demo_specs(step)))
        while clock.now().wall < end:
            planned = loop.time() + step
            await clock.sleep(step)
            telemetry.lagged(loop.time() - planned)
            recorder.record(_scraped(rig), f"{clock.now().wall:.3f}")
        await rig.stop()

    run_virtual(main)


def _scraped(rig: Rig) -> list[str]:
    """The lines of the page, and what Prometheus adds to a scrape."""
    started = time.perf_counter()
    page = rig.page.body(Representation(Format.OPENMETRICS)).whole.decode().splitlines()
    added = {
        "up": 1,
        "scrape_duration_seconds": time.perf_counter() - started,
        "scrape_samples_scraped": sum(not line.startswith("#") for line in page),
    }
    for name, value in added.items():
        page += [f"# TYPE {name} gauge", f"{name} {value}"]
    return page


def load(
    folder: Path,
    begin: float,
    end: float,
    instance: str,
    step: float = 60.0,
    centre: Centre | None = None,
    specs: Sequence[ProjectSpec] = (),
) -> None:
    """Makes the blocks in a Prometheus's data folder, of what `collect` records."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "history.om"
        recorder = Recorder(Path(name), f'instance="{instance}",job="ringostat"')
        collect(recorder, begin, end, step, centre, specs)
        recorder.save(source)
        subprocess.run(
            [
                need("promtool"),
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                str(source),
                str(folder),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    now = time.time()  # noqa: TID251 - a program's own start
    hours = float(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 60.0
    load(Path(sys.argv[1]), now - hours * 3600, now + 180, "127.0.0.1:10105", seconds)

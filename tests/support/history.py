"""Hours of the simulated contact centre as blocks of a Prometheus.

The real poller and page run on a virtual clock against the simulated API; what a scrape would have
shown each minute is written as OpenMetrics and made into blocks by promtool. As a program:
`python -m tests.support.history FOLDER HOURS`.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
from prometheus_client import CollectorRegistry

from exporter.exposition.chunks import Format
from exporter.exposition.page import Form
from exporter.exposition.telemetry import Telemetry
from exporter.simulator.api import SimulatedApi
from exporter.simulator.centre import Centre
from tests.support.exporting import Rig, make_plan
from tests.support.processes import need
from tests.support.virtual import VirtualClock, run_virtual

_SAMPLE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$")


def collect(begin: float, end: float, instance: str, step: float = 60.0) -> str:
    """OpenMetrics of every `step` seconds from `begin` to `end`, as a scrape of `instance`."""
    families: dict[str, list[str]] = {}
    target = f'instance="{instance}",job="ringostat"'

    async def main() -> None:
        clock = VirtualClock(begin)
        centre = Centre()
        api = SimulatedApi(centre, lambda: clock.now().wall, clock.sleep, "KEY-canary-1")
        telemetry = Telemetry(CollectorRegistry(), "0.0.0", "history", (0, 1))
        telemetry.reloaded(begin)
        rig = Rig(clock, httpx.ASGITransport(app=api), telemetry=telemetry)
        windows = ("today", "yesterday")
        rig.poll(
            *(
                make_plan(
                    project_id=desk.project_id, name=desk.name, zone=desk.zone, windows=windows
                )
                for desk in centre.desks.values()
            )
        )
        while clock.now().wall < end:
            await clock.sleep(step)
            rig.render()
            moment = f"{clock.now().wall:.3f}"
            started = time.perf_counter()
            page = rig.page.body(Form(Format.OPENMETRICS)).whole.decode().splitlines()
            # What Prometheus adds to a scrape.
            for name, value in (
                ("up", 1),
                ("scrape_duration_seconds", time.perf_counter() - started),
                ("scrape_samples_scraped", sum(not line.startswith("#") for line in page)),
            ):
                lines = families.setdefault(f"# TYPE {name} gauge\n", [])
                lines.append(f"{name}{{{target}}} {value} {moment}\n")
            for line in page:
                if line.startswith("# TYPE"):
                    lines = families.setdefault(line + "\n", [])
                elif found := _SAMPLE.match(line):
                    labels = f"{found[2]},{target}" if found[2] else target
                    lines.append(f"{found[1]}{{{labels}}} {found[3]} {moment}\n")
        await rig.stop()

    run_virtual(main)
    return "".join(head + "".join(lines) for head, lines in families.items()) + "# EOF\n"


def load(folder: Path, begin: float, end: float, instance: str) -> None:
    """Makes the blocks in a Prometheus's data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "history.om"
    source.write_text(collect(begin, end, instance), encoding="utf-8")
    subprocess.run(
        [need("promtool"), "tsdb", "create-blocks-from", "openmetrics", str(source), str(folder)],
        check=True,
        capture_output=True,
    )
    source.unlink()


if __name__ == "__main__":
    now = time.time()  # noqa: TID251 - a program's own start
    hours = float(sys.argv[2])
    load(Path(sys.argv[1]), now - hours * 3600, now + 180, "127.0.0.1:10105")

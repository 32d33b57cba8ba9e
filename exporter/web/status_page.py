"""The status page as bytes: rendered beside the loop, at most once a second, whoever asks."""

import asyncio
from collections.abc import Callable, Sequence
from importlib.resources import files

import jinja2

from exporter.clock import Clock
from exporter.instant import Instant
from exporter.offload import Offload
from exporter.polling.snapshot import ProjectSnapshot
from exporter.web.status import DaySums, project_view, sum_of_day

_KEPT_SECONDS = 1.0


class StatusPage:
    """Renders what is shown of every project; several who ask at once wait for one rendering."""

    def __init__(
        self,
        snapshots: Callable[[], list[ProjectSnapshot]],
        clock: Clock,
        offload: Offload,
        version: str,
        telemetry_path: str,
    ) -> None:
        self._snapshots = snapshots
        self._clock = clock
        self._offload = offload
        self._facts = {"version": version, "telemetry_path": telemetry_path}
        environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
        source = files("exporter.web").joinpath("status.html").read_text("utf-8")
        self._template = environment.from_string(source)
        self._turn = asyncio.Lock()
        self._html = b""
        self._rendered_at = float("-inf")
        # Sums of thousands of people, kept while the report they were made of is the newest.
        self._sums: dict[int, DaySums] = {}

    async def html(self) -> bytes:
        """The page, at most a second old."""
        async with self._turn:
            now = self._clock.now()
            if not self._rendered_at <= now.age < self._rendered_at + _KEPT_SECONDS:
                self._html = await self._offload(self._render, self._snapshots(), now)
                self._rendered_at = now.age
            return self._html

    def _render(self, snapshots: Sequence[ProjectSnapshot], now: Instant) -> bytes:
        previous = self._sums
        self._sums = {
            snapshot.spec.project_id: sum_of_day(snapshot, previous.get(snapshot.spec.project_id))
            for snapshot in snapshots
        }
        projects = [
            project_view(snapshot, now, self._sums[snapshot.spec.project_id])
            for snapshot in snapshots
        ]
        return self._template.render(self._facts, projects=projects).encode()

"""The status page as bytes: rendered beside the loop, at most once a second and language."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jinja2

from exporter.clock import Clock
from exporter.instant import Instant
from exporter.offload import Offload
from exporter.polling.snapshot import ProjectSnapshot
from exporter.web.languages import LANGUAGES
from exporter.web.overview import overview
from exporter.web.team_sums import TeamSums, sum_of_team
from exporter.web.templates import load_template
from exporter.web.translations import Texts, translations

_KEPT_SECONDS = 1.0


@dataclass(slots=True)
class _Rendering:
    """The page in one language, as it was rendered last."""

    texts: Texts
    template: jinja2.Template
    html: bytes = b""
    rendered_at: float = float("-inf")


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
        self._renderings = {language: _first_rendering(language) for language in LANGUAGES}
        self._turn = asyncio.Lock()
        # Sums of thousands of people, kept while what they were made of is the newest.
        self._sums: dict[int, TeamSums] = {}

    async def html(self, language: str) -> bytes:
        """The page in one of our languages, at most a second old."""
        rendering = self._renderings[language]
        async with self._turn:
            now = self._clock.now()
            if not rendering.rendered_at <= now.age < rendering.rendered_at + _KEPT_SECONDS:
                rendering.html = await self._offload(
                    self._render, rendering, self._snapshots(), now
                )
                rendering.rendered_at = now.age
            return rendering.html

    def _render(
        self, rendering: _Rendering, snapshots: Sequence[ProjectSnapshot], now: Instant
    ) -> bytes:
        previous = self._sums
        self._sums = {
            snapshot.spec.project_id: sum_of_team(snapshot, previous.get(snapshot.spec.project_id))
            for snapshot in snapshots
        }
        page = overview(
            snapshots, now, lambda one: self._sums[one.spec.project_id], rendering.texts
        )
        return rendering.template.render(self._facts, page=page).encode()


def _first_rendering(language: str) -> _Rendering:
    texts = translations([language])
    return _Rendering(texts, load_template("status.html", language, texts))

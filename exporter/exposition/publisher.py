"""The one owner of what is newest: the snapshot of every project, and the page made of them.

A change is computed and rendered beside the loop, then shown in one step. If a reload and
a poll change a project at once, the poll's change is made again on the newer snapshot, so neither
is lost.
"""

import math
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from prometheus_client.core import Metric

from exporter.clock import Clock
from exporter.exposition.page import Page
from exporter.exposition.rendering import Chunks, render
from exporter.exposition.shift_samples import next_change
from exporter.offload import Offload, run_inline
from exporter.polling.snapshot import ProjectSnapshot

# What follows the clock, as a shift's begin, is right again within this time.
_SECONDS_BETWEEN_LOOKS = 1.0


@dataclass(slots=True)
class _Entry:
    """One project.

    Attributes:
        newest: What is known.
        shown: What is shown of it; None until it is.
        changes: Unix time at which the clock changes what is shown.
        rendered: Unix time for which that was rendered.
    """

    newest: ProjectSnapshot
    shown: ProjectSnapshot | None = None
    changes: float = math.inf
    rendered: float = -math.inf

    def show(self, snapshot: ProjectSnapshot, moment: float) -> None:
        """Notes what is shown from now on, and how long the clock leaves it as it is."""
        self.shown, self.rendered = snapshot, moment
        self.changes = next_change(snapshot, moment)

    def is_due(self, moment: float) -> bool:
        """Whether the clock changed what is shown: it went on, or was set back."""
        return self.changes < math.inf and not self.rendered <= moment < self.changes


class Publisher:
    """Owns the newest snapshots and the page.

    Attributes:
        page: The exposition of what is shown.
    """

    def __init__(
        self,
        clock: Clock,
        own: Callable[[], Iterable[Metric]] = list,
        offload: Offload = run_inline,
    ) -> None:
        self.page = Page(clock, own)
        self._clock = clock
        self._offload = offload
        self._entries: dict[int, _Entry] = {}
        self._replacing = False

    def newest(self, project_id: int) -> ProjectSnapshot:
        """What is known of a project now.

        Raises:
            KeyError: The project is not configured.
        """
        return self._entries[project_id].newest

    def shown(self) -> list[ProjectSnapshot]:
        """What the page shows of every project, in the order of the configuration."""
        return [entry.shown for entry in self._entries.values() if entry.shown is not None]

    async def update(
        self, project_id: int, change: Callable[[ProjectSnapshot], ProjectSnapshot]
    ) -> None:
        """Changes what is known of a project, and shows it.

        Args:
            project_id: The project; one that a reload removed meanwhile stays removed.
            change: From the newest snapshot to the next one; pure, and called again if a reload
                changed the newest one meanwhile.
        """
        while (entry := self._entries.get(project_id)) is not None:
            previous, now = entry.newest, self._clock.now().wall
            snapshot, chunks = await self._offload(
                _change_and_render, change, previous, self.page.chunks(project_id), now
            )
            if self._entries.get(project_id) is not entry or entry.newest is not previous:
                continue
            entry.newest = snapshot
            # While everything is being replaced no project is shown alone: two may swap names.
            if chunks is not None and not self._replacing:
                entry.show(snapshot, now)
                self.page.put(project_id, chunks)
            return

    async def keep_up(self) -> None:
        """Shows again what the clock changed, until the task is cancelled."""
        while True:
            now = self._clock.now().wall
            due = [number for number, entry in self._entries.items() if entry.is_due(now)]
            for number in due:
                await self.update(number, lambda snapshot: snapshot)
            await self._clock.sleep(_SECONDS_BETWEEN_LOOKS)

    @asynccontextmanager
    async def replacing(self) -> AsyncIterator[Callable[[ProjectSnapshot], None]]:
        """Replaces every project, in one step for whoever scrapes.

        Yields what takes the new snapshots, in the order of the configuration; each is the newest
        of its project from then on. When the block ends, what was not handed over is forgotten
        and the others are shown; until then nothing new is, since two projects may swap names.
        Rendered one by one, so that the loop has its turns; updates meanwhile are part of it.
        """
        adopted: dict[int, _Entry] = {}

        def adopt(snapshot: ProjectSnapshot) -> None:
            number = snapshot.spec.project_id
            entry = self._entries.setdefault(number, _Entry(snapshot))
            entry.newest = snapshot
            adopted[number] = entry

        self._replacing = True
        try:
            yield adopt
            self._entries = adopted
            rendered: dict[int, tuple[ProjectSnapshot, Chunks]] = {}
            now = self._clock.now().wall
            while pending := self._not_in(rendered):
                for number in pending:
                    snapshot, chunks = adopted[number].newest, self.page.chunks(number)
                    rendered[number] = (
                        snapshot,
                        await self._offload(render, snapshot, chunks, now),
                    )
        finally:
            self._replacing = False
        for number, entry in adopted.items():
            entry.show(rendered[number][0], now)
        self.page.replace_all({number: rendered[number][1] for number in adopted})

    async def replace_all(self, snapshots: Iterable[ProjectSnapshot]) -> None:
        """Shows these projects and no others."""
        async with self.replacing() as adopt:
            for snapshot in snapshots:
                adopt(snapshot)

    def _not_in(self, rendered: Mapping[int, tuple[ProjectSnapshot, Chunks]]) -> list[int]:
        """The projects that are not rendered yet, or were updated since."""
        return [
            number
            for number, entry in self._entries.items()
            if number not in rendered or rendered[number][0] is not entry.newest
        ]


def _change_and_render(
    change: Callable[[ProjectSnapshot], ProjectSnapshot],
    previous: ProjectSnapshot,
    chunks: Chunks,
    moment: float,
) -> tuple[ProjectSnapshot, Chunks | None]:
    """The next snapshot and its chunks; no chunks while it is not presentable yet."""
    snapshot = change(previous)
    return snapshot, render(snapshot, chunks, moment) if snapshot.presentable else None

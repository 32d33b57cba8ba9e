"""The one owner of what is newest: the snapshot of every project, and the page made of them.

A change is computed and rendered beside the loop, then shown in one step. If a reload and
a poll change a project at once, the poll's change is made again on the newer snapshot, so neither
is lost.
"""

import asyncio
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

# What follows the clock, as a shift's begin, is right again within 5 s, also where it was set.
_LONGEST_SLEEP = 4.0
_SHORTEST_SLEEP = 0.01
_IDLE_SLEEP = 86_400.0


@dataclass(frozen=True, slots=True)
class _Rendering:
    """A snapshot as it is shown.

    Attributes:
        snapshot: What is known.
        chunks: Its lines.
        moment: Unix time for which they were rendered.
        changes: Unix time at which the clock changes them; infinite where none follow the clock.
    """

    snapshot: ProjectSnapshot
    chunks: Chunks
    moment: float
    changes: float

    def holds(self, moment: float) -> bool:
        """Whether the clock left them as they are: it neither went on so far nor was set back."""
        return self.changes == math.inf or self.moment <= moment < self.changes


@dataclass(slots=True)
class _Entry:
    """One project: what is known of it, and what is shown; None until something is."""

    newest: ProjectSnapshot
    rendering: _Rendering | None = None


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
        self._follows = asyncio.Event()  # something follows the clock
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
        renderings = (entry.rendering for entry in self._entries.values())
        return [rendering.snapshot for rendering in renderings if rendering is not None]

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
            rendering = await self._offload(
                _change_and_render, change, previous, self.page.chunks(project_id), now
            )
            if self._entries.get(project_id) is not entry or entry.newest is not previous:
                continue
            entry.newest = rendering.snapshot
            # While everything is being replaced no project is shown alone: two may swap names.
            if entry.newest.presentable and not self._replacing:
                self._show(entry, rendering)
                self.page.put(project_id, rendering.chunks)
            return

    def _show(self, entry: _Entry, rendering: _Rendering) -> None:
        """Notes what is shown of a project, and how long the clock leaves it as it is."""
        began_to_follow = entry.rendering is None or entry.rendering.changes == math.inf
        entry.rendering = rendering
        if rendering.changes < math.inf and began_to_follow:
            self._follows.set()

    async def keep_up(self) -> None:
        """Shows again what the clock changed, until the task is cancelled."""
        while True:
            self._follows.clear()
            now = self._clock.now().wall
            shown = [(number, entry.rendering) for number, entry in self._entries.items()]
            for number, rendering in shown:
                if rendering is not None and not rendering.holds(now):
                    await self.update(number, lambda snapshot: snapshot)
            renderings = (entry.rendering for entry in self._entries.values())
            changes = min((one.changes for one in renderings if one), default=math.inf)
            seconds = min(max(changes - self._clock.now().wall, _SHORTEST_SLEEP), _LONGEST_SLEEP)
            # Where nothing follows the clock it waits for a reload to bring something.
            await self._clock.wait(self._follows, seconds if changes < math.inf else _IDLE_SLEEP)

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
            rendered: dict[int, _Rendering] = {}
            now = self._clock.now().wall
            while pending := self._not_in(rendered):
                for number in pending:
                    snapshot, chunks = adopted[number].newest, self.page.chunks(number)
                    rendered[number] = await self._offload(_render, snapshot, chunks, now)
        finally:
            self._replacing = False
        for number, entry in adopted.items():
            self._show(entry, rendered[number])
        self.page.replace_all({number: rendered[number].chunks for number in adopted})

    async def replace_all(self, snapshots: Iterable[ProjectSnapshot]) -> None:
        """Shows these projects and no others."""
        async with self.replacing() as adopt:
            for snapshot in snapshots:
                adopt(snapshot)

    def _not_in(self, rendered: Mapping[int, _Rendering]) -> list[int]:
        """The projects that are not rendered yet, or were updated since."""
        return [
            number
            for number, entry in self._entries.items()
            if number not in rendered or rendered[number].snapshot is not entry.newest
        ]


def _render(snapshot: ProjectSnapshot, chunks: Chunks, moment: float) -> _Rendering:
    """A snapshot rendered for a moment; lines that did not change are taken from `chunks`."""
    rendered = render(snapshot, chunks, moment)
    return _Rendering(snapshot, rendered, moment, next_change(snapshot, moment))


def _change_and_render(
    change: Callable[[ProjectSnapshot], ProjectSnapshot],
    previous: ProjectSnapshot,
    chunks: Chunks,
    moment: float,
) -> _Rendering:
    """The next snapshot, rendered unless it is not presentable yet."""
    snapshot = change(previous)
    if not snapshot.presentable:
        return _Rendering(snapshot, {}, moment, math.inf)
    return _render(snapshot, chunks, moment)

"""Chunks -> the page. A scrape is served what is there; only what changed is assembled again.

A page is family headers and chunks in order. Its gzip form is ONE member made of the deflated
segments (RFC 1952): several members in a row break curl and httpx.
"""

import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import is_

from prometheus_client.core import Metric

from exporter.clock import Clock
from exporter.exposition import metric_families
from exporter.exposition.body import Body, OldPages
from exporter.exposition.family import Family
from exporter.exposition.rendering import (
    END,
    Chunk,
    Chunks,
    Format,
    Segment,
    concatenate,
    deflate,
    render_metrics,
)
from exporter.exposition.sample_sets import to_metric
from exporter.instant import Instant
from exporter.polling.lifetime import ALWAYS, Lifetime, stable_interval

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
_DEFLATE_END = b"\x03\x00"
_OWN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Representation:
    """How a page is wanted: the format, and whether it is compressed."""

    format: Format
    gzip: bool = False


class FamilyPage:
    """The chunks of one family of every project, reassembled when one changes or expires."""

    def __init__(self, family: Family) -> None:
        self._headers = {
            form: deflate([render_metrics([to_metric(family, [])], form)]) for form in Format
        }
        self._chunks: dict[int, tuple[Chunk, ...]] = {}
        self._segments: dict[Format, Segment] = {}

    def of(self, project_id: int) -> tuple[Chunk, ...]:
        """The chunks of one project."""
        return self._chunks.get(project_id, ())

    def put(self, project_id: int, chunks: tuple[Chunk, ...]) -> None:
        """Replaces the chunks of one project."""
        previous = self._chunks.get(project_id, ())
        self._chunks[project_id] = chunks
        if len(previous) != len(chunks) or not all(map(is_, previous, chunks)):
            self._segments.clear()

    def replace_all(self, chunks: Mapping[int, tuple[Chunk, ...]]) -> None:
        """Replaces everything."""
        self._chunks = dict(chunks)
        self._segments.clear()

    def segment(self, form: Format, now: Instant) -> Segment:
        """The family as it is to be shown now; without lines it has no header either."""
        kept = self._segments.get(form)
        if kept is None or not kept.lifetime.holds(now):
            kept = self._segments[form] = self._assemble(form, now)
        return kept

    def _assemble(self, form: Format, now: Instant) -> Segment:
        every = [chunk for chunks in self._chunks.values() for chunk in chunks]
        lifetimes = [
            lifetime for chunk in every for lifetime in chunk.lifetimes if lifetime is not ALWAYS
        ]
        shown = [chunk.lines for chunk in every if chunk.holds(now)]
        segments = [lines for lines in shown if isinstance(lines, Segment)]
        # Small ones shrink better together.
        if small := b"".join(lines for lines in shown if isinstance(lines, bytes)):
            segments.insert(0, deflate([small]))
        if segments:
            segments.insert(0, self._headers[form])
        return concatenate(segments, stable_interval(lifetimes, now))


class Page:
    """The exposition: chunks of every project, and the exporter's own families last.

    `own` collects the latter; it is called at most once a second.
    """

    def __init__(self, clock: Clock, own: Callable[[], Iterable[Metric]]) -> None:
        self._clock = clock
        self._own = own
        self._version = 0
        self._families = {family: FamilyPage(family) for family in metric_families.OF_PROJECTS}
        self._projects: dict[Format, tuple[int, Segment]] = {}
        self._bodies: dict[Representation, Body] = {}
        self._old = OldPages()
        self._own_segments: dict[Format, Segment] = {}

    def chunks(self, project_id: int) -> Chunks:
        """What is shown of one project."""
        return {family: page.of(project_id) for family, page in self._families.items()}

    def put(self, project_id: int, chunks: Chunks) -> None:
        """Replaces what is shown of one project."""
        for family, page in self._families.items():
            page.put(project_id, chunks.get(family, ()))
        self._version += 1

    def replace_all(self, chunks: Mapping[int, Chunks]) -> None:
        """Replaces everything in one step."""
        for family, page in self._families.items():
            page.replace_all({number: of.get(family, ()) for number, of in chunks.items()})
        self._version += 1

    def forget_own(self) -> None:
        """Collects the exporter's own families anew at the next scrape, for what is rare."""
        self._own_segments.clear()
        self._version += 1

    def body(self, wanted: Representation) -> Body:
        """The whole page as it is true now."""
        now = self._clock.now()
        kept = self._bodies.get(wanted)
        if kept is None or kept.version != self._version or not kept.lifetime.holds(now):
            if kept is not None:
                self._old.retire(kept)
            kept = self._bodies[wanted] = self._finish(wanted, now)
            kept.join(lent=self._old.few())
        return kept

    def _finish(self, wanted: Representation, now: Instant) -> Body:
        projects = self._of_projects(wanted.format, now)
        own = self._of_process(wanted.format, now)
        whole = concatenate((projects, own))
        if not wanted.gzip:
            return Body(whole.size, (whole,), self._version, whole.lifetime)
        trailer = struct.pack("<II", whole.checksum, whole.size % 2**32)
        members = (_GZIP_HEADER, *whole.blocks, _DEFLATE_END + trailer)
        return Body(sum(map(len, members)), members, self._version, whole.lifetime)

    def _of_projects(self, form: Format, now: Instant) -> Segment:
        """What the projects show: the page but for its end."""
        version, kept = self._projects.get(form, (-1, None))
        if kept is None or version != self._version or not kept.lifetime.holds(now):
            kept = concatenate(page.segment(form, now) for page in self._families.values())
            self._projects[form] = (self._version, kept)
        return kept

    def _of_process(self, form: Format, now: Instant) -> Segment:
        """The exporter's own families and the end of the page."""
        kept = self._own_segments.get(form)
        if kept is None or not kept.lifetime.holds(now):
            lines = render_metrics(self._own(), form)
            whole = deflate([lines, END] if form is Format.OPENMETRICS else [lines])
            fresh = Lifetime(stale=now.age + _OWN_SECONDS)
            kept = self._own_segments[form] = concatenate((whole,), fresh)
        return kept

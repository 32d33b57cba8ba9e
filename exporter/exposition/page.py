"""Chunks -> the page. A scrape is served what is there; only what changed is assembled again.

A page is family headers and chunks in order. Its gzip form is ONE member made of the deflated
segments (RFC 1952): several members in a row break curl and httpx.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import is_

from prometheus_client.core import Metric

from exporter.clock import Clock
from exporter.exposition import metric_families
from exporter.exposition.metric_families import Family
from exporter.exposition.rendering import (
    END,
    Chunk,
    Chunks,
    Format,
    Segment,
    concatenate,
    deflate,
    inflate,
    render_metrics,
)
from exporter.exposition.samples import to_metric
from exporter.instant import Instant
from exporter.polling.lifetime import Lifetime, stable_interval

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
_DEFLATE_END = b"\x03\x00"
_OWN_SECONDS = 1.0
_PART_BYTES = 1 << 20
# A page of this size is worth keeping in one piece beside its chunks; a larger one is not.
_WHOLE_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Representation:
    """How a page is wanted: the format, and whether it is compressed."""

    format: Format
    gzip: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """A page as it is sent.

    Attributes:
        size: Bytes in all.
        pieces: In order; a segment is to be sent plain.
        version: Of the chunks that it was made of.
        lifetime: How long it is the truth.
    """

    size: int
    pieces: tuple[bytes | Segment, ...]
    version: int
    lifetime: Lifetime

    @property
    def whole(self) -> bytes:
        """In one piece."""
        return b"".join(self.parts())

    def parts(self) -> Iterator[bytes]:
        """In parts of about 1 MiB: the whole of a large page is never in one piece."""
        group: list[bytes] = []
        size = 0
        for plain in self._plain():
            group.append(plain)
            size += len(plain)
            if size >= _PART_BYTES:
                yield b"".join(group) if len(group) > 1 else plain
                group, size = [], 0
        if group:
            yield b"".join(group)

    def _plain(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from map(inflate, piece.blocks)


class FamilyPage:
    """The chunks of one family of every project, assembled where one of them changes or ends."""

    def __init__(self, family: Family) -> None:
        self._headers = {
            form: deflate(render_metrics([to_metric(family, [])], form)) for form in Format
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
        lifetimes = [chunk.lifetime for chunk in every if chunk.lifetime is not None]
        shown = [c.lines for c in every if c.lifetime is None or c.lifetime.holds(now)]
        segments = [lines for lines in shown if isinstance(lines, Segment)]
        # Small ones shrink better together.
        if small := b"".join(lines for lines in shown if isinstance(lines, bytes)):
            segments.insert(0, deflate(small))
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
        self._packed: dict[Format, tuple[Segment, bytes]] = {}
        self._bodies: dict[Representation, Body] = {}
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
            kept = self._bodies[wanted] = self._finish(wanted, now)
        return kept

    def _finish(self, wanted: Representation, now: Instant) -> Body:
        projects = self._of_projects(wanted.format, now)
        own = self._of_process(wanted.format, now)
        whole = concatenate((projects, own))
        pieces: tuple[bytes | Segment, ...] = (whole,)
        size = whole.size
        if wanted.gzip:
            trailer = struct.pack("<II", whole.checksum, whole.size % 2**32)
            end = b"".join((*own.blocks, _DEFLATE_END, trailer))
            packed = self._pack(wanted.format, projects)
            pieces, size = (packed, end), len(packed) + len(end)
        body = Body(size, pieces, self._version, whole.lifetime)
        if size <= _WHOLE_BYTES:
            return Body(size, (body.whole,), self._version, whole.lifetime)
        return body

    def _of_projects(self, form: Format, now: Instant) -> Segment:
        """What the projects show: the page but for its end."""
        version, kept = self._projects.get(form, (-1, None))
        if kept is None or version != self._version or not kept.lifetime.holds(now):
            kept = concatenate(page.segment(form, now) for page in self._families.values())
            self._projects[form] = (self._version, kept)
        return kept

    def _pack(self, form: Format, projects: Segment) -> bytes:
        """The gzip form of what the projects show, without an end."""
        segment, packed = self._packed.get(form, (None, b""))
        if segment is not projects:
            packed = b"".join((_GZIP_HEADER, *projects.blocks))
            self._packed[form] = (projects, packed)
        return packed

    def _of_process(self, form: Format, now: Instant) -> Segment:
        """The exporter's own families and the end of the page."""
        kept = self._own_segments.get(form)
        if kept is None or not kept.lifetime.holds(now):
            lines = render_metrics(self._own(), form)
            whole = deflate(lines + END if form is Format.OPENMETRICS else lines)
            fresh = Lifetime(stale=now.age + _OWN_SECONDS)
            kept = self._own_segments[form] = concatenate((whole,), fresh)
        return kept

"""One family's chunks of every project, put together where one of them changes or ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import is_

from isal.isal_zlib import crc32_combine

from exporter.clock import Instant
from exporter.exposition.chunks import Chunk, Deflated, Format, deflate
from exporter.polling.snapshot import Lifetime


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines as they stand on a page in a row: of a family with its header, or of several.

    Attributes:
        parts: In order.
        size: Of the plain bytes.
        checksum: CRC-32 of the plain bytes.
        lifetime: The time in which they are all that is to be shown.
    """

    parts: tuple[Deflated, ...]
    size: int
    checksum: int
    lifetime: Lifetime


def segment_of(parts: Iterable[Deflated], lifetime: Lifetime) -> Segment:
    """Parts in a row."""
    every = tuple(parts)
    checksum = size = 0
    for part in every:
        checksum = crc32_combine(checksum, part.checksum, part.size)
        size += part.size
    return Segment(every, size, checksum, lifetime)


def concatenate(runs: Iterable[Segment]) -> Segment:
    """Runs in a row; checksums are combined, not computed again."""
    every = tuple(runs)
    checksum = 0
    for run in every:
        checksum = crc32_combine(checksum, run.checksum, run.size)
    return Segment(
        tuple(part for run in every for part in run.parts),
        sum(run.size for run in every),
        checksum,
        Lifetime.common(run.lifetime for run in every),
    )


def stable_interval(lifetimes: Iterable[Lifetime], now: Instant) -> Lifetime:
    """The time around now in which none of these begins or ends."""
    begins, ends, stale = float("-inf"), float("inf"), float("inf")
    for one in lifetimes:
        for edge in (one.begins, one.ends):
            if edge <= now.wall:
                begins = max(begins, edge)
            else:
                ends = min(ends, edge)
        if now.age < one.stale:
            stale = min(stale, one.stale)
    return Lifetime(begins, ends, stale)


class FamilyPage:
    """The chunks of one family, and its header in both formats."""

    def __init__(self, headers: Mapping[Format, bytes]) -> None:
        self._headers = {form: deflate(header) for form, header in headers.items()}
        self._chunks: dict[int, tuple[Chunk, ...]] = {}
        self._runs: dict[Format, Segment] = {}

    def of(self, project_id: int) -> tuple[Chunk, ...]:
        """The chunks of one project."""
        return self._chunks.get(project_id, ())

    def put(self, project_id: int, chunks: tuple[Chunk, ...]) -> None:
        """Replaces the chunks of one project."""
        before = self._chunks.get(project_id, ())
        self._chunks[project_id] = chunks
        if len(before) != len(chunks) or not all(map(is_, before, chunks)):
            self._runs.clear()

    def replace_all(self, chunks: Mapping[int, tuple[Chunk, ...]]) -> None:
        """Replaces everything."""
        self._chunks = dict(chunks)
        self._runs.clear()

    def run(self, form: Format, now: Instant) -> Segment:
        """The family as it is to be shown now; without lines it has no header either."""
        kept = self._runs.get(form)
        if kept is None or not kept.lifetime.holds(now):
            kept = self._runs[form] = self._assemble(form, now)
        return kept

    def _assemble(self, form: Format, now: Instant) -> Segment:
        every = [chunk for chunks in self._chunks.values() for chunk in chunks]
        lifetimes = [chunk.lifetime for chunk in every if chunk.lifetime is not None]
        shown = [c.lines for c in every if c.lifetime is None or c.lifetime.holds(now)]
        parts = [lines for lines in shown if isinstance(lines, Deflated)]
        # Small ones shrink better together.
        if small := b"".join(lines for lines in shown if isinstance(lines, bytes)):
            parts.insert(0, deflate(small))
        if parts:
            parts.insert(0, self._headers[form])
        return segment_of(parts, stable_interval(lifetimes, now))

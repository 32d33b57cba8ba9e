"""One family's chunks of every project, put together where one of them changes or ends."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import is_

from exporter.clock import Instant
from exporter.exposition.checksum import joined, shift_by
from exporter.exposition.chunks import Chunk, Format, deflate
from exporter.polling.snapshot import Lifetime

_ALWAYS = Lifetime(float("-inf"), float("inf"), float("inf"))


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of a family that stand together on a page.

    Attributes:
        plain: In order.
        deflated: The same, as parts of a gzip member.
        size: Of the plain bytes.
        checksum: CRC-32 of the plain bytes.
        lifetime: The time in which they are all that is to be shown.
    """

    plain: tuple[bytes, ...]
    deflated: tuple[bytes, ...]
    size: int
    checksum: int
    lifetime: Lifetime

    def after(self, header: "Run") -> "Run":
        """The two in one."""
        return Run(
            header.plain + self.plain,
            header.deflated + self.deflated,
            header.size + self.size,
            joined(header.checksum, shift_by(self.size), self.checksum),
            self.lifetime,
        )


def _run_of(plain: bytes) -> Run:
    return Run((plain,), (deflate(plain),), len(plain), zlib.crc32(plain), _ALWAYS)


def unchanged(lifetimes: Iterable[Lifetime], now: Instant) -> Lifetime:
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


class Shelf:
    """The chunks of one family, and its header in both formats."""

    def __init__(self, headers: Mapping[Format, bytes]) -> None:
        self._headers = {form: _run_of(header) for form, header in headers.items()}
        self._chunks: dict[int, tuple[Chunk, ...]] = {}
        self._run: Run | None = None

    def of(self, project_id: int) -> tuple[Chunk, ...]:
        """The chunks of one project."""
        return self._chunks.get(project_id, ())

    def put(self, project_id: int, chunks: tuple[Chunk, ...]) -> None:
        """Replaces the chunks of one project."""
        before = self._chunks.get(project_id, ())
        self._chunks[project_id] = chunks
        if len(before) == len(chunks) and all(map(is_, before, chunks)):
            return
        self._run = None

    def replace_all(self, chunks: Mapping[int, tuple[Chunk, ...]]) -> None:
        """Replaces everything."""
        self._chunks = dict(chunks)
        self._run = None

    def run(self, form: Format, now: Instant) -> Run:
        """The family as it is to be shown now; without lines it has no header either."""
        if self._run is None or not self._run.lifetime.holds(now):
            self._run = self._assemble(now)
        return self._run.after(self._headers[form]) if self._run.size else self._run

    def _assemble(self, now: Instant) -> Run:
        every = [chunk for chunks in self._chunks.values() for chunk in chunks]
        lifetimes = [chunk.lifetime for chunk in every if chunk.lifetime is not None]
        shown = [c for c in every if c.lifetime is None or c.lifetime.holds(now)]
        # Small ones shrink better together; a large one brings its own blocks.
        run = _run_of(b"".join(chunk.plain for chunk in shown if chunk.deflated is None))
        checksum, size = run.checksum, run.size
        plain, deflated = list(run.plain), list(run.deflated)
        for chunk in shown:
            if chunk.deflated is not None:
                checksum = joined(checksum, chunk.deflated.shift, chunk.deflated.checksum)
                size += len(chunk.plain)
                plain.append(chunk.plain)
                deflated.append(chunk.deflated.data)
        return Run(tuple(plain), tuple(deflated), size, checksum, unchanged(lifetimes, now))

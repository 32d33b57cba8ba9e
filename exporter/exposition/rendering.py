"""Samples -> lines -> deflated segments. Rendered where a snapshot changes, never at a scrape.

A line is the same in both formats; only the comments above a family differ.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain
from types import SimpleNamespace

from isal import isal_zlib
from prometheus_client import generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.openmetrics import exposition as openmetrics

from exporter.exposition.family import Family
from exporter.exposition.lines import write_lines
from exporter.exposition.sample_sets import Samples, SampleSet, to_metric
from exporter.exposition.samples import sample_sets
from exporter.instant import Instant
from exporter.polling.lifetime import ALWAYS, Lifetime
from exporter.polling.snapshot import ProjectSnapshot

END = b"# EOF\n"
# A chunk of this size is worth its own deflate blocks; smaller ones shrink better together.
_LARGE = 4096
# Level 0 is 10 % faster, its output 40 % larger.
_LEVEL = 1
# Without a zlib header and trailer: a gzip member has its own.
_RAW = -isal_zlib.MAX_WBITS
_INFLATE_BYTES = 16_384


class Format(Enum):
    """The two formats, by their content type."""

    TEXT = CONTENT_TYPE_PLAIN_0_0_4
    OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Segment:
    """Lines that stand in a row on a page, deflated: a tenth of their size.

    Attributes:
        blocks: Deflate blocks; each ends on a byte and needs nothing before it.
        size: Bytes of the plain lines.
        checksum: CRC-32 of the plain lines.
        lifetime: The time in which they are all that is to be shown.
    """

    blocks: tuple[bytes, ...]
    size: int
    checksum: int
    lifetime: Lifetime = ALWAYS


@dataclass(frozen=True, slots=True)
class Chunk:
    """The lines of one family of one project that come and go together.

    Attributes:
        samples: What they were rendered from.
        lines: Without HELP and TYPE; deflated where they are many.
    """

    samples: SampleSet
    lines: bytes | Segment

    @property
    def lifetimes(self) -> tuple[Lifetime, ...]:
        """They are shown while one of them holds."""
        return self.samples.lifetimes

    def holds(self, now: Instant) -> bool:
        """Whether they are to be shown now."""
        return any(lifetime.holds(now) for lifetime in self.samples.lifetimes)


Chunks = Mapping[Family, tuple[Chunk, ...]]


def deflate(parts: Iterable[bytes]) -> Segment:
    """Lines in parts as one segment; each is deflated as it comes."""
    compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _RAW)
    deflated = []
    size = checksum = 0
    for part in parts:
        deflated.append(compressor.compress(part))
        checksum = isal_zlib.crc32(part, checksum)
        size += len(part)
    # A full flush: the next block must not look back into this one, which may be moved or gone.
    deflated.append(compressor.flush(isal_zlib.Z_FULL_FLUSH))
    return Segment((b"".join(deflated),), size, checksum)


def inflate_parts(block: bytes, limit: int) -> Iterator[bytes]:
    """The lines of one block of a segment, in parts of at most so many bytes."""
    stream = isal_zlib.decompressobj(_RAW)
    # What is not consumed is copied by the library, so it is handed a little at a time.
    for start in range(0, len(block), _INFLATE_BYTES):
        pending = block[start : start + _INFLATE_BYTES]
        part = stream.decompress(pending, limit)
        while part:
            yield part
            part = stream.decompress(stream.unconsumed_tail, limit)


def concatenate(segments: Iterable[Segment], lifetime: Lifetime | None = None) -> Segment:
    """Segments in a row; their checksums are combined, not computed again.

    Args:
        segments: In order.
        lifetime: Of the whole; where it is left out, the time in which all of them may be shown.
    """
    row = tuple(segments)
    size = checksum = 0
    for segment in row:
        checksum = isal_zlib.crc32_combine(checksum, segment.checksum, segment.size)
        size += segment.size
    return Segment(
        tuple(block for segment in row for block in segment.blocks),
        size,
        checksum,
        lifetime or Lifetime.common(segment.lifetime for segment in row),
    )


def render_metrics(metrics: Iterable[Metric], form: Format) -> bytes:
    """Families by the library, without an end mark."""
    families = list(metrics)
    source = SimpleNamespace(collect=lambda: families)  # `generate_latest` asks for no more
    if form is Format.OPENMETRICS:
        page: bytes = openmetrics.generate_latest(source)  # type: ignore[no-untyped-call]
        return page.removesuffix(END)
    return generate_latest(source)


def render(
    snapshot: ProjectSnapshot, previous: Chunks | None = None, moment: float | None = None
) -> Chunks:
    """A snapshot as chunks; lines that are as they were in `previous` are taken from there.

    What follows the clock is as it is at a Unix time, and left out without one.

    Costs time in proportion to its samples: not for the event loop where they are many.
    """
    known = previous or {}
    chunks: dict[Family, list[Chunk]] = {}
    for samples in sample_sets(snapshot, moment):
        chunk = _kept(samples, known.get(samples.family, ())) or _render_chunk(samples)
        chunks.setdefault(samples.family, []).append(chunk)
    return {family: tuple(of_family) for family, of_family in chunks.items()}


def _kept(samples: SampleSet, chunks: Iterable[Chunk]) -> Chunk | None:
    same = next((chunk for chunk in chunks if chunk.samples == samples), None)
    if same is None or same.lifetimes == samples.lifetimes:
        return same
    return replace(same, samples=samples)


def _render_chunk(samples: SampleSet) -> Chunk:
    if not isinstance(samples, Samples):
        parts = write_lines(samples)
    else:
        page = render_metrics([to_metric(samples.family, samples.rows)], Format.TEXT)
        # A line break inside of a label is escaped, so only comments begin like this.
        lines = page.splitlines(keepends=True)
        parts = iter([b"".join(line for line in lines if not line.startswith(b"# "))])
    first = next(parts, b"")
    return Chunk(samples, first if len(first) < _LARGE else deflate(chain((first,), parts)))

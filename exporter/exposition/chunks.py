"""A snapshot -> the bytes of its lines, by family. Rendered where a snapshot changes.

A line is the same in both formats; only the comments above a family differ.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from isal import isal_zlib
from prometheus_client import generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.openmetrics import exposition as openmetrics

from exporter.exposition.lines import write_lines
from exporter.exposition.metric_families import Family
from exporter.exposition.samples import EmployeeSamples, SampleSet, pieces, to_metric
from exporter.polling.snapshot import Lifetime, ProjectSnapshot

END = b"# EOF\n"
# A chunk of this size is worth its own run of deflate blocks; smaller ones shrink together.
_LARGE = 4096
# Level 0 is a tenth faster and leaves two fifths more.
_LEVEL = 1
# Without a zlib header and trailer, which a gzip member has of its own.
_RAW = -isal_zlib.MAX_WBITS


class Format(Enum):
    """The two formats, by their content type."""

    TEXT = CONTENT_TYPE_PLAIN_0_0_4
    OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Deflated:
    """Lines as a part of a gzip member: a tenth of their size, so large ones are kept so alone.

    Attributes:
        data: Deflate blocks that end on a byte and need nothing before them.
        size: Of the plain bytes.
        checksum: CRC-32 of the plain bytes.
    """

    data: bytes
    size: int
    checksum: int

    @property
    def plain(self) -> bytes:
        """The lines."""
        return isal_zlib.decompressobj(_RAW).decompress(self.data)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The lines of one family of one project that come and go together.

    Attributes:
        piece: What they were rendered from.
        lines: Without HELP and TYPE; deflated where they are many.
    """

    piece: SampleSet
    lines: bytes | Deflated

    @property
    def lifetime(self) -> Lifetime | None:
        """When they may be shown; None: while the project is configured."""
        return self.piece.lifetime


Chunks = Mapping[Family, tuple[Chunk, ...]]


class _Families:
    """What `generate_latest` takes: anything with `.collect()`."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterator[Metric]:
        return iter(self._metrics)


def render_metrics(metrics: Iterable[Metric], form: Format) -> bytes:
    """Families by the library, without an end mark."""
    source = _Families(metrics)
    if form is Format.OPENMETRICS:
        page: bytes = openmetrics.generate_latest(source)  # type: ignore[no-untyped-call]
        return page.removesuffix(END)
    return generate_latest(source)


def deflate(plain: bytes) -> Deflated:
    """The same as a part of a gzip member."""
    compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, _RAW)
    data = compressor.compress(plain) + compressor.flush(isal_zlib.Z_FULL_FLUSH)
    return Deflated(data, len(plain), isal_zlib.crc32(plain))


def render(snapshot: ProjectSnapshot, before: Chunks | None = None) -> Chunks:
    """A snapshot as chunks; lines that are as they were in `before` are taken from there.

    Costs time in proportion to its samples: not for the event loop where they are many.
    """
    known = before or {}
    found: dict[Family, list[Chunk]] = {}
    for piece in pieces(snapshot):
        chunks = found.setdefault(piece.family, [])
        chunks.append(_kept(piece, known.get(piece.family, ())) or _chunk(piece))
    return {family: tuple(chunks) for family, chunks in found.items()}


def _kept(piece: SampleSet, chunks: Iterable[Chunk]) -> Chunk | None:
    same = next((chunk for chunk in chunks if chunk.piece == piece), None)
    if same is None or same.lifetime == piece.lifetime:
        return same
    return replace(same, piece=piece)


def _chunk(piece: SampleSet) -> Chunk:
    if isinstance(piece, EmployeeSamples):
        plain = write_lines(piece.family, piece.fixed, piece.statuses, piece.people)
    else:
        page = render_metrics([to_metric(piece.family, piece.rows)], Format.TEXT)
        # A line break inside of a label is escaped, so only comments begin like this.
        lines = page.splitlines(keepends=True)
        plain = b"".join(line for line in lines if not line.startswith(b"# "))
    return Chunk(piece, plain if len(plain) < _LARGE else deflate(plain))

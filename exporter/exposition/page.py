"""Families -> bytes. Rendered where a snapshot changes; a scrape is served what is there.

The lines of a project's family are kept as one chunk, plain and deflated; they are the same in
both formats. A page is family headers and chunks in order. Its gzip form is ONE member made of
the deflated chunks (RFC 1952): several members in a row break curl and httpx.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from prometheus_client import generate_latest
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, choose_encoder
from prometheus_client.openmetrics import exposition as openmetrics

from exporter.clock import Clock, Instant
from exporter.exposition import catalogue
from exporter.exposition.catalogue import Family
from exporter.exposition.families import pieces, to_metric
from exporter.polling.snapshot import Lifetime, ProjectSnapshot

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
_DEFLATE_END = b"\x03\x00"
_OWN_SECONDS = 1.0
_END = b"# EOF\n"


class Format(Enum):
    """The two formats, by their content type."""

    TEXT = CONTENT_TYPE_PLAIN_0_0_4
    OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"


def choose_format(accept: str) -> Format:
    """The format that an `Accept` header asks for; text where it asks for nothing we have."""
    wanted = ",".join(part for part in accept.split(",") if not _refused(part))
    _, content_type = choose_encoder(wanted)
    is_open = content_type.startswith("application/openmetrics-text")
    return Format.OPENMETRICS if is_open else Format.TEXT


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an `Accept-Encoding` header allows gzip."""
    return any(
        part.split(";")[0].strip().lower() in ("gzip", "*") and not _refused(part)
        for part in accept_encoding.split(",")
    )


def _refused(part: str) -> bool:
    """Whether an entry of such a header has the weight 0."""
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q" and value.strip().rstrip("0") in ("", "0.", "."):
            return True
    return False


class _Families:
    """What `generate_latest` takes: anything with `.collect()`."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterator[Metric]:
        return iter(self._metrics)


def _render(metrics: Iterable[Metric], form: Format) -> bytes:
    source = _Families(metrics)
    if form is Format.OPENMETRICS:
        page: bytes = openmetrics.generate_latest(source)  # type: ignore[no-untyped-call]
        return page.removesuffix(_END)
    return generate_latest(source)


def _deflate(data: bytes) -> bytes:
    """A run of deflate blocks that ends on a byte and needs nothing before it."""
    compressor = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush(zlib.Z_FULL_FLUSH)


@dataclass(frozen=True, slots=True)
class Chunk:
    """The lines of one family that come and go together, without HELP and TYPE."""

    family: Family
    plain: bytes
    deflated: bytes
    lifetime: Lifetime | None


def render(snapshot: ProjectSnapshot) -> tuple[Chunk, ...]:
    """A snapshot as chunks. Costs time in proportion to its samples: not for the event loop."""
    chunks = []
    for piece in pieces(snapshot):
        page = _render([to_metric(piece.family, piece.rows)], Format.TEXT)
        # A line break inside of a label is escaped, so only comments begin like this.
        lines = [line for line in page.splitlines(keepends=True) if not line.startswith(b"# ")]
        plain = b"".join(lines)
        chunks.append(Chunk(piece.family, plain, _deflate(plain), piece.lifetime))
    return tuple(chunks)


@dataclass(frozen=True, slots=True)
class _Assembled:
    """A finished page and how long it is the truth."""

    body: bytes
    version: int
    lifetime: Lifetime
    own_until: float


class Page:
    """The exposition: chunks of every project, and the exporter's own families last.

    `own` collects the latter; it is called at most once a second.
    """

    def __init__(self, clock: Clock, own: Callable[[], Iterable[Metric]]) -> None:
        self._clock = clock
        self._own = own
        self._chunks: dict[int, tuple[Chunk, ...]] = {}
        self._version = 0
        self._assembled: dict[tuple[Format, bool], _Assembled] = {}
        self._headers = {
            (family, form): (header := _render([to_metric(family, [])], form), _deflate(header))
            for family in catalogue.OF_PROJECTS
            for form in Format
        }

    def put(self, project_id: int, chunks: tuple[Chunk, ...]) -> None:
        """Replaces what is shown of one project."""
        self._chunks[project_id] = chunks
        self._version += 1

    def replace_all(self, chunks: dict[int, tuple[Chunk, ...]]) -> None:
        """Replaces everything in one step."""
        self._chunks = dict(chunks)
        self._version += 1

    def body(self, form: Format, *, gzip: bool) -> bytes:
        """The whole page as it is true now."""
        now = self._clock.now()
        kept = self._assembled.get((form, gzip))
        if (
            kept is not None
            and kept.version == self._version
            and kept.lifetime.holds(now)
            and now.age < kept.own_until
        ):
            return kept.body
        made = self._assemble(form, gzip, now)
        self._assembled[form, gzip] = made
        return made.body

    def _assemble(self, form: Format, gzip: bool, now: Instant) -> _Assembled:
        shown: dict[Family, list[Chunk]] = {family: [] for family in catalogue.OF_PROJECTS}
        lifetimes = []
        for chunks in self._chunks.values():
            for chunk in chunks:
                if chunk.lifetime is None or chunk.lifetime.holds(now):
                    shown[chunk.family].append(chunk)
                    lifetimes.extend([chunk.lifetime] if chunk.lifetime else [])
        plain: list[bytes] = []
        deflated: list[bytes] = []
        for family, chunks_of in shown.items():
            if chunks_of:
                header = self._headers[family, form]
                plain += [header[0], *(chunk.plain for chunk in chunks_of)]
                deflated += [header[1], *(chunk.deflated for chunk in chunks_of)]
        own = _render(self._own(), form) + (_END if form is Format.OPENMETRICS else b"")
        plain.append(own)
        deflated.append(_deflate(own))
        body = _member(plain, deflated) if gzip else b"".join(plain)
        return _Assembled(body, self._version, Lifetime.common(lifetimes), now.age + _OWN_SECONDS)


def _member(plain: Iterable[bytes], deflated: Iterable[bytes]) -> bytes:
    """One gzip member of parts that were deflated one by one."""
    checksum = size = 0
    for part in plain:
        checksum = zlib.crc32(part, checksum)
        size += len(part)
    trailer = struct.pack("<II", checksum, size % 2**32)
    return b"".join((_GZIP_HEADER, *deflated, _DEFLATE_END, trailer))

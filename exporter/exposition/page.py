"""Chunks -> pages. A scrape is served what is there; only what changed is put together anew.

A page is family headers and chunks in order. Its gzip form is ONE member made of the deflated
chunks (RFC 1952): several members in a row break curl and httpx.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder

from exporter.clock import Clock, Instant
from exporter.exposition import metric_families
from exporter.exposition.chunks import END, Chunks, Deflated, Format, deflate, render_metrics
from exporter.exposition.family_page import FamilyPage, Segment, concatenate, segment_of
from exporter.exposition.metric_families import Family
from exporter.exposition.samples import to_metric
from exporter.polling.snapshot import Lifetime

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
_DEFLATE_END = b"\x03\x00"
_OWN_SECONDS = 1.0
_PART_BYTES = 1 << 20
# A page of this size is worth keeping in one piece beside its chunks; a larger one is not.
_JOINED_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Representation:
    """How a page is wanted."""

    format: Format
    gzip: bool = False


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


@dataclass(frozen=True, slots=True)
class Body:
    """A page as it is sent.

    Attributes:
        size: Bytes in all.
        pieces: In order; what is deflated is to be sent plain.
    """

    size: int
    pieces: tuple[bytes | Deflated, ...]

    @property
    def whole(self) -> bytes:
        """In one piece."""
        return b"".join(self.parts())

    def parts(self) -> Iterator[bytes]:
        """In parts of about 1 MiB: the whole of a large page is never in one piece."""
        group: list[bytes] = []
        size = 0
        for piece in self.pieces:
            plain = piece if isinstance(piece, bytes) else piece.plain
            group.append(plain)
            size += len(plain)
            if size >= _PART_BYTES:
                yield b"".join(group) if len(group) > 1 else plain
                group, size = [], 0
        if group:
            yield b"".join(group)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A finished page and how long it is the truth."""

    body: Body
    version: int
    lifetime: Lifetime


@dataclass(frozen=True, slots=True)
class _Projects:
    """What the projects show: the page but for its end.

    Attributes:
        run: Of all families.
        version: Of what it was made from.
    """

    run: Segment
    version: int


class Page:
    """The exposition: chunks of every project, and the exporter's own families last.

    `own` collects the latter; it is called at most once a second.
    """

    def __init__(self, clock: Clock, own: Callable[[], Iterable[Metric]]) -> None:
        self._clock = clock
        self._own = own
        self._version = 0
        self._shelves = {
            family: FamilyPage(_headers(family)) for family in metric_families.OF_PROJECTS
        }
        self._projects: dict[Format, _Projects] = {}
        self._packed: dict[Format, tuple[Segment, bytes]] = {}
        self._kept: dict[Representation, _Kept] = {}
        self._own_runs: dict[Format, Segment] = {}

    def chunks(self, project_id: int) -> Chunks:
        """What is shown of one project."""
        return {family: shelf.of(project_id) for family, shelf in self._shelves.items()}

    def put(self, project_id: int, chunks: Chunks) -> None:
        """Replaces what is shown of one project."""
        for family, shelf in self._shelves.items():
            shelf.put(project_id, chunks.get(family, ()))
        self._version += 1

    def replace_all(self, chunks: Mapping[int, Chunks]) -> None:
        """Replaces everything in one step."""
        for family, shelf in self._shelves.items():
            shelf.replace_all({one: found.get(family, ()) for one, found in chunks.items()})
        self._version += 1

    def forget_own(self) -> None:
        """Collects the exporter's own families anew at the next scrape, for what is rare."""
        self._own_runs.clear()
        self._version += 1

    def body(self, form: Representation) -> Body:
        """The whole page as it is true now."""
        now = self._clock.now()
        kept = self._kept.get(form)
        if kept is None or kept.version != self._version or not kept.lifetime.holds(now):
            kept = self._kept[form] = self._finish(form, now)
        return kept.body

    def _finish(self, form: Representation, now: Instant) -> _Kept:
        projects = self._projects.get(form.format)
        if (
            projects is None
            or projects.version != self._version
            or not projects.run.lifetime.holds(now)
        ):
            projects = self._projects[form.format] = self._assemble(form.format, now)
        own = self._own_run(form.format, now)
        run = concatenate((projects.run, own))
        if form.gzip:
            trailer = struct.pack("<II", run.checksum, run.size % 2**32)
            end = (*(part.data for part in own.parts), _DEFLATE_END, trailer)
            pieces = (self._pack(form.format, projects.run), b"".join(end))
            body = Body(sum(map(len, pieces)), pieces)
        else:
            body = Body(run.size, run.parts)
        if body.size <= _JOINED_BYTES:
            body = Body(body.size, (body.whole,))
        return _Kept(body, self._version, run.lifetime)

    def _pack(self, form: Format, run: Segment) -> bytes:
        """The gzip form of what the projects show, without an end."""
        kept = self._packed.get(form)
        if kept is None or kept[0] is not run:
            packed = b"".join((_GZIP_HEADER, *(part.data for part in run.parts)))
            kept = self._packed[form] = (run, packed)
        return kept[1]

    def _own_run(self, form: Format, now: Instant) -> Segment:
        """The exporter's own families and the end of the page."""
        kept = self._own_runs.get(form)
        if kept is None or not kept.lifetime.holds(now):
            lines = render_metrics(self._own(), form)
            whole = lines + END if form is Format.OPENMETRICS else lines
            fresh = Lifetime(float("-inf"), float("inf"), now.age + _OWN_SECONDS)
            kept = self._own_runs[form] = segment_of((deflate(whole),), fresh)
        return kept

    def _assemble(self, form: Format, now: Instant) -> _Projects:
        run = concatenate(shelf.run(form, now) for shelf in self._shelves.values())
        return _Projects(run, self._version)


def _headers(family: Family) -> dict[Format, bytes]:
    """HELP and TYPE of a family."""
    return {form: render_metrics([to_metric(family, [])], form) for form in Format}

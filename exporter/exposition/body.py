"""A page as it is sent: in small parts, made as the reader takes them.

A reader that stalls holds the parts that it was handed and the deflated pieces, which it shares
with every other page: neither a plain copy of the page nor an old version of it.
"""

from collections.abc import Iterable, Iterator

from exporter.exposition.rendering import Segment, inflate_parts
from exporter.polling.lifetime import Lifetime

_PART_BYTES = 65_536
# A page up to this size is one part: nothing is copied for whoever reads it.
_ONE_PART_BYTES = 262_144
# A page of this size is worth keeping in one piece beside its chunks; a larger one is not.
_WHOLE_BYTES = 4 << 20


class Body:
    """A page as it is sent.

    Attributes:
        size: Bytes in all.
        pieces: In order; a segment is to be sent plain.
        version: Of the chunks that it was made of.
        lifetime: How long it is the truth.
        joined: All of it, while it is the newest and not large; only to be faster.
    """

    __slots__ = ("joined", "lifetime", "pieces", "size", "version")

    def __init__(
        self, size: int, pieces: tuple[bytes | Segment, ...], version: int, lifetime: Lifetime
    ) -> None:
        self.size = size
        self.pieces = pieces
        self.version = version
        self.lifetime = lifetime
        self.joined: bytes | None = None

    @property
    def whole(self) -> bytes:
        """In one piece."""
        return b"".join(self.parts())

    def join(self) -> None:
        """Keeps it in one piece as well, unless it is large."""
        if self.size <= _WHOLE_BYTES:
            self.joined = self.whole

    def retire(self) -> None:
        """Lets go of the piece when a newer page has taken its place: a reader may take long."""
        self.joined = None

    def parts(self) -> Iterator[bytes]:
        """In parts of at most 64 KiB; a page of at most 256 KiB is one, also an empty one."""
        if self.joined is not None and self.size <= _ONE_PART_BYTES:
            yield self.joined
            return
        sent = 0
        while self.joined is not None and sent < self.size:
            yield self.joined[sent : sent + _PART_BYTES]
            sent += _PART_BYTES
        if sent < self.size:
            yield from _after(sent, _group(self._plain()))

    def _plain(self) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Segment):
                for block in piece.blocks:
                    yield from inflate_parts(block, _PART_BYTES)
            else:
                for start in range(0, len(piece), _PART_BYTES):
                    yield piece[start : start + _PART_BYTES]


def _group(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Fewer pieces, as large as a part may be."""
    group: list[bytes] = []
    size = 0
    for piece in pieces:
        if size + len(piece) > _PART_BYTES:
            yield b"".join(group)
            group, size = [], 0
        group.append(piece)
        size += len(piece)
    if group:
        yield b"".join(group)


def _after(offset: int, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts without their first bytes."""
    for part in parts:
        if offset < len(part):
            yield part[offset:]
        offset = max(0, offset - len(part))

"""A page as it is sent: in small parts, made as the reader takes them.

A reader that stalls holds the part that it was handed and the deflated pieces, which it shares
with every other page: neither a plain copy of the page nor an old version of it.
"""

import weakref
from collections.abc import Iterable, Iterator

from exporter.exposition.rendering import Segment, inflate_parts
from exporter.polling.lifetime import Lifetime

# A page up to this size is one part, the same for everybody.
PART_BYTES = 262_144
# What is made for one reader at once.
_COPIED_BYTES = 131_072
# TLS keeps up to two of them for each reader.
TLS_PART_BYTES = 65_536
# A page of this size is worth keeping in one piece beside its chunks; a larger one is not.
_WHOLE_BYTES = 4 << 20
# So many pages that are the newest no longer may be in readers' hands; the next are not lent.
_MOST_OLD = 3


class _Joined(bytearray):
    """A page in one piece, of which it is known whether somebody still reads it."""

    __slots__ = ("__weakref__",)


class Body:
    """A page as it is sent.

    Attributes:
        size: Bytes in all.
        pieces: In order; a segment is to be sent plain.
        version: Of the chunks that it was made of.
        lifetime: How long it is the truth.
        joined: All of it, while it is the newest and not large; only to be faster.
    """

    __slots__ = ("_lent", "joined", "lifetime", "pieces", "size", "version")

    def __init__(
        self, size: int, pieces: tuple[bytes | Segment, ...], version: int, lifetime: Lifetime
    ) -> None:
        self.size = size
        self.pieces = pieces
        self.version = version
        self.lifetime = lifetime
        self.joined: bytes | _Joined | None = None
        self._lent = False

    @property
    def whole(self) -> bytes:
        """In one piece."""
        return b"".join(self.parts())

    def join(self, *, lent: bool = True) -> None:
        """Keeps it in one piece as well, unless it is large.

        Args:
            lent: Whether readers get the piece itself; else a copy of each part.
        """
        if self.size <= _WHOLE_BYTES:
            small = self.size <= PART_BYTES
            self.joined = self.whole if small else _Joined(self.whole)
        self._lent = lent

    def parts(self, *, tls: bool = False) -> Iterator[bytes | memoryview]:
        """In parts of at most 128 KiB (64 KiB for TLS), or one view of what all readers share.

        Over plain HTTP the rest of a view that a socket does not take at once is no copy; TLS
        encrypts it for each reader.
        """
        limit = TLS_PART_BYTES if tls else _COPIED_BYTES
        if isinstance(self.joined, bytes):
            yield self.joined
            return
        if self.joined is not None and self._lent and not tls:
            yield memoryview(self.joined)
            return
        sent = 0
        while self.joined is not None and sent < self.size:
            yield bytes(memoryview(self.joined)[sent : sent + limit])
            sent += limit
        if sent < self.size:
            yield from _after(sent, _group(self._plain(limit), limit))

    def _plain(self, limit: int) -> Iterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Segment):
                for block in piece.blocks:
                    yield from inflate_parts(block, limit)
            else:
                for start in range(0, len(piece), limit):
                    yield piece[start : start + limit]


class OldPages:
    """Pages that a newer one has replaced, as far as readers still hold them."""

    def __init__(self) -> None:
        self._held: list[weakref.ref[bytearray]] = []

    def retire(self, body: Body) -> None:
        """Takes the joined piece from a page: whoever reads it gets the rest of the pieces."""
        if isinstance(body.joined, _Joined):
            self._held.append(weakref.ref(body.joined))
        body.joined = None

    def few(self) -> bool:
        """Whether another page may be lent to readers who may take long."""
        self._held = [held for held in self._held if held() is not None]
        return len(self._held) < _MOST_OLD


def _group(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Fewer pieces, as large as a part may be."""
    group: list[bytes] = []
    size = 0
    for piece in pieces:
        if group and size + len(piece) > limit:
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

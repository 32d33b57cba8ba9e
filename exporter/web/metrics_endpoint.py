"""`/metrics` as one plain ASGI callable.

Starlette's request and response objects cost more than finding the page does, so this endpoint
has neither; the headers of a representation are built once.
"""

from functools import cache, lru_cache

from starlette.types import Receive, Scope, Send

from exporter.exposition.page import Page, Representation
from exporter.web.negotiation import accepts_gzip, choose_format

_EMPTY = b""
# A scraper's header has a hundred bytes; longer ones are not worth remembering.
_LONGEST_REMEMBERED = 500


class MetricsEndpoint:
    """Answers GET and HEAD with the page of this moment."""

    def __init__(self, page: Page, headers: dict[str, str]) -> None:
        self._page = page
        self._headers = [
            (name.lower().encode(), value.encode()) for name, value in headers.items()
        ]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Sends the page; a scrape waits for nothing but its own reader."""
        request = dict(scope["headers"])
        representation = _negotiate(
            request.get(b"accept", _EMPTY), request.get(b"accept-encoding", _EMPTY)
        )
        body = self._page.body(representation)
        headers = [
            *self._headers,
            *_representation_headers(representation),
            (b"content-length", b"%d" % body.size),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": _EMPTY})
            return
        left = body.size
        for part in body.parts(tls=scope["scheme"] == "https"):
            left -= len(part)
            await send({"type": "http.response.body", "body": part, "more_body": left > 0})
            if left:
                # Returns when the reader has taken this part: the next is made only then.
                await send({"type": "http.response.body", "body": _EMPTY, "more_body": True})


def _negotiate(accept: bytes, accept_encoding: bytes) -> Representation:
    if len(accept) + len(accept_encoding) > _LONGEST_REMEMBERED:
        return _read(accept, accept_encoding)
    return _remembered(accept, accept_encoding)


def _read(accept: bytes, accept_encoding: bytes) -> Representation:
    return Representation(
        choose_format(accept.decode("latin-1")), accepts_gzip(accept_encoding.decode("latin-1"))
    )


@lru_cache(maxsize=64)
def _remembered(accept: bytes, accept_encoding: bytes) -> Representation:
    """Cached: a scraper sends the same headers every time, and reading them is slow."""
    return _read(accept, accept_encoding)


@cache
def _representation_headers(representation: Representation) -> tuple[tuple[bytes, bytes], ...]:
    headers = (
        (b"content-type", representation.format.value.encode()),
        (b"vary", b"Accept, Accept-Encoding"),
    )
    return (*headers, (b"content-encoding", b"gzip")) if representation.gzip else headers

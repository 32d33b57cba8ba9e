"""`/metrics`, as one plain ASGI callable: headers are made once a form, bodies not joined."""

from functools import cache, lru_cache

from starlette.types import Receive, Scope, Send

from exporter.exposition.page import Page, Representation
from exporter.web.negotiation import accepts_gzip, choose_format

_NONE = b""


class Exposition:
    """Answers GET and HEAD with the page as it is true now."""

    def __init__(self, page: Page, headers: dict[str, str]) -> None:
        self._page = page
        self._headers = [(name.lower().encode(), text.encode()) for name, text in headers.items()]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Sends the page; a scrape never waits for anything but its own reader."""
        asked = dict(scope["headers"])
        form = _wanted(asked.get(b"accept", _NONE), asked.get(b"accept-encoding", _NONE))
        body = self._page.body(form)
        headers = [*self._headers, *_of(form), (b"content-length", b"%d" % body.size)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        last = _NONE
        if scope["method"] != "HEAD":
            for part in body.parts():
                if last:
                    await send({"type": "http.response.body", "body": last, "more_body": True})
                last = part
        await send({"type": "http.response.body", "body": last})


@lru_cache(maxsize=64)
def _wanted(accept: bytes, accept_encoding: bytes) -> Representation:
    """A scraper asks the same every time: reading that costs more than finding the page."""
    return Representation(
        choose_format(accept.decode("latin-1")), accepts_gzip(accept_encoding.decode("latin-1"))
    )


@cache
def _of(form: Representation) -> tuple[tuple[bytes, bytes], ...]:
    kind = (b"content-type", form.format.value.encode())
    vary = (b"vary", b"Accept, Accept-Encoding")
    return (kind, vary, (b"content-encoding", b"gzip")) if form.gzip else (kind, vary)

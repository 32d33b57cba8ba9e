"""`/metrics`, as one plain ASGI callable: headers are made once a page, bodies are not joined."""

from starlette.types import Receive, Scope, Send

from exporter.exposition.page import Form, Page, accepts_gzip, choose_format

_NONE = b""


class Exposition:
    """Answers GET and HEAD with the page as it is true now."""

    def __init__(self, page: Page, headers: dict[str, str]) -> None:
        self._page = page
        self._headers = [(name.lower().encode(), text.encode()) for name, text in headers.items()]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Sends the page; a scrape never waits for anything but its own reader."""
        asked = dict(scope["headers"])
        form = Form(
            choose_format(asked.get(b"accept", _NONE).decode("latin-1")),
            accepts_gzip(asked.get(b"accept-encoding", _NONE).decode("latin-1")),
        )
        body = self._page.body(form)
        headers = [*self._headers, *_of(form), (b"content-length", b"%d" % body.size)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] != "HEAD":
            for part in body.parts():
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": _NONE})


def _of(form: Form) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"content-type", form.format.value.encode()),
        (b"vary", b"Accept, Accept-Encoding"),
    ]
    if form.gzip:
        headers.append((b"content-encoding", b"gzip"))
    return headers

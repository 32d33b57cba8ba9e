"""The endpoints: what is answered to whom. No I/O but the answer, and no request body is read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.resources import files

import jinja2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from exporter.clock import Clock
from exporter.exposition.page import Page
from exporter.polling.snapshot import ProjectSnapshot
from exporter.web.exposition import Exposition
from exporter.web.status import look_at

_HEADERS = {
    # The page names people: it is for the eyes it was sent to.
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_PAGE_HEADERS = {
    **_HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
}
_NOT_ALLOWED = PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})


@dataclass(frozen=True, slots=True)
class Site:
    """What the endpoints answer from.

    Attributes:
        page: The exposition.
        snapshots: What the page shows of every project.
        clock: For ages on it.
        telemetry_path: Where the exposition is.
        version: Of the exporter.
        healthy: Whether every poll loop is alive.
        ready: Whether every project was tried once.
        reload: Reads the configuration again and says whether it is good; None: not allowed.
    """

    page: Page
    snapshots: Callable[[], list[ProjectSnapshot]]
    clock: Clock
    telemetry_path: str
    version: str
    healthy: Callable[[], bool]
    ready: Callable[[], bool]
    reload: Callable[[], Awaitable[bool]] | None


def make_application(site: Site) -> ASGIApp:
    """The application: exact paths, 404 for others, 405 for other methods.

    The exposition is answered before anything else looks at the request.
    """
    exposition = Exposition(site.page, _HEADERS)
    others = _make_routes(site)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != site.telemetry_path:
            await others(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD"):
            await exposition(scope, receive, send)
        else:
            await _NOT_ALLOWED(scope, receive, send)

    return application


def _make_routes(site: Site) -> Starlette:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    source = files("exporter.web").joinpath("status.html").read_text("utf-8")
    template = environment.from_string(source)

    async def status(_request: Request) -> Response:
        now = site.clock.now()
        text = template.render(
            version=site.version,
            telemetry_path=site.telemetry_path,
            projects=[look_at(snapshot, now) for snapshot in site.snapshots()],
        )
        return HTMLResponse(text, headers=_PAGE_HEADERS)

    async def healthy(_request: Request) -> Response:
        return _verdict(site.healthy(), "healthy", "a poll loop is lost")

    async def ready(_request: Request) -> Response:
        return _verdict(site.ready(), "ready", "not every project was tried yet")

    async def reload(_request: Request) -> Response:
        if site.reload is None:
            return _text("start with --web.enable-lifecycle to allow this", 403)
        good = await site.reload()
        if good:
            return _text("configuration reloaded")
        return _text("the configuration is not good, the one before stays; see the log", 500)

    routes = [
        Route("/-/healthy", healthy),
        Route("/-/ready", ready),
        Route("/-/reload", reload, methods=["POST", "PUT"]),
    ]
    if site.telemetry_path != "/":
        routes.append(Route("/", status))
    application = Starlette(routes=routes)
    application.router.redirect_slashes = False
    return application


def _text(text: str, status: int = 200) -> Response:
    return PlainTextResponse(text + "\n", status, headers=_HEADERS)


def _verdict(good: bool, yes: str, no: str) -> Response:
    return _text(yes) if good else _text(no, 503)

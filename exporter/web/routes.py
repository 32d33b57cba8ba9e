"""The endpoints and what they answer. No I/O but the answer; no request body is ever read."""

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
from exporter.web.metrics_endpoint import MetricsEndpoint
from exporter.web.status import project_view

_HEADERS = {
    # The page names people: no proxy and no browser cache may keep it.
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_STATUS_PAGE_HEADERS = {
    **_HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
}
_METHOD_NOT_ALLOWED = PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What the endpoints answer from.

    Attributes:
        page: The exposition.
        snapshots: What the page shows of every project, for the status page.
        clock: For the ages on the status page.
        telemetry_path: The path of the exposition.
        version: The exporter's version.
        healthy: Whether every poll loop makes progress.
        ready: Whether every project was polled at least once.
        reload: Reads the configuration again and returns whether it was valid; None if reloading
            over HTTP is disabled.
    """

    page: Page
    snapshots: Callable[[], list[ProjectSnapshot]]
    clock: Clock
    telemetry_path: str
    version: str
    healthy: Callable[[], bool]
    ready: Callable[[], bool]
    reload: Callable[[], Awaitable[bool]] | None


def make_application(endpoints: Endpoints) -> ASGIApp:
    """Makes the application: exact paths, 404 for any other path, 405 for other methods."""
    metrics = MetricsEndpoint(endpoints.page, _HEADERS)
    others = Starlette(routes=_make_routes(endpoints))
    others.router.redirect_slashes = False

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        # Before Starlette looks at the request: routing costs more than serving the page.
        if scope["path"] != endpoints.telemetry_path:
            await others(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD"):
            await metrics(scope, receive, send)
        else:
            await _METHOD_NOT_ALLOWED(scope, receive, send)

    return application


def _make_routes(endpoints: Endpoints) -> list[Route]:
    async def healthy(_request: Request) -> Response:
        return _probe(endpoints.healthy(), "healthy", "a poll loop makes no progress")

    async def ready(_request: Request) -> Response:
        return _probe(endpoints.ready(), "ready", "waiting for the first poll of every project")

    async def reload(_request: Request) -> Response:
        if endpoints.reload is None:
            return _text("reload over HTTP is disabled; start with --web.enable-lifecycle", 403)
        if await endpoints.reload():
            return _text("configuration reloaded")
        return _text("configuration rejected; keeping the previous one; see the log", 500)

    routes = [
        Route("/-/healthy", healthy),
        Route("/-/ready", ready),
        Route("/-/reload", reload, methods=["POST", "PUT"]),
    ]
    if endpoints.telemetry_path != "/":
        routes.append(Route("/", _make_status_page(endpoints)))
    return routes


def _make_status_page(endpoints: Endpoints) -> Callable[[Request], Awaitable[Response]]:
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    source = files("exporter.web").joinpath("status.html").read_text("utf-8")
    template = environment.from_string(source)

    async def status_page(_request: Request) -> Response:
        now = endpoints.clock.now()
        html = template.render(
            version=endpoints.version,
            telemetry_path=endpoints.telemetry_path,
            projects=[project_view(snapshot, now) for snapshot in endpoints.snapshots()],
        )
        return HTMLResponse(html, headers=_STATUS_PAGE_HEADERS)

    return status_page


def _text(text: str, status: int = 200) -> Response:
    return PlainTextResponse(text + "\n", status, headers=_HEADERS)


def _probe(passed: bool, success: str, failure: str) -> Response:
    return _text(success) if passed else _text(failure, 503)

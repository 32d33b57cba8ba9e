"""The endpoints and what they answer. No I/O but the answer; no request body is ever read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from exporter.clock import Clock
from exporter.exposition.page import Page
from exporter.offload import Offload, run_inline
from exporter.polling.snapshot import ProjectSnapshot
from exporter.web.answers import SAFE_HEADERS, in_small_parts, text_answer, with_safe_headers
from exporter.web.hosts import HostRule
from exporter.web.languages import choose_language
from exporter.web.metrics_endpoint import MetricsEndpoint
from exporter.web.runbook import RUNBOOK_LANGUAGE, RUNBOOK_PATH, runbook_page
from exporter.web.status_page import StatusPage

_PAGE_HEADERS = {
    **SAFE_HEADERS,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}
# A header and not a tag, so that `?refresh=off` is the same page.
_REFRESH = {"Refresh": "15"}
_METHOD_NOT_ALLOWED = text_answer("Method Not Allowed", 405, Allow="GET, HEAD")
_OTHER_HOST = text_answer(
    "this name is not served on loopback; ask for localhost or 127.0.0.1, or start with "
    "--web.allowed-host=NAME",
    421,
)


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
        hosts: Which names may be asked for on loopback.
        offload: Renders the status page beside the loop.
    """

    page: Page
    snapshots: Callable[[], list[ProjectSnapshot]]
    clock: Clock
    telemetry_path: str
    version: str
    healthy: Callable[[], bool]
    ready: Callable[[], bool]
    reload: Callable[[], Awaitable[bool]] | None
    hosts: HostRule = field(default_factory=HostRule)
    offload: Offload = run_inline


def make_application(endpoints: Endpoints) -> ASGIApp:
    """Makes the application: exact paths, 404 for any other path, 405 for other methods."""
    metrics = MetricsEndpoint(endpoints.page, SAFE_HEADERS)
    starlette = Starlette(routes=_make_routes(endpoints))
    starlette.router.redirect_slashes = False
    others = in_small_parts(with_safe_headers(starlette))
    guarded = (endpoints.telemetry_path, "/", "/-/reload")

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        loopback = scope.get("state", {}).get("loopback", False)
        # Before Starlette looks at the request: routing costs more than serving the page.
        if path in guarded and not endpoints.hosts.allows_host(
            scope["headers"], loopback=loopback
        ):
            await _OTHER_HOST(scope, receive, send)
        elif path != endpoints.telemetry_path:
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

    async def reload(request: Request) -> Response:
        if endpoints.reload is None:
            return text_answer(
                "reload over HTTP is disabled; start with --web.enable-lifecycle", 403
            )
        if not endpoints.hosts.allows_origin(request.scope["headers"]):
            return text_answer("a page of another origin may not reload", 403)
        if await endpoints.reload():
            return text_answer("configuration reloaded")
        return text_answer("configuration rejected; keeping the previous one; see the log", 500)

    handbook = runbook_page()

    async def runbook(_request: Request) -> Response:
        return HTMLResponse(
            handbook, headers=_PAGE_HEADERS | {"Content-Language": RUNBOOK_LANGUAGE}
        )

    routes = [
        Route("/-/healthy", healthy),
        Route("/-/ready", ready),
        Route("/-/reload", reload, methods=["POST", "PUT"]),
        Route(RUNBOOK_PATH, runbook),
    ]
    if endpoints.telemetry_path != "/":
        routes.append(Route("/", _make_status_page(endpoints)))
    return routes


def _make_status_page(endpoints: Endpoints) -> Callable[[Request], Awaitable[Response]]:
    page = StatusPage(
        endpoints.snapshots,
        endpoints.clock,
        endpoints.offload,
        endpoints.version,
        endpoints.telemetry_path,
    )

    async def status_page(request: Request) -> Response:
        language = choose_language(",".join(request.headers.getlist("Accept-Language")))
        headers = {"Content-Language": language, "Vary": "Accept-Language"}
        if request.query_params.get("refresh") != "off":
            headers |= _REFRESH
        return HTMLResponse(await page.html(language), headers=_PAGE_HEADERS | headers)

    return status_page


def _probe(passed: bool, success: str, failure: str) -> Response:
    return text_answer(success) if passed else text_answer(failure, 503)

"""What each endpoint answers, without sockets."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from exporter.exposition.page import Page
from exporter.polling.snapshot import first_snapshot
from exporter.web.hosts import HostRule
from exporter.web.routes import Endpoints, make_application
from tests.support.exporting import make_spec
from tests.support.real import run_real
from tests.support.virtual import HandClock


async def reload_good() -> bool:
    return True


async def reload_bad() -> bool:
    return False


def endpoints() -> Endpoints:
    """The endpoints of a healthy exporter with one project that was not polled yet."""
    clock = HandClock()
    return Endpoints(
        page=Page(clock, list),
        snapshots=lambda: [first_snapshot(make_spec(name="<Sales>"))],
        clock=clock,
        telemetry_path="/metrics",
        version="1.2.3",
        healthy=lambda: True,
        ready=lambda: True,
        reload=None,
    )


def ask(
    path: str, changed: Endpoints | None = None, method: str = "GET", **headers: str
) -> httpx.Response:
    async def main() -> httpx.Response:
        transport = httpx.ASGITransport(make_application(changed or endpoints()))
        async with httpx.AsyncClient(transport=transport, base_url="http://exporter") as client:
            named = {name.replace("_", "-"): text for name, text in headers.items()}
            return await client.request(method, path, headers=named)

    return run_real(main())


@pytest.mark.parametrize(
    ("path", "changed", "status", "text"),
    [
        ("/-/healthy", endpoints(), 200, "healthy"),
        ("/-/healthy", replace(endpoints(), healthy=lambda: False), 503, "no progress"),
        ("/-/ready", endpoints(), 200, "ready"),
        ("/-/ready", replace(endpoints(), ready=lambda: False), 503, "waiting for the first poll"),
    ],
)
def test_a_probe_says_why_it_fails(path: str, changed: Endpoints, status: int, text: str) -> None:
    """A probe answers 200, or 503 with its reason."""
    response = ask(path, changed)
    assert response.status_code == status
    assert text in response.text
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_reload_answers_what_came_of_it(method: str) -> None:
    """403 where reloading over HTTP is disabled, 200 for a valid configuration, 500 otherwise."""
    disabled = ask("/-/reload", method=method)
    accepted = ask("/-/reload", replace(endpoints(), reload=reload_good), method)
    rejected = ask("/-/reload", replace(endpoints(), reload=reload_bad), method)
    assert (disabled.status_code, accepted.status_code, rejected.status_code) == (403, 200, 500)
    assert "--web.enable-lifecycle" in disabled.text
    assert "keeping the previous one" in rejected.text


@pytest.mark.parametrize("path", ["/nothing", "/metrics/", "/-/", "/-/healthy/"])
def test_an_unknown_path_is_404(path: str) -> None:
    """Only exact paths are answered; nothing is redirected."""
    assert ask(path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/"), ("DELETE", "/metrics"), ("GET", "/-/reload")]
)
def test_another_method_is_405(method: str, path: str) -> None:
    """A path that exists refuses the methods it does not have."""
    assert ask(path, method=method).status_code == 405


def test_the_page_is_sent_as_it_is_asked_for() -> None:
    """`/metrics` negotiates format and encoding, and says what a cache must keep apart."""
    text = ask("/metrics", accept_encoding="identity")
    openmetrics = ask("/metrics", accept="application/openmetrics-text")
    assert text.headers["Content-Type"].startswith("text/plain")
    assert "Content-Encoding" not in text.headers
    assert openmetrics.headers["Content-Encoding"] == "gzip"
    assert openmetrics.text.endswith("# EOF\n")
    assert text.headers["Vary"] == "Accept, Accept-Encoding"


def test_head_is_answered_like_get_without_a_body() -> None:
    """HEAD has the headers of GET, its length too, and sends nothing."""
    get, head = ask("/metrics"), ask("/metrics", method="HEAD")
    assert head.headers == get.headers
    assert int(head.headers["Content-Length"]) > 0
    assert head.content == b""


def test_the_status_page_escapes_names_and_allows_no_scripts() -> None:
    """A project's name is text; the policy forbids everything but the page's own style."""
    response = ask("/")
    assert "&lt;Sales&gt;" in response.text
    assert "Not polled yet" in response.text
    assert "1.2.3" in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accept_language", "language", "word"),
    [
        ("", "en", "Time zone"),
        ("uk-UA,uk;q=0.9,en;q=0.8", "uk", "Часовий пояс"),
        ("en;q=0.9,uk;q=0.8", "en", "Time zone"),
        ("pl", "en", "Time zone"),
    ],
)
def test_the_status_page_is_in_the_readers_language(
    accept_language: str, language: str, word: str
) -> None:
    """The headers and the page say which it is, and that another reader may get another."""
    response = ask("/", accept_language=accept_language)
    assert response.headers["Content-Language"] == language
    assert response.headers["Vary"] == "Accept-Language"
    assert f'<html lang="{language}">' in response.text
    assert word in response.text


def test_the_status_page_renews_itself_until_it_is_told_not_to() -> None:
    """By a header, since nothing on the page may move a reader who asked for rest."""
    assert ask("/").headers["Refresh"] == "15"
    held = ask("/?refresh=off")
    assert "Refresh" not in held.headers
    assert 'href="/?refresh=off"' in held.text
    assert "http-equiv" not in held.text


def test_the_runbook_is_served_in_english_to_every_host() -> None:
    """It shows nothing of the projects, so it is not withheld where data is."""
    response = ask("/runbook", accept_language="uk", host="evil.example")
    assert response.headers["Content-Language"] == "en"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert '<h2 id="ringostatprojectdown">' in response.text
    assert "Sales" not in re.sub(r"<code>.*?</code>", "", response.text, flags=re.DOTALL)
    assert "1.2.3" not in response.text


def test_the_exposition_may_take_the_place_of_the_status_page() -> None:
    """With `--web.telemetry-path=/` the root is the exposition."""
    response = ask("/", replace(endpoints(), telemetry_path="/"))
    assert response.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize(
    "path",
    ["/", "/metrics", "/runbook", "/-/healthy", "/-/ready", "/-/reload", "/nothing", "/%00", "//"],
)
def test_every_answer_is_neither_cached_nor_sniffed(path: str, method: str) -> None:
    """200, 403, 404 and 405 alike."""
    headers = ask(path, method=method).headers
    assert headers.get_list("Cache-Control") == ["no-store"]
    assert headers.get_list("X-Content-Type-Options") == ["nosniff"]


def test_a_mistake_of_ours_is_500_with_the_same_headers() -> None:
    """An endpoint that raises answers without its reason."""

    def fail() -> bool:
        raise ValueError("Ann Canary")

    async def main() -> httpx.Response:
        application = make_application(replace(endpoints(), healthy=fail))
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://exporter") as client:
            return await client.get("/-/healthy")

    response = run_real(main())
    assert response.status_code == 500
    assert "Canary" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_may_frame_the_status_page_or_be_sent_to_from_it() -> None:
    """The policy says what `default-src` does not."""
    policy = ask("/").headers["Content-Security-Policy"]
    for directive in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"):
        assert directive in policy


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:10105", 200), ("127.0.0.9", 200), ("evil.example:10105", 421), ("a.b", 200)],
)
@pytest.mark.parametrize("path", ["/", "/metrics", "/-/healthy", "/runbook"])
def test_on_loopback_a_rebound_name_gets_no_data(host: str, status: int, path: str) -> None:
    """What shows data is answered to names of this machine and allowed ones; probes to all."""
    inner = make_application(replace(endpoints(), hosts=HostRule(["a.b"])))

    async def on_loopback(scope: Any, receive: Any, send: Any) -> None:
        await inner(scope | {"state": {"loopback": True}}, receive, send)

    async def main() -> httpx.Response:
        transport = httpx.ASGITransport(on_loopback)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(path, headers={"Host": host})

    response = run_real(main())
    assert response.status_code == (status if path in ("/", "/metrics") else 200)
    assert ("--web.allowed-host" in response.text) == (response.status_code == 421)
    assert response.text.count("\n") == 1 or response.status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://exporter:81"])
def test_a_page_of_another_origin_may_not_reload(origin: str) -> None:
    """A form on a foreign page reaches loopback, too."""
    changed = replace(endpoints(), reload=reload_good)
    assert ask("/-/reload", changed, "POST", Origin=origin).status_code == 403
    assert ask("/-/reload", changed, "POST", Origin="http://exporter").status_code == 200


def test_a_large_status_page_is_sent_in_parts() -> None:
    """A thousand projects are more than a socket takes at once."""
    many = [first_snapshot(make_spec(name=f"Project {n}", project_id=n)) for n in range(1000)]
    application = make_application(replace(endpoints(), snapshots=lambda: many))
    sizes: list[int] = []

    async def send(message: Any) -> None:
        sizes.append(len(message.get("body", b"")))

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    run_real(application(scope, receive, send))  # type: ignore[arg-type]
    assert sum(sizes) > 65_536
    assert max(sizes) <= 65_536

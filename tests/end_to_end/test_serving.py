"""The program as its users start it: demo, configuration, reload, signals, exit codes."""

import gzip
import http.client
import random
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.support.documented import DATA, Documented, one, scrape, write_config
from tests.support.exporting import SECONDS, select
from tests.support.processes import (
    address_of,
    exporter,
    get,
    wait_for,
)
from tests.support.real import soaking


def test_the_demo_needs_nothing_and_shows_three_projects() -> None:
    """`--demo` is ready without account or file, and stops without noise."""
    with exporter("--demo") as running:
        address = address_of(running)
        wait_for(lambda: get(address, "/-/ready")[0] == 200, 15, "ready")
        series = select(scrape(address), SECONDS)
        assert len(series) > 150
        projects = {dict(labels)["project"] for _, labels in series}
        assert projects == {"Sales", "Support", "Night desk"}
        assert one(scrape(address), "ringostat_up", project="Sales") == 1
        assert one(scrape(address), "ringostat_report_duplicate_employees", project="Support") == 1
        started = time.perf_counter()
        assert running.stop() == 0
        assert time.perf_counter() - started < 1.5
        assert all(line.startswith("time=") for line in running.lines), running.lines


def test_endpoints_methods_and_formats() -> None:
    """Formats by Accept, gzip, HEAD, 404, 405, and 403 for a reload that is not allowed."""
    with exporter("--demo", "--web.telemetry-path=/m") as running:
        address = address_of(running)
        status, headers, body = get(address, "/m", Accept="application/openmetrics-text")
        assert status == 200
        assert headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
        assert body.endswith(b"# EOF\n")
        assert b"_created" not in body
        status, headers, body = get(address, "/m", **{"Accept-Encoding": "gzip"})
        assert headers["content-encoding"] == "gzip"
        assert headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert b"# TYPE ringostat_project_info gauge" in gzip.decompress(body)
        head = get(address, "/m", "HEAD")
        assert (head[0], head[2]) == (200, b"")
        assert int(head[1]["content-length"]) > 100
        assert get(address, "/-/healthy")[0] == 200
        assert get(address, "/-/healthy", "HEAD")[0] == 200
        page = get(address, "/")[2].decode()
        for word in ("Ringostat exporter", "Sales", "Night desk", 'href="/m"'):
            assert word in page
        for path in ("/metrics", "/m/", "//m", "/..%2fm", "/m%00", "/-/", "/favicon.ico"):
            assert get(address, path)[0] == 404, path
        for path, method in (
            ("/m", "POST"),
            ("/", "DELETE"),
            ("/-/healthy", "PUT"),
            ("/-/reload", "GET"),
        ):
            assert get(address, path, method)[0] == 405, path
        assert get(address, "/-/reload", "POST")[0] == 403


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (b"NONSENSE\r\n\r\n", b"HTTP/1.1 400 "),
        (
            b"GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\n"
            b"Upgrade: websocket\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            b"HTTP/1.1 200 ",
        ),
    ],
    ids=["nonsense", "upgrade"],
)
def test_what_strangers_send_is_not_for_the_log(sent: bytes, answered: bytes) -> None:
    """Nonsense and upgrades are answered and leave no warning."""
    with exporter("--demo") as running:
        host, port = address_of(running).split(":")
        with socket.create_connection((host, int(port)), timeout=5) as stranger:
            stranger.sendall(sent)
            assert stranger.recv(4096).startswith(answered)
        assert running.stop() == 0
        assert not [line for line in running.lines if "level=warn" in line]


def test_the_documented_sample_gives_exactly_its_figures(
    documented: Documented, tmp_path: Path
) -> None:
    """And the sample as printed, which is not JSON, is a failed poll that changes no value."""
    path = write_config(tmp_path, documented.url)
    with exporter(f"--config.file={path}") as running:
        address = address_of(running)
        wait_for(lambda: one(scrape(address), "ringostat_up") == 1, 10, "up")
        found = scrape(address)
        for employee, online, offline in (
            ("TEST CY", 5515, 36795),
            ("AI IVR Test", 42289, 21),
            ("Sergiy Test", 42289, 21),
        ):
            labels = {"project": "Sales", "employee": employee, "window": "today"}
            assert one(found, SECONDS, status="online", **labels) == online
            assert one(found, SECONDS, status="offline", **labels) == offline
            assert one(found, SECONDS, status="dnd", **labels) == 0
            assert one(found, SECONDS, status="speaking", **labels) == 0
        assert len(select(found, SECONDS)) == 12
        assert one(found, "ringostat_report_covered_seconds") == 42310
        infos = {
            (dict(labels)["status_id"], dict(labels)["status"])
            for _, labels in select(found, "ringostat_custom_status_info")
        }
        assert infos == {
            ("1763", "At lunch"),
            ("1768", "Break"),
            ("1773", "On the call"),
            ("1778", "On the move"),
        }
        documented.report = (DATA / "daily_report.as_printed.json").read_bytes()
        decode = {"method": "getSipStatusDailyReport", "reason": "decode"}
        wait_for(
            lambda: one(scrape(address), "ringostat_poll_errors_total", **decode), 10, "decode"
        )
        found = scrape(address)
        assert one(found, "ringostat_up") == 0
        assert one(found, SECONDS, employee="TEST CY", status="online") == 5515
        assert one(found, "ringostat_custom_statuses_up") == 1
        assert running.stop() == 0
        text = "\n".join(running.lines)
        assert 'level=warn msg="poll failed" project=Sales' in text
        assert "canary" not in text
        assert "TEST CY" not in text


def test_a_reload_is_all_or_nothing(documented: Documented, tmp_path: Path) -> None:
    """A bad file keeps what is shown and answers 500; a good one is shown in the next scrape."""
    path = write_config(tmp_path, documented.url)
    with exporter(f"--config.file={path}", "--web.enable-lifecycle") as running:
        address = address_of(running)
        wait_for(lambda: one(scrape(address), "ringostat_up") == 1, 10, "up")
        path.write_text(path.read_text() + "nonsense: 1\n")
        running.send(signal.SIGHUP)
        good = "ringostat_exporter_config_last_reload_successful"
        wait_for(lambda: one(scrape(address), good) == 0, 5, "a failed reload")
        assert one(scrape(address), SECONDS, project="Sales", employee="TEST CY", status="online")
        assert get(address, "/-/reload", "POST")[0] == 500
        write_config(tmp_path, documented.url, name="Verkauf")
        assert get(address, "/-/reload", "PUT")[0] == 200
        found = scrape(address)
        assert one(found, good) == 1
        assert one(found, SECONDS, project="Verkauf", employee="TEST CY", status="online") == 5515
        assert not select(found, SECONDS, project="Sales")
        write_config(tmp_path, documented.url, id="5", name="Other")
        running.send(signal.SIGHUP)
        wait_for(
            lambda: one(scrape(address), SECONDS, project="Other", status="online"), 5, "Other"
        )
        assert not select(scrape(address), "ringostat_up", project="Verkauf")
        assert running.stop() == 0


def test_any_number_of_odd_requests_adds_no_series() -> None:
    """Random methods and paths: nothing of a request becomes a label."""
    dice = random.Random(2)
    with exporter("--demo") as running:
        address = address_of(running)
        wait_for(lambda: get(address, "/-/ready")[0] == 200, 15, "ready")

        def own() -> int:
            names = ("ringostat_exporter_", "ringostat_api_", "process_", "python_")
            return sum(name.startswith(names) for name, _ in scrape(address))

        before = own()
        connection = http.client.HTTPConnection(address, timeout=10)
        statuses = set()
        for _ in range(soaking(100_000, 2_000)):
            method = dice.choice(["GET", "PUT", "PATCH", "OPTIONS", "TRACE", "DELETE", "PROPFIND"])
            path = "/" + "".join(dice.choices("abcmetrics/.-%25_~?=&", k=dice.randrange(20)))
            connection.request(method, path)
            answered = connection.getresponse()
            answered.read()
            statuses.add(answered.status)
        connection.close()
        assert statuses <= {200, 400, 404, 405}
        assert own() == before


def test_a_body_that_nobody_asked_for_is_405_however_large() -> None:
    """The next request is answered as usual."""
    with exporter("--demo") as running:
        address = address_of(running)
        connection = http.client.HTTPConnection(address, timeout=10)
        for size in (0, 10, 100_000, 10_000_000):
            connection.request("POST", "/metrics", body=b"x" * size)
            answered = connection.getresponse()
            answered.read()
            assert answered.status == 405, size
            connection.request("GET", "/-/healthy")
            answered = connection.getresponse()
            assert (answered.status, answered.read()) == (200, b"healthy\n")
        connection.close()

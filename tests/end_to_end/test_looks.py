"""What people look at, over real programs: panels, the status page in a browser, alerts."""

import json
import re
import subprocess
import time
import zlib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.test_prometheus import Prometheus, prometheus
from tests.support.chromium import FLAGS
from tests.support.history import load
from tests.support.processes import address_of, exporter, get, need, process, simulate, wait_for

BOARDS = sorted((Path(__file__).parent.parent.parent / "grafana" / "dashboards").glob("*.json"))
# What need not be there at every moment of the demo's first half day: a status of some group, a
# person in trouble, a yesterday.
SOMETIMES = {"People by status", "Today", "Hours per day", "Came"}
RARELY = {"Needs a look", "Not come"}
LATER = {("Departments", "G"), ("Occupancy today and yesterday", "B")}
VARIABLES = {
    "job": ".+",
    "instance": ".+",
    "project": ".+",
    "employee": ".+",
    "department": ".+",
    "window": "today",
    "__rate_interval": "5m",
}


def filled(text: str) -> str:
    return re.sub(r"\$(\w+)", lambda match: VARIABLES[match[1]], text)


def has_data(server: Prometheus, target: dict[str, Any], now: float) -> bool:
    expression = filled(target["expr"])
    if target.get("instant"):
        found = server.ask("query", query=expression, time=str(now))["result"]
        return any(one["value"][1] != "NaN" for one in found)
    found = server.ask(
        "query_range", query=expression, start=str(now - 6 * 3600), end=str(now), step="300"
    )["result"]
    return any(value != "NaN" for one in found for _, value in one["values"])


def panels_of(board: dict[str, Any]) -> list[dict[str, Any]]:
    """Also those of folded rows."""
    return [one for row in board["panels"] for one in (row, *(row.get("panels") or []))]


def variable_values(server: Prometheus, query: str) -> list[str]:
    match = re.fullmatch(r"label_values\((.*), (\w+)\)", query)
    assert match is not None, query
    path = f"label/{match[2]}/values"
    found: list[str] = server.ask(path, **{"match[]": filled(match[1])})
    return found


def test_every_query_of_every_panel_and_variable_returns_data(tmp_path: Path) -> None:
    """Over 6 of 13 simulated hours in a real Prometheus; within 13 some shift always begins."""
    now = time.time()  # noqa: TID251 - blocks must be of Prometheus's present
    (tmp_path / "run").mkdir()
    load(tmp_path / "run" / "data", now - 13 * 3600, now + 120, "127.0.0.1:10105")
    empty = []
    with prometheus(tmp_path / "run", "127.0.0.1:1", "1h") as server:
        for path in BOARDS:
            board = json.loads(path.read_text("utf-8"))
            for variable in board["templating"]["list"]:
                if variable["type"] == "query":
                    query = variable["query"]
                    text = query if isinstance(query, str) else query["query"]
                    assert variable_values(server, text), text
            for panel in panels_of(board):
                answered = [
                    has_data(server, target, now)
                    for target in panel.get("targets", [])
                    if (panel["title"], target["refId"]) not in LATER
                ]
                # Those that may be empty are asked as well: `ask` fails where a query is none.
                enough = any(answered) if panel["title"] in SOMETIMES else all(answered)
                if not enough and panel["title"] not in RARELY:
                    empty.append(panel["title"])
    assert not empty


def first_pixel(png: bytes) -> tuple[int, ...]:
    """The colour of a PNG's first pixel: in the first row no filter changes it."""
    assert png.startswith(b"\x89PNG")
    channels = {2: 3, 6: 4}[png[25]]
    data, position = b"", 8
    while position < len(png):
        size = int.from_bytes(png[position : position + 4], "big")
        if png[position + 4 : position + 8] == b"IDAT":
            data += png[position + 8 : position + 8 + size]
        position += 12 + size
    return tuple(zlib.decompress(data)[1 : 1 + channels][:3])


def browse(folder: Path, url: str, width: int, *more: str) -> bytes:
    """What headless Chromium prints; a screenshot is in `folder`/page.png."""
    done = subprocess.run(
        [
            need("chromium"),
            *FLAGS,
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},900",
            *more,
            url,
        ],
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout


@pytest.mark.parametrize("width", [1400, 400])
def test_the_status_page_in_a_browser(tmp_path: Path, width: int) -> None:
    """Three projects of which one fails, in light and dark; nothing is wider than the window."""
    with simulate("--fault=401", "--fault.project=39071") as api:
        projects = "".join(
            f"  - {{id: {number}, name: {name}, auth_key: demo-key, interval: 1s}}\n"
            for number, name in (
                (68861, "Sales"),
                (39071, "<b>Support & Co</b>"),
                (52417, "Night"),
            )
        )
        path = tmp_path / "config.yaml"
        path.write_text(f"api: {{base_url: 'http://{address_of(api)}'}}\nprojects:\n{projects}")
        with exporter(f"--config.file={path}") as running:
            address = address_of(running)
            wait_for(lambda: get(address, "/-/ready")[0] == 200, 10, "ready")
            colours = {}
            for scheme, number in (("dark", 0), ("light", 1)):
                browse(
                    tmp_path,
                    f"http://{address}/",
                    width,
                    f"--blink-settings=preferredColorScheme={number}",
                    f"--screenshot={tmp_path}/{scheme}.png",
                )
                colours[scheme] = first_pixel((tmp_path / f"{scheme}.png").read_bytes())
            assert colours == {"dark": (0x11, 0x12, 0x17), "light": (0xF6, 0xF7, 0xF9)}
            page = get(address, "/")[2].decode()
            assert "<b>Support" not in page
            assert "&lt;b&gt;Support &amp; Co&lt;/b&gt;" in page
            assert page.count('class="up"') == 2
            assert "Check auth_key" in page
            assert "<script" not in page
            assert not re.search(r'(?:src|href)="(?!/|data:image/svg)', page)
            # A frame of the tested width tells whether its content is wider.
            frame = tmp_path / "frame.html"
            measured = page.replace(
                "</body>",
                "<script>document.title = 'overflow ' + (document.documentElement.scrollWidth"
                " > innerWidth)</script></body>",
            )
            frame.write_text(measured, "utf-8")
            dumped = browse(tmp_path, frame.as_uri(), width, "--dump-dom").decode()
            assert "<title>overflow false</title>" in dumped


def alerts(address: str) -> dict[tuple[str, str], str]:
    """(alert, project) -> state, as Alertmanager has it."""
    found = json.loads(get(address, "/api/v2/alerts")[2])
    return {
        (one["labels"]["alertname"], one["labels"].get("project", "")): one["status"]["state"]
        for one in found
    }


def test_a_dead_ringostat_reaches_alertmanager_and_silences_the_peoples_alerts(
    tmp_path: Path,
) -> None:
    """With the shipped rules and routes; only their waiting times are cut for the test."""
    root = Path(__file__).parent.parent.parent
    manager = need("prometheus-alertmanager")
    settings = (root / "prometheus" / "alertmanager.yml").read_text()
    (tmp_path / "alertmanager.yml").write_text(
        settings.replace("group_wait: 30s", "group_wait: 1s")
    )

    def impatient(rules: Path) -> None:
        for path in rules.glob("*.yaml"):
            text = re.sub(r"for: \w+", "for: 1s", path.read_text())
            # The bot of Sales is always online, so this one always fires with these limits.
            text = text.replace(">= 3)", ">= 1)").replace("< 0.34", "< 2")
            # At any hour of any day.
            text = text.replace(">= 9 < 18", ">= 0 < 25").replace("> 0 < 6", ">= 0 < 7")
            path.write_text(text)

    path, folder = tmp_path / "config.yaml", tmp_path / "p"
    folder.mkdir()
    people, down = ("RingostatTeamUnavailable", "Sales"), ("RingostatProjectDown", "Sales")
    with ExitStack() as stack:
        alerting = stack.enter_context(
            process(
                [
                    manager,
                    f"--config.file={tmp_path}/alertmanager.yml",
                    f"--storage.path={tmp_path}/a",
                    "--web.listen-address=127.0.0.1:0",
                    "--cluster.listen-address=",
                ]
            )
        )
        alertmanager = alerting.line(r'msg="Listening on" address=(\S+)')[1]
        api = stack.enter_context(simulate())
        upstream = address_of(api)
        # Its own zone: a suspect one would silence the people's alerts as well.
        path.write_text(
            f"api: {{base_url: 'http://{upstream}'}}\nprojects:\n"
            "  - {id: 68861, name: Sales, auth_key: demo-key, interval: 1s,\n"
            "     timezone: Europe/Kyiv}\n"
        )
        target = address_of(stack.enter_context(exporter(f"--config.file={path}")))
        stack.enter_context(prometheus(folder, target, alertmanager=alertmanager, edit=impatient))
        wait_for(lambda: alerts(alertmanager).get(people) == "active", 30, "a team alert")
        assert down not in alerts(alertmanager)
        api.popen.kill()
        wait_for(lambda: alerts(alertmanager).get(down) == "active", 40, "ProjectDown")
        (told,) = json.loads(get(alertmanager, "/api/v2/alerts?filter=reason!=%22%22")[2])
        assert told["labels"]["reason"] == "connect"
        assert (
            told["annotations"]["runbook_url"] == f"http://{target}/runbook#ringostatprojectdown"
        )
        assert told["annotations"]["dashboard_url"].endswith("&var-project=Sales")
        wait_for(lambda: alerts(alertmanager).get(people) != "active", 20, "silence")
        stack.enter_context(simulate(f"--web.listen-address={upstream}"))
        wait_for(lambda: down not in alerts(alertmanager), 60, "ProjectDown resolved")
        wait_for(lambda: alerts(alertmanager).get(people) == "active", 40, "people again")

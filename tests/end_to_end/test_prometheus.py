"""A real Prometheus scrapes the program: no error, nothing promtool minds, stale series go."""

import json
import os
import shutil
import subprocess
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.support.documented import serving_documents, write_config
from tests.support.processes import Process, address_of, exporter, get, need, process, wait_for

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def prometheus(
    folder: Path,
    target: str,
    interval: str = "1s",
    alertmanager: str = "127.0.0.1:1",
    edit: Callable[[Path], None] = lambda _rules: None,
    more: tuple[str, ...] = (),
    scrape: Mapping[str, object] | None = None,
) -> Iterator["Prometheus"]:
    """The repository's own prometheus.yml, with another target and pace."""
    program = need("prometheus")
    settings = yaml.safe_load((ROOT / "prometheus" / "prometheus.yml").read_text())
    settings["global"] = {"scrape_interval": interval, "evaluation_interval": interval}
    settings["scrape_configs"][0]["static_configs"][0]["targets"] = [target]
    settings["scrape_configs"][0] |= scrape or {}
    settings["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [alertmanager]
    shutil.copytree(ROOT / "prometheus" / "rules", folder / "rules")
    edit(folder / "rules")
    (folder / "prometheus.yml").write_text(yaml.safe_dump(settings))
    with process(
        [
            program,
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/data",
            "--web.listen-address=127.0.0.1:0",
            *more,
        ]
    ) as running:
        yield Prometheus(running)


class Prometheus:
    def __init__(self, running: Process) -> None:
        line = running.line(r'msg="Listening on" address=(\S+)')
        self.address = line[1]
        wait_for(lambda: get(self.address, "/-/ready")[0] == 200, 15, "Prometheus ready")

    def ask(self, path: str, **parameters: str) -> Any:
        query = urllib.parse.urlencode(parameters)
        status, _, body = get(self.address, f"/api/v1/{path}?{query}")
        assert status == 200, body
        return json.loads(body)["data"]

    def query(self, expression: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("query", query=expression)["result"]
        return found


def test_prometheus_scrapes_the_demo_for_a_minute_without_an_error(tmp_path: Path) -> None:
    """A real Prometheus has no scrape error, and the series and types that we mean."""
    seconds = 60 if os.environ.get("REQUIRE_REAL") else 10
    with exporter("--demo") as running, prometheus(tmp_path, address_of(running)) as server:
        started = time.perf_counter()
        wait_for(lambda: server.query("ringostat_up == 1"), 15, "data")
        while time.perf_counter() - started < seconds:
            target = server.ask("targets")["activeTargets"][0]
            assert target["health"] in ("up", "unknown")
            assert target["lastError"] == ""
            time.sleep(1)
        assert (
            server.query(f'min_over_time(up{{job="ringostat"}}[{seconds - 5}s])')[0]["value"][1]
            == "1"
        )
        people = server.query('count(ringostat_employee_status_seconds{window="today"})')
        assert int(people[0]["value"][1]) > 75
        kinds = server.ask("metadata")
        # These names are OpenMetrics': it is what Prometheus asks for first.
        assert kinds["ringostat_project"][0]["type"] == "info"
        assert kinds["ringostat_poll_errors"][0]["type"] == "counter"
        assert server.query("sum(increase(ringostat_api_requests_total[30s]))")
        rules = server.ask("rules")["groups"]
        assert all(
            rule["health"] in ("ok", "unknown") for group in rules for rule in group["rules"]
        )


def test_promtool_has_nothing_to_say_of_the_metrics() -> None:
    """`promtool check metrics` passes without a word."""
    program = need("promtool")
    with exporter("--demo") as running:
        address = address_of(running)
        wait_for(lambda: b"ringostat_employee_status_seconds{" in get(address)[2], 15, "data")
        checked = subprocess.run(
            [program, "check", "metrics"], input=get(address)[2], capture_output=True, check=False
        )
        assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def test_an_employee_who_left_the_report_goes_stale_in_the_tsdb(tmp_path: Path) -> None:
    """The series ends at the next scrape, not five minutes later; the others go on."""
    folder = tmp_path / "prometheus"
    folder.mkdir()
    query = 'ringostat_employee_status_seconds{employee="TEST CY", status="online"}'
    with serving_documents() as documented:
        path = write_config(tmp_path, documented.url)
        with (
            exporter(f"--config.file={path}") as running,
            prometheus(folder, address_of(running)) as server,
        ):
            wait_for(lambda: server.query(query), 15, "TEST CY")
            assert server.query(query)[0]["value"][1] == "5515"
            lines = documented.report.splitlines(keepends=True)
            documented.report = b"".join(line for line in lines if b"TEST CY" not in line)
            wait_for(lambda: not server.query(query), 15, "stale at once, not after five minutes")
            assert server.query(query.replace("TEST CY", "Sergiy Test"))

"""The queries of docs/closed-days.md, in a real Prometheus, against the simulated timeline."""

import csv
import io
import re
import subprocess
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from exporter.simulator.centre import Centre
from tests.end_to_end.test_history import write_config
from tests.end_to_end.test_prometheus import prometheus
from tests.end_to_end.test_timesheet_command import Totals, expected, without_zeros
from tests.support.processes import ROOT, address_of, exporter, need, simulate, wait_for

PAGE = (ROOT / "docs" / "closed-days.md").read_text("utf-8")
NUMBERS = {"Sales": 68861, "Support": 39071, "Night": 52417}


def blocks(kind: str) -> list[str]:
    found = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found


def yesterdays() -> dict[int, date]:
    """Each desk's own."""
    return {
        number: datetime.now(desk.zone).date() - timedelta(days=1)  # noqa: TID251
        for number, desk in Centre().desks.items()
    }


def of_yesterday() -> Totals:
    """Seconds of every desk's yesterday, from the timeline."""
    return {
        key: row
        for number, day in yesterdays().items()
        for key, row in without_zeros(expected(day, day)).items()
        if key[0] == number
    }


def test_queries_and_curl_give_yesterday_to_the_second(tmp_path: Path) -> None:
    """Hours present, when somebody came at the latest, and every status as CSV."""
    need("curl")
    need("jq")
    before = yesterdays()
    with simulate() as api:
        path = write_config(tmp_path, address_of(api))
        text = path.read_text().replace(
            "projects:", "defaults: {windows: [today, yesterday]}\nprojects:"
        )
        path.write_text(text)
        with (
            exporter(f"--config.file={path}") as running,
            prometheus(tmp_path, address_of(running)) as server,
        ):
            everybody = 'ringostat_report_employees{window="yesterday"}'
            wait_for(lambda: len(server.query(everybody)) == 3, 30, "everybody's yesterday")
            present, whole, arrived, _ = (server.query(query) for query in blocks("promql"))
            lines = curl(blocks("sh")[0], server.address)
    if yesterdays() != before:
        pytest.skip("a midnight passed")
    totals = of_yesterday()
    hours = {
        (NUMBERS[one["metric"]["project"]], one["metric"]["employee"]): float(one["value"][1])
        for one in present
    }
    assert len(whole) == len(present) == len({key[:2] for key in totals})
    for key, row in totals.items():
        there = sum(row.values()) - row.get("offline", 0)
        assert round(hours[key[:2]] * 3600) == there
    assert len(arrived) == len(present)
    found: Totals = {}
    for project, employee, status, seconds in csv.reader(io.StringIO(lines)):
        number = NUMBERS[project]
        key = (number, employee, str(before[number]))
        found.setdefault(key, {})[status] = int(seconds)
    assert without_zeros(found) == totals


def curl(line: str, address: str) -> str:
    """What the page's line prints, asked of the test's Prometheus for the present moment."""
    here = line.replace("127.0.0.1:9090", address)
    now = re.sub(r"  --data-urlencode 'time=\S+'", "  --data-urlencode 'timeout=9s'", here)
    assert now != here != line
    done = subprocess.run(["bash", "-c", now], capture_output=True, check=True, timeout=30)
    return done.stdout.decode()

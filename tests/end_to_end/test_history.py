"""Past days brought into a real Prometheus, and the commands that ask once.

One file over 250 lines: the commands share its upstream of thirty days.
"""

import csv
import io
import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from exporter.simulator.centre import Centre
from tests.end_to_end.test_prometheus import prometheus
from tests.support.exporting import samples
from tests.support.processes import (
    ROOT,
    address_of,
    coverage_environment,
    exporter,
    need,
    simulate,
    wait_for,
)

# 30 days with the change of clocks in New York (8 March) and Kyiv (29 March).
FIRST, DAYS = date(2026, 3, 3), 30
PROJECTS = "".join(
    f"  - {{id: {number}, name: {name}, auth_key: demo-key, timezone: {zone}, interval: 1s}}\n"
    for number, name, zone in (
        (68861, "Sales", "Europe/Kyiv"),
        (39071, "Support", "Asia/Tokyo"),
        (52417, "Night", "America/New_York"),
    )
)


def write_config(folder: Path, upstream: str, rate: float = 500) -> Path:
    path = folder / "config.yaml"
    path.write_text(
        f"api: {{base_url: 'http://{upstream}', requests_per_second: {rate}}}\n"
        f"projects:\n{PROJECTS}"
    )
    return path


def command(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "exporter", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=200,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "C",
            **coverage_environment(),
        },
    )


def backfill(path: Path, output: Path, *more: str, days: int = DAYS) -> list[str]:
    return [
        "backfill",
        f"--config.file={path}",
        f"--from={FIRST}",
        f"--to={FIRST + timedelta(days=days - 1)}",
        f"--output={output}",
        *more,
    ]


def whole_day(centre: Centre, project: int, day: date) -> dict[tuple[str, str], int]:
    """Seconds by (employee, status) of a day, summed from the timeline."""
    desk = centre.desks[project]
    found: Counter[tuple[str, str]] = Counter()
    for index, person in enumerate(desk.people):
        for segment in centre.day(desk, index, day):
            found[person.name, segment.status] += segment.end - segment.start
    return {key: seconds for key, seconds in found.items() if seconds}


def test_thirty_days_are_the_timelines_and_live_scrapes_continue_them(tmp_path: Path) -> None:
    """Backfilled days hold the simulated centre's own seconds, in the series of live scrapes."""
    centre = Centre()
    with simulate() as api:
        path = write_config(tmp_path, address_of(api))
        with exporter(f"--config.file={path}") as running:
            target = address_of(running)
            done = command(*backfill(path, tmp_path / "bf", f"--label=instance={target}"))
            assert done.returncode == 0, done.stderr
            assert len(list((tmp_path / "bf").glob("*/*.om"))) == 3 * DAYS
            need("promtool")
            folder = tmp_path / "p"
            folder.mkdir()
            load = [
                str(ROOT / "deploy" / "load-history.sh"),
                str(tmp_path / "bf"),
                str(folder / "data"),
            ]
            subprocess.run(load, check=True, capture_output=True)
            with prometheus(folder, target, more=("--storage.tsdb.retention.time=50y",)) as server:
                for project, desk in centre.desks.items():
                    for number in range(DAYS):
                        day = FIRST + timedelta(days=number)
                        midnight = datetime.combine(
                            day + timedelta(days=1), datetime.min.time(), desk.zone
                        )
                        query = (
                            'ringostat_employee_status_seconds{window="today"}'
                            " * on (project) group_left () "
                            f'(ringostat_report_employees{{project="{_name(project)}"}} * 0 + 1)'
                        )
                        found = server.ask(
                            "query", query=query, time=str(midnight.timestamp() - 1)
                        )["result"]
                        values = {
                            (one["metric"]["employee"], one["metric"]["status"]): int(
                                one["value"][1]
                            )
                            for one in found
                        }
                        expected = whole_day(centre, project, day)
                        assert {k: v for k, v in values.items() if v} == expected, day
                wait_for(lambda: server.query("ringostat_up == 1"), 15, "live data")
                live = server.query(
                    'ringostat_employee_status_seconds{employee="Aiko Tanaka",status="online"}'
                )
                assert live[0]["metric"] == {
                    "__name__": "ringostat_employee_status_seconds",
                    "employee": "Aiko Tanaka",
                    "instance": target,
                    "job": "ringostat",
                    "project": "Support",
                    "status": "online",
                    "window": "today",
                }
                past = server.ask(
                    "series",
                    **{
                        "match[]": 'ringostat_employee_status_seconds{employee="Aiko Tanaka"}',
                        "start": "1772000000",
                        "end": "1776000000",
                    },
                )
                assert live[0]["metric"] in past


def _name(project: int) -> str:
    return {68861: "Sales", 39071: "Support", 52417: "Night"}[project]


def test_killing_it_at_random_and_running_it_again_gives_the_same_files(tmp_path: Path) -> None:
    """A backfill that was killed and run again has every file whole, byte for byte."""
    dice = random.Random(5)
    with simulate() as api:
        upstream = address_of(api)
        path = write_config(tmp_path, upstream)
        assert command(*backfill(path, tmp_path / "whole", days=8)).returncode == 0
        slow = tmp_path / "slow"
        slow.mkdir()
        path = write_config(slow, upstream, rate=30)
        for _ in range(4):
            process = subprocess.Popen(
                [sys.executable, "-m", "exporter", *backfill(path, tmp_path / "cut", days=8)],
                cwd=ROOT,
                stderr=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            time.sleep(dice.uniform(0.4, 0.9))
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert command(*backfill(path, tmp_path / "cut", days=8)).returncode == 0
    whole = {
        p.relative_to(tmp_path / "whole"): p.read_bytes()
        for p in (tmp_path / "whole").glob("*/*.om")
    }
    cut = {
        p.relative_to(tmp_path / "cut"): p.read_bytes() for p in (tmp_path / "cut").glob("*/*.om")
    }
    assert len(whole) == 24
    assert cut == whole


def test_days_that_fail_are_listed_and_the_rest_is_written(tmp_path: Path) -> None:
    """Each failed day is a line with its reason, and the exit code is 1."""
    with simulate("--fault=400", "--fault.project=39071") as api:
        path = write_config(tmp_path, address_of(api))
        done = command(*backfill(path, tmp_path / "bf", days=2))
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-2:] == [
        "Support 2026-03-03: HTTP 400. Check the project's id.",
        "Support 2026-03-04: HTTP 400. Check the project's id.",
    ]
    assert len(list((tmp_path / "bf").glob("*/*.om"))) == 4


def test_nothing_of_the_last_three_hours_and_one_exposition_on_stdout(tmp_path: Path) -> None:
    """A day that is not over gives nothing, and `--output=-` has one head a family."""
    with simulate() as api:
        path = write_config(tmp_path, address_of(api))
        # The desk that is ahead: its day is not over anywhere.
        today = datetime.now(Centre().desks[39071].zone).date()  # noqa: TID251
        done = command(
            "backfill", f"--config.file={path}", f"--from={today}", f"--to={today}", "--output=-"
        )
        assert (done.returncode, done.stdout) == (0, b"# EOF\n")
        done = command(*backfill(path, Path("-"), "--project=Sales", days=3))
    lines = done.stdout.decode().splitlines()
    assert lines[-1] == "# EOF"
    heads = [line for line in lines if line.startswith("# TYPE")]
    assert len(heads) == len(set(heads)) == 9
    for line in lines:
        assert line.startswith("#") or "." not in line.rsplit(" ", 1)[1]


def test_once_in_its_four_formats(tmp_path: Path) -> None:
    """The formats agree, and a project that fails costs exit code 1, not the others' output."""
    with simulate("--fault=400", "--fault.project=39071") as api:
        path = write_config(tmp_path, address_of(api))
        done = {
            form: command("once", f"--config.file={path}", f"--format={form}")
            for form in ("prometheus", "table", "json", "csv")
        }
    for one in done.values():
        assert one.returncode == 1
        assert b"Support: today: HTTP 400" in one.stderr
    checked = subprocess.run(
        [need("promtool"), "check", "metrics"], input=done["prometheus"].stdout, check=False
    )
    assert checked.returncode == 0
    values = samples(done["prometheus"].stdout)
    text = done["json"].stdout.decode()
    assert "Олена Шевченко" in text
    found = {one["project"]: one for one in json.loads(text)}
    assert found["Support"]["up"] is False
    assert len(found["Sales"]["windows"][0]["employees"]) == 13
    rows = list(csv.DictReader(io.StringIO(done["csv"].stdout.decode())))
    assert {row["project"] for row in rows} == {"Sales", "Night"}
    assert len(rows) == sum(1 for name, _ in values if name == "ringostat_employee_status_seconds")
    table = done["table"].stdout.decode()
    assert "\x1b" not in table
    assert "Sales, today" in table
    assert any(line.startswith("total") for line in table.splitlines())


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({}, 0, ["today: 13 employees.", "1 name comes more than once"]),
        ({"zone": True}, 0, ["does not look like Europe/Kyiv"]),
        ({"key": True}, 1, ["HTTP 401. Check auth_key"]),
    ],
)
def test_check_live_says_it_in_words(
    tmp_path: Path, change: dict[str, bool], code: int, words: list[str]
) -> None:
    """A wrong zone and a wrong key are explained, with their exit codes, and no key is printed."""
    with simulate() as api:
        path = write_config(tmp_path, address_of(api))
        text = path.read_text()
        if "zone" in change:
            text = text.replace("Asia/Tokyo", "Europe/Kyiv")
        if "key" in change:
            text = text.replace("demo-key", "KEY-canary")
        path.write_text(text)
        done = command("check", "--live", f"--config.file={path}")
    assert done.returncode == code, done.stdout
    for word in words:
        assert word in done.stdout.decode()
    assert b"canary" not in done.stdout + done.stderr


def test_capture_keeps_the_reply_and_no_name(tmp_path: Path) -> None:
    """The reply's structure stays, and people of one name stay people of one name."""
    with simulate() as api:
        path = write_config(tmp_path, address_of(api))
        done = command("capture", f"--config.file={path}", "--project=Support")
    text = done.stdout.decode()
    assert done.returncode == 0
    reply = json.loads(text)
    assert reply["result"][0]["employee"] == "Employee 1"
    # Two people of one name stay two of one name.
    names = [row["employee"] for row in reply["result"]]
    assert len(names) == 10
    assert len(set(names)) == 9
    for person in Centre().desks[39071].people:
        assert person.name not in text

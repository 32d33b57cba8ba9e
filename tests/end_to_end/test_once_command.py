"""`once` for other projects, windows and days than the configuration asks for."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from tests.end_to_end.test_history import command
from tests.end_to_end.test_timesheet_command import Totals, config, expected, without_zeros


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_once_asks_for_one_day_under_its_date(tmp_path: Path, form: str) -> None:
    """Of the projects that are named, and only of these."""
    day = date(2026, 3, 29)
    with config(tmp_path) as path:
        done = command(
            *("once", f"--config.file={path}", f"--date={day}", "--project=Night"),
            f"--format={form}",
        )
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode()
    if form == "table":
        assert text.startswith(f"Night, {day} ({day})\n")
        return
    found: Totals = {}
    if form == "csv":
        for row in csv.DictReader(io.StringIO(text)):
            assert (row["window"], row["from"], row["to"]) == (str(day),) * 3
            key = (52417, row["employee"], str(day))
            found.setdefault(key, {})[row["status"]] = int(row["seconds"])
    else:
        (project,) = json.loads(text)
        (window,) = project["windows"]
        assert window["window"] == str(day)
        found = {(52417, name, str(day)): row for name, row in window["employees"].items()}
    own = {key: row for key, row in expected(day, day).items() if key[0] == 52417}
    assert without_zeros(found) == without_zeros(own)


def test_once_asks_for_other_windows_than_the_configured(tmp_path: Path) -> None:
    """Each once, also in Prometheus's format."""
    with config(tmp_path) as path:
        done = command(
            *("once", f"--config.file={path}", "--project=Night", "--format=prometheus"),
            *("--window=yesterday", "--window=last_2_days", "--window=yesterday"),
        )
    assert done.returncode == 0, done.stderr
    windows = [line for line in done.stdout.splitlines() if b"ringostat_report_employees{" in line]
    assert len(windows) == 2
    assert b'window="today"' not in done.stdout

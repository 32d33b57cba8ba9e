"""`timesheet` against the simulated centre's own timelines.

One file over 250 lines: every format is compared with the same timelines.
"""

import csv
import io
import json
import os
import stat
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from exporter.simulator.centre import Centre
from tests.end_to_end.test_history import command
from tests.support.processes import ROOT, address_of, need, simulate

# Clocks change in New York on the 8th and in Kyiv on the 29th.
FIRST, LAST = date(2026, 3, 6), date(2026, 3, 30)
SIXTY_DAYS = date(2026, 3, 1), date(2026, 4, 29)
NAMES = {68861: "Sales/EU", 39071: "Support", 52417: "Night"}
FIXED = {"project_id", "project", "employee", "date", "present", "arrived_at_the_latest"}
Totals = dict[tuple[int, str, str], dict[str, int]]


@contextmanager
def config(folder: Path, *faults: str, more: str = "") -> Iterator[Path]:
    """A configuration of the three desks, each in its zone."""
    with simulate(*faults) as api:
        path = folder / "config.yaml"
        projects = "".join(
            f"  - {{id: {number}, name: {NAMES[number]}, auth_key: demo-key, "
            f"timezone: {desk.zone}}}\n"
            for number, desk in Centre().desks.items()
        )
        address = f"{{base_url: 'http://{address_of(api)}', requests_per_second: 500}}"
        path.write_text(f"api: {address}\n{more}projects:\n{projects}")
        yield path


def timesheet(path: Path, *more: str, days: tuple[date, date] = (FIRST, LAST)) -> Any:
    first, last = days
    return command("timesheet", f"--config.file={path}", f"--from={first}", f"--to={last}", *more)


def expected(first: date = FIRST, last: date = LAST) -> Totals:
    """Project, employee and day -> seconds by status, from the timeline."""
    centre, totals = Centre(), dict[tuple[int, str, str], dict[str, int]]()
    late = int(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
    for number, desk in centre.desks.items():
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            of_day: dict[str, Counter[str]] = {}
            for index, person in enumerate(desk.people):
                told = centre.totals(desk, index, day, day, late)
                of_day.setdefault(person.name, Counter()).update(told)
            totals |= {(number, name, str(day)): dict(own) for name, own in of_day.items()}
    return totals


def seconds_of(row: dict[str, Any], fixed: set[str] = FIXED) -> dict[str, int]:
    """What a wide row says of statuses, without zeros."""
    return {key: int(text) for key, text in row.items() if key not in fixed and int(text or 0)}


def without_zeros(totals: Totals) -> Totals:
    return {key: {s: n for s, n in row.items() if n} for key, row in totals.items()}


def summed(totals: Totals) -> dict[tuple[int, str], Counter[str]]:
    """The same by person."""
    people: dict[tuple[int, str], Counter[str]] = {}
    for (number, name, _), row in totals.items():
        people.setdefault((number, name), Counter()).update(row)
    return people


def compare_arrivals(rows: list[dict[str, Any]]) -> tuple[int, int]:
    """Of how many days the latest arrival is the true one, and of how many a bound.

    It is never before the true one, and it is that for who was not offline after it.
    """
    centre, exact, bounds = Centre(), 0, 0
    for row in rows:
        desk, day = centre.desks[int(row["project_id"])], date.fromisoformat(row["date"])
        own = [index for index, one in enumerate(desk.people) if one.name == row["employee"]]
        if len(own) > 1:
            assert not row["arrived_at_the_latest"]
            continue
        arrived, spans = centre.arrival(desk, own[0], day), centre.day(desk, own[0], day)
        if arrived is None:
            assert not row["arrived_at_the_latest"]
            continue
        clock = time.fromisoformat(row["arrived_at_the_latest"])
        true = datetime.fromtimestamp(arrived, desk.zone).time()
        stayed = all(span.status != "offline" for span in spans if span.start >= arrived)
        assert clock == true if stayed else clock >= true, row
        exact, bounds = exact + stayed, bounds + (not stayed)
    return exact, bounds


def test_csv_is_the_timeline_to_the_second_on_days_of_23_24_and_25_hours(tmp_path: Path) -> None:
    """Every person and day is there; present and arrival follow; nothing else is on stdout."""
    with config(tmp_path) as path:
        done = timesheet(path, days=SIXTY_DAYS)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    found = {(int(r["project_id"]), r["employee"], r["date"]): seconds_of(r) for r in rows}
    assert len(found) == len(rows)
    assert found == without_zeros(expected(*SIXTY_DAYS))
    for row in rows:
        own = seconds_of(row)
        assert int(row["present"]) == sum(own.values()) - own.get("offline", 0)
    bot = {r["date"]: r for r in rows if r["employee"] == "AI IVR Test"}
    assert bot["2026-03-29"]["present"] == str(23 * 3600 - 21)
    assert bot["2026-03-29"]["arrived_at_the_latest"] == "00:00:21"
    assert done.stderr.decode().splitlines()[-1] == (
        f"180 days of 3 projects written to stdout, {len(rows)} days of people"
    )
    exact, bounds = compare_arrivals(rows)
    # Most people go offline after work, so the bound is late; who works through midnight, or is a
    # bot, does not.
    assert exact > 60
    assert bounds > exact


def test_long_json_and_wide_csv_say_the_same(tmp_path: Path) -> None:
    """In seconds, whatever the format and the layout."""
    days = (date(2026, 3, 28), date(2026, 3, 29))
    with config(tmp_path) as path:
        wide, long = (
            json.loads(timesheet(path, "--format=json", layout, days=days).stdout)
            for layout in ("--layout=wide", "--layout=long")
        )
    found: Totals = {}
    for row in long["rows"]:
        key = (row["project_id"], row["employee"], row["date"])
        found.setdefault(key, {})[row["status"]] = row["seconds"]
    assert without_zeros(found) == without_zeros(expected(*days))
    assert wide["totals"] == long["totals"]
    assert (wide["from"], wide["to"], wide["missing"]) == ("2026-03-28", "2026-03-29", [])


def test_a_workbook_has_the_timeline_and_its_totals(tmp_path: Path) -> None:
    """Read back by another library: numbers by person and day, and by person."""
    target = tmp_path / "new" / "march.xlsx"
    with config(tmp_path) as path:
        done = timesheet(path, f"--output={target}")
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [item.name for item in target.parent.iterdir()] == ["march.xlsx"]
    with closing(openpyxl.load_workbook(target)) as book:
        assert book.sheetnames == ["Sales_EU", "Support", "Night", "Totals"]
        found: Totals = {}
        for page in book.worksheets[:3]:
            for row in records(page.iter_rows(values_only=True)):
                key = (row["project_id"], row["employee"], str(row["date"].date()))
                found[key] = seconds_of(row)
        assert found == without_zeros(expected())
        of_people = records(book["Totals"].iter_rows(values_only=True))
    assert totals_of(of_people) == summed(without_zeros(expected()))
    assert {row["days"] for row in of_people} == {25}


def records(rows: Iterator[tuple[Any, ...]]) -> list[dict[str, Any]]:
    head = next(rows)
    return [dict(zip(head, row, strict=True)) for row in rows]


def totals_of(rows: list[dict[str, Any]]) -> dict[tuple[int, str], Counter[str]]:
    return {
        (int(row["project_id"]), row["employee"]): Counter(seconds_of(row, FIXED | {"days"}))
        for row in rows
    }


def test_libreoffice_reads_the_same_totals(tmp_path: Path) -> None:
    """A spreadsheet of people's own opens the workbook, and has the same numbers."""
    soffice = need("soffice")
    target = tmp_path / "march.xlsx"
    with config(tmp_path) as path:
        assert timesheet(path, "--format=xlsx", f"--output={target}").returncode == 0
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [soffice, "--headless", profile, "--convert-to", every_sheet, "--outdir"]
    subprocess.run([*convert, str(tmp_path), str(target)], check=True, capture_output=True)
    with (tmp_path / "march-Totals.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert totals_of(rows) == summed(without_zeros(expected()))


def test_departments_and_ids_are_there_where_staff_is_configured(tmp_path: Path) -> None:
    """As they are today, and stderr says so."""
    days = (FIRST, FIRST)
    with config(tmp_path, more="defaults: {staff: true}\n") as path:
        done = timesheet(path, "--project=Sales/EU", days=days)
        filled = command(
            *("backfill", f"--config.file={path}", f"--from={FIRST}", f"--to={FIRST}"),
            *("--output=-", "--project=68861"),
        )
    rows = {row["employee"]: row for row in csv.DictReader(io.StringIO(done.stdout.decode()))}
    assert rows["Oksana Tkachenko"]["departments"] == "Sales 1; Sales 2"
    assert rows["Людмила Гончар"]["departments"] == ""
    assert rows["Oksana Tkachenko"]["employee_id"].isdecimal()
    said = b"departments and employee ids are as they are today"
    assert said in done.stderr
    assert said in filled.stderr
    assert b'ringostat_employee_department_info{department="Sales 2"' in filled.stdout
    assert filled.stdout.count(b"\nringostat_employee_info{") == len(rows)


def test_days_that_fail_are_named_and_the_rest_is_written(tmp_path: Path) -> None:
    """In the file as well where it has a place for it; exit 1."""
    days = (FIRST, FIRST + timedelta(days=1))
    target = tmp_path / "sheet.json"
    with config(tmp_path, "--fault=400", "--fault.project=39071") as path:
        done = timesheet(path, "--format=json", f"--output={target}", days=days)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines()[-2:] == [
        "Support 2026-03-06: HTTP 400. Check the project's id.",
        "Support 2026-03-07: HTTP 400. Check the project's id.",
    ]
    found = json.loads(target.read_text("utf-8"))
    assert {row["project"] for row in found["rows"]} == {"Sales/EU", "Night"}
    assert [(day["project"], day["date"]) for day in found["missing"]] == [
        ("Support", "2026-03-06"),
        ("Support", "2026-03-07"),
    ]


def test_where_nothing_can_be_had_the_file_stays_as_it_was(tmp_path: Path) -> None:
    """A good sheet of yesterday is not replaced by an empty one."""
    target = tmp_path / "sheet.csv"
    target.write_text("mine")
    with config(tmp_path, "--fault=401") as path:
        done = timesheet(path, f"--output={target}")
    assert done.returncode == 1
    assert target.read_text() == "mine"
    assert b"nothing could be had" in done.stderr


def test_today_is_the_day_so_far_and_what_is_to_come_is_left_out(tmp_path: Path) -> None:
    """Relative dates are each project's own; a day that has not begun is not asked for."""
    with config(tmp_path) as path:
        done = command(
            "timesheet", f"--config.file={path}", "--from=-1", "--to=today", "--project=Support"
        )
        later = timesheet(path, "--project=Support", days=(date(2099, 1, 1), date(2099, 1, 2)))
    today = datetime.now(Centre().desks[39071].zone).date()  # noqa: TID251
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode())))
    assert {row["date"] for row in rows} <= {str(today - timedelta(days=n)) for n in range(3)}
    assert len({row["date"] for row in rows}) == 2
    assert b"1 day not over yet" in done.stderr
    assert later.returncode == 0
    assert len(later.stdout.splitlines()) == 1
    assert b"2 days left out: not begun yet" in later.stderr


def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    """One line and exit 1, for a folder in its place and a place that takes no file."""
    with config(tmp_path) as path:
        for output, words in ((tmp_path, "Is a directory"), (Path("/proc/none/x.csv"), "No such")):
            done = timesheet(path, f"--output={output}")
            assert done.returncode == 1
            (line,) = done.stderr.decode().splitlines()
            assert f"{output} cannot be written: {words}" in line


def test_a_workbook_goes_through_a_pipe_and_not_to_a_terminal(tmp_path: Path) -> None:
    """It would fill the screen with bytes: exit 2, before anything is asked."""
    with config(tmp_path) as path:
        done = timesheet(path, "--format=xlsx", days=(FIRST, FIRST))
    assert done.stdout.startswith(b"PK")
    ours, theirs = os.openpty()
    try:
        own = [f"--config.file={path}", "--from=-1", "--to=-1", "--format=xlsx"]
        refused = subprocess.run(
            [sys.executable, "-m", "exporter", "timesheet", *own],
            cwd=ROOT,
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert refused.returncode == 2
    assert b"give --output=FILE" in refused.stderr

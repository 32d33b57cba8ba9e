"""The configuration of people: what is a mistake, where it stands, and what is none."""

import json
import subprocess
import sys
from pathlib import Path

from tests.support.processes import ROOT

FAR, NEAR = "https://api.ringostat.net", "http://127.0.0.1:9"
REGEX = [{"name": "Sales", "employees": ["("]}]
# What a project has, and the key that the one line about it names.
MISTAKES: list[tuple[dict[str, object], str]] = [
    ({"staff": "perhaps"}, "staff"),
    ({"staff_interval": "59s"}, "staff_interval"),
    ({"sip_accounts": 2}, "sip_accounts"),
    ({"sip_interval": "4s"}, "sip_interval"),
    ({"departments": "Sales"}, "departments"),
    ({"departments": [{"employees": ["Ann"]}]}, "departments[0].name"),
    ({"departments": REGEX}, "departments[0].employees[0]"),
    (
        {"departments": [{"name": "Sales", "employees": ["Ann"], "people": []}]},
        "departments[0].people",
    ),
    ({"employees": {"pseudonym_key_file": "absent"}}, "employees.pseudonym_key_file"),
    ({"staf": True}, "staf"),
]
GOOD: list[dict[str, object]] = [
    {"staff": True, "staff_interval": "1m", "sip_accounts": True, "sip_interval": "5s"},
    {"departments": [{"name": "Sales 1", "employees": ["Ann .*", "Bob"]}]},
    {"departments": []},
]
FAST: list[dict[str, object]] = [
    {"staff": True, "staff_interval": "1s", "sip_accounts": True, "sip_interval": "1s"}
]


def check(folder: Path, url: str, projects: list[dict[str, object]]) -> tuple[int, list[str]]:
    """What `check` says of projects: its exit code and its lines."""
    entries = [
        {"id": number, "auth_key": "KEY-canary", "timezone": "UTC", **settings}
        for number, settings in enumerate(projects, 1)
    ]
    path = folder / "config.yaml"
    path.write_text(json.dumps({"api": {"base_url": url}, "projects": entries}, indent=1))
    done = subprocess.run(
        [sys.executable, "-m", "exporter", "check", f"--config.file={path}"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=30,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


def test_each_mistake_is_one_line_that_names_its_key(tmp_path: Path) -> None:
    """All of them in one run, in the order of the file."""
    code, lines = check(tmp_path, FAR, [settings for settings, _ in MISTAKES])
    assert code == 2
    assert len(lines) == len(MISTAKES), lines
    for number, (line, (_, key)) in enumerate(zip(lines, MISTAKES, strict=True)):
        assert f": projects[{number}].{key}: " in line


def test_what_is_allowed_at_ringostat_and_on_loopback(tmp_path: Path) -> None:
    """A minute and 5 s at Ringostat; a second on loopback and nowhere else."""
    assert check(tmp_path, FAR, GOOD)[0] == 0
    assert check(tmp_path, NEAR, FAST)[0] == 0
    code, lines = check(tmp_path, FAR, FAST)
    assert (code, len(lines)) == (2, 2)
    assert check(tmp_path, NEAR, [{"sip_interval": "900ms"}])[0] == 2


def test_check_counts_the_requests_that_people_need(tmp_path: Path) -> None:
    """Two lists every 5 s are more than 0.4 requests a second: `check` says so."""
    plain = check(tmp_path, FAR, [{}])[1]
    settings = {"staff": True, "sip_accounts": True, "sip_interval": "5s"}
    assert check(tmp_path, FAR, [settings])[1] != plain
    many = check(tmp_path, FAR, [{**settings, "name": f"p{n}"} for n in range(20)])
    assert many[0] == 0
    assert any("requests_per_second" in line for line in many[1])

"""With a pseudonym key nobody sees a name or a login, and whoever may can look somebody up."""

import base64
import hashlib
import hmac
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.exporting import SECONDS, select
from tests.support.people_api import (
    ONLINE,
    REPORT,
    SPEAKING,
    STAFF,
    Reply,
    bare,
    html,
    rpc,
    rpc_error,
)
from tests.support.people_pages import People, people_of
from tests.support.people_run import (
    PRIVATE,
    Case,
    Polled,
    live,
    person,
    poll_once,
    rows,
    write,
)
from tests.support.processes import ROOT, exporter

KEY = b"sixteen bytes ok"
SALES = {"id": 12, "name": "Sales"}
STAFF_LIST = [
    person(3, " Ann \n Лі", "demo_ann", departments=[SALES]),
    person(20, "Bob", "demo_bob"),
    person(1, "Boss Big", "demo_boss"),
]
ANSWERS: dict[str, Reply] = {
    STAFF: rpc(STAFF_LIST),
    REPORT: rpc(rows("Ann Лі", "Bob", "Boss Big", "Zed")),
    ONLINE: bare(["demo_ann", "demo_boss", "demo_door"]),
    SPEAKING: bare(["demo_door"]),
}
SETTINGS = {
    "staff": True,
    "sip_accounts": True,
    "departments": [{"name": "Desk", "employees": ["Ann .*"]}],
    "employees": {"exclude": ["Boss .*"], "pseudonym_key_file": "secret"},
}
NAMES = ("Ann", "Лі", "Bob", "Boss", "Zed", "demo_", *PRIVATE)


def pseudonym(name: str, key: bytes = KEY) -> str:
    """As the contract words it, computed apart from the exporter."""
    digest = hmac.new(key, name.encode(), hashlib.sha256).digest()
    return f"p-{base64.b32encode(digest).decode()[:8]}"


ANN, BOB, ZED = pseudonym("Ann Лі"), pseudonym("Bob"), pseudonym("Zed")
CASES = [
    Case(
        "all good",
        ANSWERS,
        SETTINGS,
        People(
            {ANN: "3", BOB: "20"},
            {
                ANN: frozenset({"Sales", "Desk"}),
                BOB: frozenset({"(none)"}),
                ZED: frozenset({"(none)"}),
            },
            {
                (pseudonym("demo_ann"), ANN): (1, 0),
                (pseudonym("demo_bob"), BOB): (0, 0),
                (pseudonym("demo_door"), ""): (1, 1),
            },
            1,
            1,
            1,
        ),
    ),
    Case(
        "staff fails",
        {**ANSWERS, STAFF: html("Ann Лі"), ONLINE: html("demo_ann")},
        SETTINGS,
        People(
            departments={
                ANN: frozenset({"Desk"}),
                BOB: frozenset({"(none)"}),
                ZED: frozenset({"(none)"}),
            },
            staff_up=0,
            sip_up=0,
        ),
    ),
    Case(
        "report fails and tells",
        {**ANSWERS, REPORT: rpc_error("Ann Лі has demo_ann"), SPEAKING: rpc_error("demo_bob")},
        SETTINGS,
        People(
            {ANN: "3", BOB: "20"},
            {ANN: frozenset({"Sales", "Desk"}), BOB: frozenset({"(none)"})},
            staff_up=1,
            sip_up=0,
        ),
    ),
]


def secret(folder: Path, content: bytes = KEY, mode: int = 0o600) -> None:
    path = folder / "secret"
    path.write_bytes(content)
    path.chmod(mode)


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    """One run with a project for each case."""
    folder = tmp_path_factory.mktemp("pseudonyms")
    secret(folder)
    return poll_once(folder, *CASES, sip_interval="5m")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_labels_are_pseudonyms_in_every_family(polled: Polled, case: Case) -> None:
    """They are those of the cleaned names; filters and departments compare the names."""
    assert people_of(polled.samples, case.name) == case.expected
    assert people_of(polled.openmetrics_samples, case.name) == case.expected
    shown = {
        dict(labels)["employee"]
        for _, labels in select(polled.samples, SECONDS, project=case.name)
    }
    assert shown == ({ANN, BOB, ZED} if ZED in case.expected.departments else set())


def test_names_and_logins_appear_nowhere(polled: Polled) -> None:
    """Neither on a page nor in the log at debug level, while all is well and while it is not."""
    pages = (polled.text + polled.openmetrics + polled.status).decode()
    assert [name for name in NAMES if name in pages] == []
    assert [name for name in (*NAMES, KEY.decode()) if name in polled.log] == []


def command(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "exporter", *words, f"--config.file={path}"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=30,
    )


@pytest.mark.parametrize("name", ["Bob", "  Ann \t Лі "])
def test_the_command_prints_a_names_pseudonym(tmp_path: Path, name: str) -> None:
    """The name is cleaned first; the API is not asked."""
    secret(tmp_path)
    path = write(tmp_path, "http://127.0.0.1:9", CASES[:1])
    done = command(path, "pseudonym", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == pseudonym(" ".join(name.split()))


@pytest.mark.parametrize("form", ["prometheus", "table", "json", "csv"])
def test_once_shows_no_name(tmp_path: Path, form: str) -> None:
    """Each format has the pseudonyms and no name."""
    secret(tmp_path)
    with live(tmp_path, CASES[0]) as found:
        done = command(found.path, "once", f"--format={form}")
    assert done.returncode == 0, done.stderr
    assert BOB in done.stdout
    assert [name for name in NAMES if name in done.stdout + done.stderr] == []


def test_a_short_key_is_a_mistake_and_one_that_others_may_read_a_warning(tmp_path: Path) -> None:
    """15 bytes are exit 2 and one line without the key; 16 for all eyes are told of."""
    path = write(tmp_path, "http://127.0.0.1:9", CASES[:1])
    secret(tmp_path, KEY[:15])
    done = command(path, "check")
    assert done.returncode == 2
    (line,) = (done.stdout + done.stderr).splitlines()
    assert "pseudonym_key_file" in line
    assert "sixteen" not in line
    secret(tmp_path, KEY, 0o644)
    with exporter(f"--config.file={path}") as running:
        line = running.line("level=warn.*(secret|pseudonym)")[0]
        assert "sixteen" not in line
        assert running.stop() == 0


def test_a_key_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    """Names are never shown because their key is missing."""
    path = write(tmp_path, "http://127.0.0.1:9", CASES[:1])
    done = command(path, "check")
    assert done.returncode == 2
    assert "pseudonym_key_file" in done.stdout + done.stderr

"""`capture` of the people corners: a reply's shape for a bug report, and nobody in it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.people_api import (
    ONLINE,
    SPEAKING,
    STAFF,
    Reply,
    bare,
    html,
    people_api,
    rpc,
    rpc_error,
    status,
)
from tests.support.people_run import PRIVATE, UNTYPED, Case, key_of, person, write
from tests.support.processes import ROOT

SALES = {"id": 12, "name": "Sales"}
ANN = person(3, "Ann Лі", "demo_ann", "demo_ann_mob", departments=[SALES])
STRINGS = person(20, "Bob Big", directions=["demo_bob", *UNTYPED])
TOLD = "Ann Лі demo_ann " + " ".join(PRIVATE)
BOTH: dict[str, object] = {"staff": True, "sip_accounts": True}
NOBODY = ("Ann", "Лі", "Bob", "Big", "demo_ann", "demo_bob", "KEY-canary", *PRIVATE)

REPLIES: dict[str, tuple[str, Reply]] = {
    "staff, a list": (STAFF, rpc([ANN, STRINGS])),
    "staff, keyed": (STAFF, rpc({"3": ANN, "20": STRINGS})),
    "staff, wrapped": (STAFF, rpc({"items": [ANN, STRINGS], "total": 2})),
    "staff, odd": (STAFF, rpc([ANN, TOLD, [TOLD], {"who": TOLD, "also": [TOLD]}])),
    "staff, an error that tells": (STAFF, rpc_error(TOLD)),
    "staff, a page that tells": (STAFF, html(TOLD)),
    "staff, a text that tells": (STAFF, status(200, TOLD)),
    "online": (ONLINE, bare(["demo_ann", "demo_bob"])),
    "online, odd": (ONLINE, bare({"demo_ann": "demo_bob", "x": [*UNTYPED]})),
    "speaking": (SPEAKING, bare(["demo_ann", *UNTYPED])),
}


@pytest.mark.parametrize("kind", REPLIES)
@pytest.mark.parametrize("pseudonyms", [False, True])
def test_a_captured_reply_names_nobody(tmp_path: Path, kind: str, pseudonyms: bool) -> None:
    """No name, login, number or address is in what `capture` prints, whatever the shape."""
    corner, reply = REPLIES[kind]
    (tmp_path / "secret").write_text("sixteen bytes ok")
    (tmp_path / "secret").chmod(0o600)
    settings: dict[str, object] = {"employees": {"pseudonym_key_file": "secret"}}
    settings = BOTH | (settings if pseudonyms else {})
    with people_api() as api:
        api.add(key_of("Sales"), {corner: reply})
        path = write(tmp_path, api.url, [Case("Sales", settings=settings)])
        done = capture(path, corner)
    said = done.stdout + done.stderr
    assert [word for word in NOBODY if word in said] == []
    assert "Traceback" not in said
    assert len(api.accounts[key_of("Sales")].asked) == 1
    assert done.returncode in (0, 1), said


def test_a_captured_reply_keeps_its_shape(tmp_path: Path) -> None:
    """Keys, types and ids of the staff list are what a bug report is for."""
    with people_api() as api:
        api.add(key_of("Sales"), {STAFF: rpc({"3": ANN})})
        path = write(tmp_path, api.url, [Case("Sales", settings=BOTH)])
        done = capture(path, STAFF)
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)["result"].values()
    assert entry.keys() == ANN.keys()
    assert isinstance(entry["fio"], str)
    assert entry["directions"].keys() == {"main", "additional"}
    assert len(entry["directions"]["additional"]) == 2


def capture(path: Path, method: str) -> subprocess.CompletedProcess[str]:
    """What the command prints of a reply to a method."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "exporter",
            "capture",
            f"--method={method}",
            f"--config.file={path}",
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=30,
    )

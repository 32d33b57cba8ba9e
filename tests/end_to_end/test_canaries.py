"""A key and a person's name, run through every fault at debug level, and looked for everywhere."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.documented import scrape
from tests.support.exporting import select
from tests.support.http_api import Answer, api_of
from tests.support.processes import address_of, exporter, get, process, wait_for

KEY = "KEY-canary-c0ffee"
NAME = "Vera Canary"
ROWS = [{"employee": NAME, "online": "01:00:00", "offline": KEY}, {"employee": "Bo", "dnd": NAME}]
PLAIN = f"{NAME} {KEY}".encode()


def rpc(**reply: object) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1} | reply).encode()


# What each project's report is answered with: (status, headers, body).
FAULTS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "rows": (200, {}, b""),  # a good answer with an unreadable value
    "text": (200, {}, PLAIN),
    "html": (200, {"Content-Type": "text/html"}, b"<p>" + PLAIN),
    "cut": (200, {}, rpc(result=ROWS)[:-20]),
    "twice": (200, {}, b'{"%s": 1, "%s": 2}' % (PLAIN, PLAIN)),
    "rpc": (200, {}, rpc(error={"code": -32602, "message": f"{NAME} {KEY}"})),
    "rpc-auth": (200, {}, rpc(error={"code": 1, "message": f"Unauthorized: {NAME} {KEY}"})),
    "rpc-text": (200, {}, rpc(error=f"{NAME} {KEY}")),
    "schema": (200, {}, rpc(reply=f"{NAME} {KEY}")),
    "other-id": (200, {}, rpc(id=f"{NAME} {KEY}", result=ROWS)),
    "rows-bad": (200, {}, b""),  # rows that are none, made below
    "400": (400, {}, PLAIN),
    "401": (401, {"WWW-Authenticate": f"{NAME} {KEY}".encode().decode("latin-1")}, PLAIN),
    "403": (403, {}, PLAIN),
    "429": (429, {"Retry-After": f"{NAME} {KEY}"}, PLAIN),
    "500": (500, {"X-Error": KEY}, PLAIN),
    "redirect": (302, {"Location": f"http://127.0.0.1:9/{KEY}?name={NAME}"}, PLAIN),
    "gzip": (200, {"Content-Encoding": "gzip"}, PLAIN),
    "large": (200, {"Content-Length": "9000000000"}, b""),
    "many": (200, {}, b""),  # more rows than max_employees
}


# Those whose replies say who is an employee: capture knows whom to replace.
NAMING = ("rows", "rows-bad", "cut", "other-id", "many")


def misbehave(asked: dict[str, Any]) -> Answer:
    """Project n has the n-th fault; the catalog of each has a bad entry."""
    if asked["method"] == "getCustomStatuses":
        catalog = [{"id": 1, "title": "Break"}, {"id": {KEY: NAME}, "title": KEY}]
        return 200, {}, rpc(id=asked["id"], result=catalog)
    kind = list(FAULTS)[asked["params"]["projectId"] - 1]
    status, headers, body = FAULTS[kind]
    rows: Any = {
        "rows": ROWS,
        "rows-bad": [{"employee": NAME, "online": KEY}, [NAME], NAME],
        "many": [{"employee": f"{NAME} {n}", "online": "00:00:01"} for n in range(60)],
    }.get(kind)
    return status, headers, rpc(id=asked["id"], result=rows) if rows else body


@pytest.fixture
def rogue() -> Iterator[str]:
    with api_of(misbehave) as url:
        yield url


def write(folder: Path, url: str) -> Path:
    (folder / "key").write_text(KEY)
    entries = "".join(
        f"  - {{id: {number}, name: {kind!r}, auth_key_file: key}}\n"
        for number, kind in enumerate(FAULTS, 1)
    )
    path = folder / "config.yaml"
    path.write_text(
        f"api: {{base_url: '{url}', requests_per_second: 200}}\n"
        f"defaults: {{interval: 1s, max_employees: 50}}\nprojects:\n{entries}"
    )
    return path


def test_the_exporter_tells_neither(rogue: str, tmp_path: Path) -> None:
    """Whatever fails, the log holds no key and no name, and the pages hold no key."""
    path = write(tmp_path, rogue)
    with exporter(f"--config.file={path}", "--log.level=debug") as running:
        address = address_of(running)
        wait_for(lambda: get(address, "/-/ready")[0] == 200, 30, "every project tried")
        (tmp_path / "key").write_text(f"{KEY} {NAME}")  # a half-written file
        time.sleep(6)
        path.write_text(path.read_text() + f"nonsense: [{KEY}, {NAME}]\n")
        running.popen.send_signal(1)
        running.line("configuration rejected")
        page, status = get(address)[2].decode(), get(address, "/")[2].decode()
        failing = {
            dict(labels)["project"]
            for (_, labels), up in select(scrape(address), "ringostat_up").items()
            if up == 0
        }
        assert failing == set(FAULTS) - {"rows"}
        assert running.stop() == 0
    log = "\n".join(running.lines)
    assert KEY not in log
    assert NAME not in log
    assert KEY not in page
    assert KEY not in status
    for kind in ("400", "rpc", "redirect", "large", "many"):
        assert f"project={kind}" in log  # each of them was really told of
    assert "Canary" in page  # the one good row


@pytest.mark.parametrize("broken", [False, True])
def test_the_commands_tell_no_key(rogue: str, tmp_path: Path, broken: bool) -> None:
    """Every command against every fault, and with a broken key file, prints no key."""
    path = write(tmp_path, rogue)
    if broken:
        (tmp_path / "key").write_text(f"{KEY} {KEY}")
    # A backfill waits as long as a 429 asks for.
    patient = [f"--project={kind}" for kind in FAULTS if kind != "429"]
    commands = [
        ["check"],
        ["check", "--live"],
        ["once"],
        ["once", "--format=json"],
        ["backfill", "--from=2026-01-01", "--to=2026-01-02", f"--output={tmp_path}/out", *patient],
        *(["capture", f"--project={kind}"] for kind in FAULTS),
    ]
    for command in commands[: 3 if broken else None]:
        arguments = [sys.executable, "-m", "exporter", *command, f"--config.file={path}"]
        with process(arguments) as running:
            code = running.popen.wait(60)
            running.stop()
        said = "\n".join(running.lines)
        assert code == 2 if broken else code in (0, 1), said
        assert KEY not in said, command
        assert "Traceback" not in said
        if command[1:] and command[1].removeprefix("--project=") in NAMING:
            assert NAME not in said

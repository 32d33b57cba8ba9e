"""The one-off commands where the terminal, stdout or who reads it is not as hoped."""

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.asking import FIRST, PROGRAM, config, reply, run
from tests.support.http_api import Answer
from tests.support.processes import ROOT

COMMANDS = (
    ["check"],
    ["check", "--live"],
    ["once"],
    ["once", "--format=csv"],
    ["once", "--format=json"],
    ["once", "--format=prometheus"],
    ["capture"],
    ["backfill", f"--from={FIRST}", f"--to={FIRST}", "--output=-"],
    ["timesheet", f"--from={FIRST}", f"--to={FIRST}"],
    ["timesheet", f"--from={FIRST}", f"--to={FIRST}", "--format=table"],
    ["timesheet", f"--from={FIRST}", f"--to={FIRST}", "--format=json"],
)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_stdout_that_lacks_characters_gets_all_of_the_answer(
    tmp_path: Path, encoding: str
) -> None:
    """A Cyrillic project and hostile statuses: exit 0, nothing on stderr that is no sentence."""
    with config(tmp_path) as path:
        for command in COMMANDS:
            done = run(*command, f"--config.file={path}", PYTHONIOENCODING=encoding)
            assert done.returncode == 0, done.stderr
            assert b"Traceback" not in done.stderr
            assert b"\x1b" not in done.stdout + done.stderr
            assert b"canary" not in done.stdout + done.stderr
            assert done.stdout


@pytest.mark.parametrize(
    ("redirection", "words"),
    [(">&-", b"stdout is closed"), (">/dev/full", b"stdout: No space left on device")],
)
def test_a_closed_or_full_stdout_is_one_line_and_exit_1(
    tmp_path: Path, redirection: str, words: bytes
) -> None:
    """Whatever the command, and help as well."""
    with config(tmp_path) as path:
        for command in COMMANDS:
            done = run(*command, f"--config.file={path}", shell=redirection)
            assert done.returncode == 1, command
            assert done.stderr.splitlines()[-1] == b"ringostat-exporter: " + words
            assert b"Traceback" not in done.stderr
        silent = run(*COMMANDS[0], f"--config.file={path}", shell=f"{redirection} 2>&-")
        assert (silent.returncode, silent.stdout, silent.stderr) == (1, b"", b"")
    help_shown = run("--help", shell=">/dev/full")
    assert help_shown.returncode == 1
    assert b"Traceback" not in help_shown.stderr


def test_a_reader_that_goes_away_ends_each_command_in_silence(tmp_path: Path) -> None:
    """`once | head -1` and its like leave no traceback."""
    with config(tmp_path) as path:
        for command in COMMANDS:
            done = run(*command, f"--config.file={path}", shell="| head -c 1 >/dev/null")
            assert b"Traceback" not in done.stderr
            assert b"Error" not in done.stderr


def test_what_the_api_says_of_a_failure_is_cleaned_and_comes_with_advice(tmp_path: Path) -> None:
    """`once` and `check --live` give the same advice; the error's text moves no cursor."""

    def refuse(asked: dict[str, Any]) -> Answer:
        return reply(asked, "no such\x1b]0;owned\x07 project \x9b")

    with config(tmp_path, refuse) as path:
        once = run("once", f"--config.file={path}")
        live = run("check", "--live", f"--config.file={path}")
    assert once.returncode == live.returncode == 1
    for text in (once.stderr.decode(), live.stdout.decode()):
        failed = next(line for line in text.splitlines() if "today: " in line and "-32000" in line)
        assert failed.endswith("Check the project's id.")
        assert failed.isprintable()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_is_interrupted_while_its_reader_stalls(tmp_path: Path, number: int) -> None:
    """A pipe that nobody empties holds up neither signal, once the requests are done."""

    def crowd(request: dict[str, Any]) -> Answer:
        body = {"jsonrpc": "2.0", "id": request["id"], "result": []}
        if request["method"] != "getCustomStatuses":
            rows = [{"employee": f"Employee {n}", "online": "01:00:00"} for n in range(4000)]
            body["result"] = rows
        return 200, {}, json.dumps(body).encode()

    with config(tmp_path, crowd) as path:
        running = subprocess.Popen(
            [*PROGRAM, "once", "--format=csv", f"--config.file={path}"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert running.stdout is not None
        try:
            assert running.stdout.read(1)
            time.sleep(0.3)
            running.send_signal(number)
            assert running.wait(5) == 1
            assert running.stderr is not None
            assert running.stderr.read() == b"ringostat-exporter: interrupted\n"
        finally:
            running.kill()
            running.communicate()

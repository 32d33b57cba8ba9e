"""The one-off commands where the terminal, stdout, the disk or their reader is not as hoped."""

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.http_api import Answer, api_of
from tests.support.processes import (
    ROOT,
    address_of,
    coverage_environment,
    process,
    simulate,
    wait_for,
)

PROGRAM = [sys.executable, "-m", "exporter"]
FIRST = "2026-03-03"
Done = subprocess.CompletedProcess[bytes]
STATUS = "\x1b[2JNap\ud800"


def reply(asked: dict[str, Any], message: str = "") -> Answer:
    """A report with hostile words, or an error that says something."""
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": asked["id"]}
    if message:
        body["error"] = {"code": -32000, "message": message}
    elif asked["method"] == "getCustomStatuses":
        body["result"] = []
    else:
        body["result"] = [{"employee": "=Олена", "online": "01:00:00", STATUS: "00:00:05"}]
    return 200, {}, json.dumps(body).encode()


@contextmanager
def config(folder: Path, answer: Callable[[dict[str, Any]], Answer] = reply) -> Iterator[Path]:
    with api_of(answer) as url:
        path = folder / "config.yaml"
        path.write_text(
            f"api: {{base_url: '{url}', requests_per_second: 500}}\n"
            "projects: [{id: 68861, name: Продажі, auth_key: KEY-canary, timezone: UTC}]\n",
            encoding="utf-8",
        )
        yield path


def run(
    *arguments: str, shell: str = "", before: Callable[[], None] | None = None, **environment: str
) -> Done:
    """A command as a shell starts it, with a redirection behind it."""
    words = " ".join(f"'{word}'" for word in [*PROGRAM, *arguments])
    return subprocess.run(
        ["bash", "-c", f"{words} {shell}"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=before,
        env={"PATH": os.environ["PATH"], **coverage_environment(), **environment},
    )


def backfill(path: Path, output: Path, last: str = "2026-03-05") -> list[str]:
    return [
        "backfill",
        f"--config.file={path}",
        f"--from={FIRST}",
        f"--to={last}",
        f"--output={output}",
    ]


COMMANDS = (
    ["check"],
    ["check", "--live"],
    ["once"],
    ["once", "--format=csv"],
    ["once", "--format=json"],
    ["once", "--format=prometheus"],
    ["capture"],
    ["backfill", f"--from={FIRST}", f"--to={FIRST}", "--output=-"],
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


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))


def test_a_full_disk_is_one_line_and_whole_files_stay(tmp_path: Path) -> None:
    """The file that cannot be whole is not there, nor a part of it; the others are untouched."""
    with config(tmp_path) as path:
        assert run(*backfill(path, tmp_path / "bf", last=FIRST)).returncode == 0
        first = tmp_path / "bf" / "68861" / f"{FIRST}.om"
        whole = first.read_bytes()
        # Coverage's own data would be cut by the limit as well.
        done = run(
            *backfill(path, tmp_path / "bf"), before=limit_files, COVERAGE_PROCESS_CONFIG=""
        )
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].endswith(b"cannot be written: File too large")
        assert b"Traceback" not in done.stderr
        assert list((tmp_path / "bf").rglob("*.om")) == [first]
        assert first.read_bytes() == whole
        assert [item for item in (tmp_path / "bf").rglob("*") if "part" in item.name] == []
        assert run(*backfill(path, tmp_path / "bf")).returncode == 0
    files = sorted((tmp_path / "bf" / "68861").iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_folder_that_is_none_or_may_not_be_written_is_one_line(tmp_path: Path) -> None:
    """A file in its or the project's place, a device, and the kernel's own read-only folder."""
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "bf").mkdir()
    (tmp_path / "bf" / "68861").write_bytes(b"mine")
    with config(tmp_path) as path:
        for output in (tmp_path / "file", tmp_path / "bf", Path("/proc/none"), Path("/dev/null")):
            done = run(*backfill(path, output))
            assert done.returncode == 1
            assert b" cannot be written: " in done.stderr.splitlines()[-1]
            assert b"Traceback" not in done.stderr
    assert (tmp_path / "file").read_bytes() == (tmp_path / "bf" / "68861").read_bytes() == b"mine"


def test_three_backfills_into_one_folder_at_once(tmp_path: Path) -> None:
    """All succeed, and each day is there once and whole."""
    with config(tmp_path) as path:
        assert run(*backfill(path, tmp_path / "alone")).returncode == 0
        started = [
            subprocess.Popen(
                [*PROGRAM, *backfill(path, tmp_path / "bf")], cwd=ROOT, stderr=subprocess.DEVNULL
            )
            for _ in range(3)
        ]
        assert [running.wait(60) for running in started] == [0, 0, 0]
    alone = {file.name: file.read_bytes() for file in (tmp_path / "alone/68861").iterdir()}
    assert {file.name: file.read_bytes() for file in (tmp_path / "bf/68861").iterdir()} == alone


def test_a_link_in_a_days_place_is_replaced_and_its_file_is_not(tmp_path: Path) -> None:
    """Links at the day's name and at names of temporary files lead nowhere."""
    (tmp_path / "precious").write_bytes(b"mine")
    folder = tmp_path / "bf" / "68861"
    folder.mkdir(parents=True)
    for name in (f"{FIRST}.om", f"{FIRST}.part", "2026-03-04.part"):
        (folder / name).symlink_to(tmp_path / "precious")
    with config(tmp_path) as path:
        assert run(*backfill(path, tmp_path / "bf")).returncode == 0
    assert (tmp_path / "precious").read_bytes() == b"mine"
    assert (folder / f"{FIRST}.om").read_bytes().endswith(b"# EOF\n")
    assert not (folder / f"{FIRST}.om").is_symlink()


@pytest.mark.parametrize("name", ["project", "window", "__name__"])
def test_a_label_that_the_series_have_is_exit_2(tmp_path: Path, name: str) -> None:
    """Nothing is asked and nothing written."""
    with config(tmp_path) as path:
        done = run(*backfill(path, tmp_path / "bf"), f"--label={name}=x")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "bf").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_is_exit_1_and_one_word(tmp_path: Path, number: int) -> None:
    """In the middle of a request, and no file is left half."""
    with simulate("--fault=hang") as api:
        path = tmp_path / "config.yaml"
        path.write_text(
            f"api: {{base_url: 'http://{address_of(api)}'}}\n"
            "projects: [{id: 68861, auth_key: k, timezone: UTC}]\n"
        )
        sockets = Path(f"/proc/{api.popen.pid}/fd")
        idle = len(list(sockets.iterdir()))
        for command in (
            ["once", f"--config.file={path}"],
            ["check", "--live", f"--config.file={path}"],
            ["capture", f"--config.file={path}"],
            backfill(path, tmp_path / "bf"),
        ):
            with process([*PROGRAM, *command]) as running:
                wait_for(lambda: len(list(sockets.iterdir())) > idle, 15, "a connection")
                assert running.stop(number) == 1
                assert running.lines[-1] == "ringostat-exporter: interrupted"
                assert not any("Traceback" in line for line in running.lines)
            wait_for(lambda: len(list(sockets.iterdir())) <= idle, 15, "the connection's end")
    assert [item for item in tmp_path.rglob("*") if "part" in item.name] == []


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

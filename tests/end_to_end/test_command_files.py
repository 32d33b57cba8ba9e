"""`backfill` where disk, folder or another program is not as hoped; interrupted commands."""

import resource
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from tests.support.asking import FIRST, PROGRAM, backfill, config, run
from tests.support.processes import ROOT, address_of, process, simulate, wait_for


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

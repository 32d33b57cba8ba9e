"""What comes in beside flags and files: the environment's variables, and signals at the start."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.support.documented import one, scrape, write_config
from tests.support.processes import (
    ROOT,
    Process,
    address_of,
    exporter,
    get,
    process,
    simulate,
    wait_for,
)

PROGRAM = [sys.executable, "-m", "exporter"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSLKEYLOGFILE", "{folder}/file"),
        ("SSLKEYLOGFILE", "/none/file"),
        ("PROMETHEUS_MULTIPROC_DIR", "/none"),
        ("PROMETHEUS_MULTIPROC_DIR", "{folder}"),
        ("prometheus_multiproc_dir", "{folder}"),
        ("PROMETHEUS_MULTIPROC_DIR", ""),
        ("PYTHONASYNCIODEBUG", "1"),
        ("PYTHONWARNINGS", "error"),
        ("PYTHONWARNINGS", "always"),
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ("HTTP_PROXY", "http://127.0.0.1:9"),
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("SSL_CERT_FILE", "/none"),
        ("NETRC", "/none"),
        ("REQUESTS_CA_BUNDLE", "/none"),
        ("PROMETHEUS_DISABLE_CREATED_SERIES", "nonsense"),
        ("WEB_CONCURRENCY", "x"),
        ("WEB_CONCURRENCY", ""),
        ("FORWARDED_ALLOW_IPS", "*"),
        ("FORWARDED_ALLOW_IPS", "x/y"),
    ],
)
def test_variables_that_libraries_look_at_change_nothing(
    tmp_path: Path, name: str, value: str
) -> None:
    """It polls, serves and stops as ever; no file appears and no line that is not of the log."""
    folder = tmp_path / "folder"
    folder.mkdir()
    with simulate("--auth-key=KEY-canary") as api:
        path = write_config(tmp_path, f"http://{address_of(api)}")
        variables = {name: value.format(folder=folder)}
        with exporter(f"--config.file={path}", **variables) as running:
            address = address_of(running)
            wait_for(lambda: one(scrape(address), "ringostat_up") == 1, 10, "up")
            assert b"process_resident_memory_bytes" in get(address)[2]
            assert running.stop() == 0
        assert [line for line in running.lines if not line.startswith("time=")] == []
        assert not any("Executing" in line for line in running.lines)
    assert list(folder.iterdir()) == []


def test_the_keys_of_connections_are_written_nowhere(tmp_path: Path) -> None:
    """Neither by the client's contexts nor by a library's, whatever SSLKEYLOGFILE says."""
    (tmp_path / "config.yaml").write_text(
        "api: {proxy_url: 'https://127.0.0.1:9', timeout: 1s}\nprojects: [{id: 1, auth_key: k}]\n"
    )
    file = tmp_path / "keys"
    with process(
        [*PROGRAM, "once", f"--config.file={tmp_path}/config.yaml"], SSLKEYLOGFILE=str(file)
    ) as running:
        running.popen.wait(30)
    assert not file.exists()


HUP_AT_EVERY_IMPORT = """
import os, runpy, sys
class Finder:
    armed = False
    def find_spec(self, name, path=None, target=None):
        if name == "exporter.__main__":
            Finder.armed = True
        elif Finder.armed and name != "_signal":
            os.kill(os.getpid(), 1)
sys.meta_path.insert(0, Finder())
sys.argv[1:] = {arguments}
runpy.run_module("exporter", run_name="__main__", alter_sys=True)
"""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["check", "--config.file={path}"], 0),
        (["once", "--config.file={path}"], 0),
        (["capture", "--config.file={path}"], 0),
        (["backfill", "--from=-1", "--to=-1", "--output=-", "--config.file={path}"], 0),
        (["healthcheck", "--web.listen-address=127.0.0.1:1"], 1),
        (["--config.file=none"], 2),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_sighup_never_ends_a_command(tmp_path: Path, arguments: list[str], code: int) -> None:
    """One at every import that it makes, from the first one on, and many while it works."""
    with simulate("--auth-key=KEY-canary") as api:
        path = write_config(tmp_path, f"http://{address_of(api)}")
        given = [argument.format(path=path) for argument in arguments]
        script = HUP_AT_EVERY_IMPORT.format(arguments=given)
        with process([sys.executable, "-c", script]) as running:
            running.popen.wait(30)
        assert running.popen.returncode == code, running.lines
        assert "Traceback" not in "".join(running.lines)


def hail(running: Process, until: threading.Event) -> None:
    """SIGHUP as fast as it goes, from the moment that the process ignores or handles it."""
    status = Path(f"/proc/{running.popen.pid}/status")

    def is_safe() -> bool:
        masks = re.findall(r"^Sig(?:Ign|Cgt):\s*(\w+)$", status.read_text(), re.MULTILINE)
        return any(int(mask, 16) & 1 for mask in masks)

    wait_for(is_safe, 10, "our first line", pause=0)
    while not until.is_set() and running.popen.poll() is None:
        os.kill(running.popen.pid, signal.SIGHUP)
        time.sleep(0.001)


@pytest.mark.parametrize("arguments", [["--demo"], ["simulate"]])
def test_sighup_never_ends_a_server(arguments: list[str]) -> None:
    """Not while it starts, serves or stops, as often as it comes."""
    done = threading.Event()
    with process([*PROGRAM, *arguments, "--web.listen-address=127.0.0.1:0"]) as running:
        thread = threading.Thread(target=hail, args=(running, done))
        thread.start()
        try:
            address_of(running)
            time.sleep(1)
            assert running.stop(signal.SIGTERM) == 0
        finally:
            done.set()
            thread.join(10)
    assert all(line.startswith("time=") for line in running.lines)


def test_the_console_script_is_as_safe() -> None:
    """It imports the same module first."""
    script = HUP_AT_EVERY_IMPORT.split("sys.argv")[0] + (
        "sys.argv[1:] = ['--version']\nfrom exporter.__main__ import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=False, timeout=30
    )
    assert (done.returncode, done.stderr) == (0, b"")

"""The process's life: starts that end, stops of every kind, and what the machine lacks.

One file over 250 lines: a life is one story, and each test is one way that it ends.
"""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.documented import one, scrape, write_config
from tests.support.processes import ROOT, Process, address_of, exporter, get, process, simulate
from tests.support.processes import wait_for as wait

PROGRAM = [sys.executable, "-m", "exporter"]
KEY = "KEY-canary"


def ended(arguments: list[str], **options: object) -> tuple[int, list[str]]:
    """How a program ends that is expected to end by itself, and what it said."""
    with process([*PROGRAM, "--web.listen-address=127.0.0.1:0", *arguments], **options) as running:
        running.popen.wait(10)
        return running.stop(), running.lines


BAD = [
    (None, "cannot be read: No such file or directory"),
    (b"", "projects: is required; it says what is polled"),
    (b"projects: [", "not valid YAML"),
    (b"\xff\xfe", "is not UTF-8"),
    (b"#" * ((1 << 20) + 1), "is over 1 MiB"),
    (b"projects: [{id: 1, auth_key: k}]\nnonsense: 1\n", "nonsense: unknown key"),
    (b"projects: [{id: 1, auth_key: k}]\nprojects: []\n", "projects: duplicate key"),
    (b"projects: [{id: 1, auth_key: k}, {id: 1, auth_key: k, name: x}]\n", "must be unique"),
    (b"projects: [{id: 1, auth_key: '${NOT_SET}'}]\n", "NOT_SET is not set"),
    (b"projects: [{id: 1, auth_key: KEY-canary two}]\n", "contains white space"),
    ("projects: [{id: 1, auth_key: KEY-canaryé}]\n".encode(), "not printable ASCII"),
    (b"projects: [{id: 1, auth_key_file: absent}]\n", "absent cannot be read"),
    (b"projects: [{id: 1, auth_key_file: hollow}]\n", "hollow is empty"),
    (b"projects: [{id: 1, auth_key_file: twolines}]\n", "twolines contains white space"),
    (b"projects: [{id: 1, auth_key_file: foreign}]\n", "foreign contains a character that is not"),
]


@pytest.mark.parametrize(("content", "said"), BAD)
def test_a_configuration_that_is_no_good_is_one_line_and_exit_2(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    """The line begins with the file and never quotes a key."""
    path = tmp_path / "config.yaml"
    if content is not None:
        path.write_bytes(content)
    (tmp_path / "hollow").write_bytes(b"\n")
    (tmp_path / "twolines").write_bytes(b"KEY-canary\nKEY-canary\n")
    (tmp_path / "foreign").write_bytes("KEY-canary-ключ".encode())
    code, lines = ended([f"--config.file={path}"])
    assert code == 2
    assert len(lines) == 1
    assert said in lines[0]
    assert lines[0].startswith(f"{path}:")
    assert "canary" not in lines[0]


def test_a_line_break_after_a_key_is_no_part_of_it(tmp_path: Path) -> None:
    """A key file that ends in a line break authenticates."""
    (tmp_path / "key").write_text(f"{KEY}\n")
    with simulate(f"--auth-key={KEY}") as api:
        path = tmp_path / "config.yaml"
        path.write_text(
            f"api: {{base_url: 'http://{address_of(api)}'}}\n"
            "projects: [{id: 68861, auth_key_file: key, interval: 1s}]\n"
        )
        with exporter(f"--config.file={path}") as running:
            address = address_of(running)
            wait(lambda: one(scrape(address), "ringostat_up") == 1, 10, "up")


def test_an_idle_exporter_stops_within_a_second() -> None:
    """SIGTERM and SIGINT are exit 0, and the log has nothing but log lines."""
    for number in (signal.SIGTERM, signal.SIGINT):
        with exporter("--demo") as running:
            wait(lambda: get(address_of(running), "/-/ready")[0] == 200, 10, "ready")
            started = time.perf_counter()
            assert running.stop(number) == 0
            assert time.perf_counter() - started < 1
            assert all(line.startswith("time=") for line in running.lines), running.lines


@contextmanager
def stalled_reader(running: Process) -> Iterator[None]:
    """Somebody who asks for many pages and takes none."""
    host, port = address_of(running).split(":")
    wait(lambda: len(get(address_of(running))[2]) > 50_000, 10, "a page")
    with socket.create_connection((host, int(port))) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 200)
        time.sleep(0.5)
        yield


def test_a_reader_that_stalls_does_not_hold_up_the_stop() -> None:
    """A reader that takes nothing of its answer is cut off at the stop."""
    with exporter("--demo") as running, stalled_reader(running):
        assert running.stop(seconds=10) == 0
    assert all(line.startswith("time=") for line in running.lines), running.lines


def hanging(folder: Path) -> tuple[Process, Path]:
    api = Process([*PROGRAM, "simulate", "--web.listen-address=127.0.0.1:0", "--fault=hang"])
    return api, write_config(folder, f"http://{address_of(api)}")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_second_signal_ends_it_at_once(tmp_path: Path, number: int, code: int) -> None:
    """The second one ends it with 130 or 143, even while a reader stalls."""
    with exporter("--demo") as running, stalled_reader(running):
        running.popen.send_signal(number)
        running.line("msg=stopping")
        started = time.perf_counter()
        assert running.stop(number) == code
        assert time.perf_counter() - started < 1


def test_a_name_server_that_never_answers_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    """A look-up that hangs in a thread is not waited for."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("needs a mount namespace of its own for another /etc/resolv.conf")
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.53\n")
    path = tmp_path / "config.yaml"
    path.write_text("projects: [{id: 1, auth_key: k}, {id: 2, auth_key: k}]\n")
    script = (
        f"mount --bind {tmp_path}/resolv.conf /etc/resolv.conf && exec {sys.executable} "
        f"-m exporter --config.file={path} --web.listen-address=127.0.0.1:0"
    )
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent,
        process(["unshare", "--mount", "sh", "-c", script]) as running,
    ):
        silent.bind(("127.0.0.53", 53))
        address_of(running)
        time.sleep(2)
        started = time.perf_counter()
        assert running.stop() == 0
        assert time.perf_counter() - started < 2


def test_an_interrupted_command_says_so_and_is_no_success(tmp_path: Path) -> None:
    """SIGINT during a request ends a command with exit 1 and one line."""
    api, path = hanging(tmp_path)
    sockets = Path(f"/proc/{api.popen.pid}/fd")
    idle = len(list(sockets.iterdir()))

    def is_asked() -> bool:
        return len(list(sockets.iterdir())) > idle

    try:
        for command in (["once"], ["check", "--live"], ["capture"]):
            with process([*PROGRAM, *command, f"--config.file={path}"]) as running:
                wait(is_asked, 15, "a connection")
                assert running.stop(signal.SIGINT) == 1
                assert running.lines[-1] == "ringostat-exporter: interrupted"
            wait(lambda: not is_asked(), 15, "the connection's end")
    finally:
        api.stop()


def test_a_reader_of_our_answer_that_goes_away_gets_no_traceback(tmp_path: Path) -> None:
    """A closed pipe behind stdout ends a command silently."""
    with simulate("--auth-key=KEY-canary") as api:
        path = write_config(tmp_path, f"http://{address_of(api)}")
        command = f"{' '.join(PROGRAM)} once --config.file={path} | head -c 1"
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, cwd=ROOT, timeout=20, check=False
        )
    assert done.stderr == b""


def test_a_closed_stderr_stops_nothing() -> None:
    """With stderr closed or full, it serves, takes a reload and stops cleanly."""
    for redirection in ("2>&-", "2>/dev/full"):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = f"exec {' '.join(PROGRAM)} --demo --web.listen-address=127.0.0.1:{port} "
        with process(["sh", "-c", command + redirection]) as running:
            wait(lambda: answers(f"127.0.0.1:{port}"), 10, "an answer")  # noqa: B023
            running.popen.send_signal(signal.SIGHUP)
            time.sleep(0.3)
            assert answers(f"127.0.0.1:{port}")
            assert running.stop() == 0


def test_a_reader_of_stderr_that_stalls_holds_up_nothing(tmp_path: Path) -> None:
    """A pipe that nobody empties; every poll of a second is told of at debug and fails."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = tmp_path / "config.yaml"
    entries = "".join(
        f"  - {{id: {n}, name: {'x' * 190}{n}, auth_key: k}}\n" for n in range(1, 300)
    )
    path.write_text(
        "api: {base_url: 'http://127.0.0.1:1', requests_per_second: 1000}\n"
        f"defaults: {{interval: 1s}}\nprojects:\n{entries}"
    )
    command = [*PROGRAM, f"--config.file={path}", f"--web.listen-address=127.0.0.1:{port}"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, cwd=ROOT)
    try:
        wait(lambda: answers(f"127.0.0.1:{port}"), 60, "ready")
        time.sleep(5)
        assert get(f"127.0.0.1:{port}", "/-/healthy")[0] == 200
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
    finally:
        running.kill()
        running.wait()
        assert running.stderr
        running.stderr.close()


def answers(address: str) -> bool:
    try:
        return get(address, "/-/ready")[0] == 200
    except OSError:
        return False


def test_without_descriptors_it_lives_and_heals() -> None:
    """A soft limit is raised; here the hard one is the limit."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (160, 160))

    demo = [*PROGRAM, "--demo", "--web.listen-address=127.0.0.1:0"]
    with process(demo, before=limit) as running:
        address = address_of(running)
        wait(lambda: answers(address), 10, "ready")
        host, port = address.split(":")
        crowd = []
        for _ in range(300):
            made = socket.socket()
            made.setblocking(False)
            made.connect_ex((host, int(port)))
            crowd.append(made)
        time.sleep(1)
        assert running.popen.poll() is None
        for made in crowd:
            made.close()
        wait(lambda: answers(address), 5, "healed")
        wait(lambda: one(scrape(address), "ringostat_up", project="Sales") == 1, 10, "polls go on")
        assert running.stop() == 0


def test_it_runs_as_nobody_without_home_zone_and_zone_files() -> None:
    """As in the image: uid 65532, no HOME, no TZ, no zone files but those of the dependency."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs to be root to become nobody")
    environment = ["env", "-i", "PYTHONTZPATH=", f"PYTHONPATH={ROOT}", "PYTHONDONTWRITEBYTECODE=1"]
    as_nobody = ["setpriv", "--reuid=65532", "--regid=65532", "--clear-groups", *environment]
    as_nobody.append(f"{sys.prefix}/bin/python")
    if subprocess.run([*as_nobody, "-c", "1"], capture_output=True, check=False).returncode:
        pytest.skip("this machine's Python is for its owner alone; the image's test has another")
    command = ["-m", "exporter", "--demo", "--web.listen-address=127.0.0.1:0"]
    with process([*as_nobody, *command], cwd=Path("/")) as running:
        address = address_of(running)
        wait(lambda: answers(address), 10, "ready")
        assert one(scrape(address), "ringostat_project_info", timezone="Europe/Kyiv") == 1
        assert running.stop() == 0


def test_log_lines_are_json_where_that_is_asked_for() -> None:
    """Each line is a JSON object whose first keys are time, level and msg."""
    with exporter("--demo", "--log.format=json", "--log.level=debug") as running:
        running.line('"msg": "listening"')
        assert running.stop() == 0
        for line in running.lines:
            assert list(json.loads(line))[:3] == ["time", "level", "msg"]

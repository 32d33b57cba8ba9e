"""The program starts and stops: its ports, its healthcheck and its signals."""

import functools
import json
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from tests.support.documented import Documented, write_config
from tests.support.processes import (
    Process,
    address_of,
    catches,
    exporter,
    get,
    process,
    wait_for,
)


def test_a_port_in_use_is_exit_3_before_anything_is_asked(
    documented: Documented, tmp_path: Path
) -> None:
    """One line names the address, and Ringostat was never asked."""
    path = write_config(tmp_path, documented.url)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with process(
            [
                sys.executable,
                "-m",
                "exporter",
                f"--config.file={path}",
                f"--web.listen-address=127.0.0.1:{port}",
            ]
        ) as running:
            assert running.popen.wait(10) == 3
            assert running.stop() == 3
            assert running.lines == [
                f"ringostat-exporter: cannot listen on 127.0.0.1:{port}: Address already in use"
            ]
    assert documented.asked == []


def healthcheck(address: str) -> int:
    with process(
        [sys.executable, "-m", "exporter", "healthcheck", f"--web.listen-address={address}"]
    ) as asking:
        return asking.popen.wait(10)


def test_healthcheck_asks_a_running_exporter() -> None:
    """Exit 0 while it runs, 1 after it has stopped."""
    with exporter("--demo") as running:
        address = address_of(running)
        assert healthcheck(address) == 0
        running.stop()
        assert healthcheck(address) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_in_the_middle_of_a_poll_is_clean(tmp_path: Path, number: int) -> None:
    """While the first poll hangs, scrapes answer, ready is 503, and a stop is exit 0."""
    with process(
        [
            sys.executable,
            "-m",
            "exporter",
            "simulate",
            "--web.listen-address=127.0.0.1:0",
            "--fault=hang",
            "--auth-key=KEY-canary",
        ]
    ) as api:
        path = write_config(tmp_path, f"http://{address_of(api)}")
        with exporter(f"--config.file={path}") as running:
            address = address_of(running)
            assert get(address)[0] == 200
            assert get(address, "/-/ready")[0] == 503
            assert get(address, "/-/healthy")[0] == 200
            assert running.stop(number, 10) == 0
            assert all(line.startswith("time=") for line in running.lines), running.lines


def test_a_stop_while_starting_is_clean() -> None:
    """From its first lines on, the program answers SIGTERM with exit 0, imports or not."""
    for delay in (0, 0.05, 0.15, 0.3):
        running = Process(
            [sys.executable, "-m", "exporter", "--demo", "--web.listen-address=127.0.0.1:0"]
        )
        # Before Python itself has run our first line nobody can catch the signal.
        wait_for(
            functools.partial(catches, running.popen.pid, signal.SIGTERM), 10, "a handler", 0.001
        )
        time.sleep(delay)
        code = running.stop(signal.SIGTERM, 10)
        assert code == 0, (delay, running.lines)


def test_all_interfaces_and_several_addresses() -> None:
    """Each `--web.listen-address` is listened on and logged with its real port."""
    with process(
        [
            sys.executable,
            "-m",
            "exporter",
            "--demo",
            "--web.listen-address=:0",
            "--web.listen-address=127.0.0.1:0",
            "--log.format=json",
        ]
    ) as running:
        running.line(r'"msg": "listening", "address": "127.0.0.1:\d+"')
        found = [json.loads(line)["address"] for line in running.lines if "listening" in line]
        assert len(found) == 2
        for address in found:
            assert get(f"127.0.0.1:{address.rsplit(':', 1)[1]}", "/-/healthy")[0] == 200

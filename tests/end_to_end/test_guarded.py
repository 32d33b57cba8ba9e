"""The program behind TLS and basic auth: who gets in, and who only wears it out."""

import base64
import http.client
import ssl
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import bcrypt
import pytest

from tests.end_to_end.test_prometheus import prometheus
from tests.support.certificates import Certificates
from tests.support.processes import Process, address_of, exporter, get, process, wait_for

TLS = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
MUTUAL = TLS + "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n"
PASSWORD = "PASSWORD-canary"


def users(cost: int = 10) -> str:
    hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(cost)).decode()
    return f"basic_auth_users:\n  prometheus: {hashed}\n"


def basic(password: str, user: str = "prometheus") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@contextmanager
def guarded(folder: Path, text: str) -> Iterator[Process]:
    (folder / "web.yaml").write_text(text)
    with exporter("--demo", f"--web.config.file={folder}/web.yaml", "--log.level=debug") as made:
        yield made


@pytest.mark.parametrize(
    "text", [TLS, MUTUAL, MUTUAL + "  max_version: TLS12\n", "", TLS + users(4)]
)
def test_the_health_check_finds_it_alive(tmp_path: Path, text: str) -> None:
    """TLS, a demanded client certificate or a password do not make it look dead."""
    Certificates(tmp_path)
    with guarded(tmp_path, text) as running:
        address = address_of(running)
        arguments = ["-m", "exporter", "healthcheck", f"--web.listen-address={address}"]
        with process([sys.executable, *arguments]) as asking:
            assert asking.popen.wait(10) == 0
            assert asking.stop() == 0
            assert "alive" in asking.lines[-1]
        assert running.stop() == 0
        assert all(line.startswith("time=") for line in running.lines), running.lines


def test_prometheus_gets_in_with_its_certificate_and_password(tmp_path: Path) -> None:
    """A real Prometheus scrapes through mutual TLS and basic auth."""
    Certificates(tmp_path)
    folder = tmp_path / "prometheus"
    folder.mkdir()
    way_in = {
        "scheme": "https",
        "basic_auth": {"username": "prometheus", "password": PASSWORD},
        "tls_config": {
            name: str(tmp_path / file)
            for name, file in (
                ("ca_file", "ca.pem"),
                ("cert_file", "client.pem"),
                ("key_file", "client.key"),
            )
        },
    }
    with (
        guarded(tmp_path, MUTUAL + users()) as running,
        prometheus(folder, address_of(running), scrape=way_in) as server,
    ):
        wait_for(lambda: server.query('up{job="ringostat"} == 1'), 15, "a scrape")
        wait_for(lambda: server.query("ringostat_up == 1"), 15, "data")
        stranger = ssl.create_default_context(cafile=tmp_path / "ca.pem")
        connection = http.client.HTTPSConnection(address_of(running), context=stranger)
        connection.request("GET", "/metrics", headers=basic(PASSWORD))
        with pytest.raises(OSError, match=r"certificate required|closed connection|reset"):
            connection.getresponse()
        connection.close()
    assert PASSWORD not in "".join(running.lines)


def test_every_endpoint_but_the_probes_wants_the_password(tmp_path: Path) -> None:
    """With users configured, whatever shows data is 401 without a right password."""
    with guarded(tmp_path, users(4)) as running:
        address = address_of(running)
        for path in ("/", "/metrics", "/-/reload", "/favicon.ico"):
            assert get(address, path)[0] == 401, path
            assert get(address, path, **basic("wrong"))[0] == 401, path
        for path in ("/-/healthy", "/-/ready"):
            assert get(address, path)[0] in (200, 503), path
        assert get(address, "/metrics", **basic(PASSWORD))[0] == 200
        assert get(address, "/-/healthy", **basic(PASSWORD))[0] == 200
        assert get(address, "/favicon.ico", **basic(PASSWORD))[0] == 404


def test_a_hundred_wrong_passwords_a_second_do_not_slow_an_honest_client(tmp_path: Path) -> None:
    """Its password was right once, so it does not wait behind the others' checks."""
    with guarded(tmp_path, users(10)) as running:
        address = address_of(running)
        assert get(address, **basic(PASSWORD))[0] == 200
        done = threading.Event()
        statuses: list[int] = []

        def guess() -> None:
            number = 0
            while not done.wait(0.1):
                number += 1
                statuses.append(get(address, "/metrics", **basic(f"guess {number}", "mallory"))[0])

        # 401s come slower than they are asked for: enough askers to keep up a hundred a second.
        guessers = [threading.Thread(target=guess) for _ in range(60)]
        for one in guessers:
            one.start()
        honest = []
        try:
            for _ in range(100):
                started = time.perf_counter()
                assert get(address, **basic(PASSWORD))[0] == 200
                honest.append(time.perf_counter() - started)
                time.sleep(0.03)
        finally:
            done.set()
            for one in guessers:
                one.join()
        p99 = statistics.quantiles(honest, n=100)[98]
        print(f"{len(statuses)} wrong passwords meanwhile; an honest client's p99 {p99:.3f} s")
        assert set(statuses) <= {401, 503}
        assert p99 < 0.25


@pytest.mark.parametrize("user", ["mallory", "user {}", "prometheus"])
def test_a_flood_of_wrong_passwords_lets_the_right_one_in(tmp_path: Path, user: str) -> None:
    """A client that was never checked before gets in within 5 s, and is never told 401."""
    with guarded(tmp_path, users(10)) as running:
        address = address_of(running)
        done = threading.Event()
        statuses: list[int] = []

        def guess(first: int) -> None:
            number = first
            while not done.is_set():
                number += 1
                wrong = basic(f"guess {number}", user.format(number))
                statuses.append(get(address, "/metrics", **wrong)[0])

        guessers = [threading.Thread(target=guess, args=(n * 1_000_000,)) for n in range(80)]
        for one in guessers:
            one.start()
        try:
            wait_for(lambda: len(statuses) > 40, 15, "a flood")
            started = time.perf_counter()
            answers: list[int] = []
            while not answers or answers[-1] != 200:
                answers.append(get(address, **basic(PASSWORD))[0])
                if answers[-1] == 503:
                    time.sleep(1)
            waited = time.perf_counter() - started
        finally:
            done.set()
            for one in guessers:
                one.join()
        print(f"in a flood ({user}) the right password was let in after {waited:.1f} s: {answers}")
        assert set(answers) <= {200, 503}
        assert waited < 5
        assert set(statuses) <= {401, 503}


def test_a_web_configuration_that_is_no_good_ends_the_start(tmp_path: Path) -> None:
    """One line with file and key, and exit 2."""
    (tmp_path / "web.yaml").write_text("tls_server_config: {cert_file: absent.pem}\n")
    arguments = ["-m", "exporter", "--demo", f"--web.config.file={tmp_path}/web.yaml"]
    with process([sys.executable, *arguments]) as running:
        assert running.popen.wait(10) == 2
        assert running.stop() == 2
    assert running.lines == [
        f"{tmp_path}/web.yaml:1: tls_server_config.cert_file: cannot be read: "
        "No such file or directory"
    ]


def test_a_web_configuration_that_breaks_later_leaves_the_last_good_one(tmp_path: Path) -> None:
    """Users stay required until a good file says otherwise, and a warning tells of it."""
    with guarded(tmp_path, users(4)) as running:
        address = address_of(running)
        assert get(address, **basic(PASSWORD))[0] == 200
        (tmp_path / "web.yaml").write_text("basic_auth_users: nobody\n")
        running.line("level=warn msg=.web configuration rejected.*must be a mapping")
        assert get(address)[0] == 401
        assert get(address, **basic(PASSWORD))[0] == 200
        (tmp_path / "web.yaml").write_text("")
        wait_for(lambda: get(address)[0] == 200, 5, "open to everybody")

"""`healthcheck`: which peers it takes for a living exporter, and what it says of the others."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exporter.cli import run
from exporter.commands.healthcheck import healthcheck
from exporter.web.address import Address
from tests.support.certificates import Certificates

Answer = Callable[[socket.socket], None]


@contextmanager
def peer(answer: Answer) -> Iterator[int]:
    """A server on a free port that answers each connection like this, and closes it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                answer(connection)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def http(status: int) -> Answer:
    def answer(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 %d Status\r\nContent-Length: 0\r\n\r\n" % status)

    return answer


def over_tls(context: ssl.SSLContext, answer: Answer) -> Answer:
    def answer_encrypted(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            answer(encrypted)

    return answer_encrypted


def banner(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
    connection.recv(4096)


def close_at_once(_connection: socket.socket) -> None:
    return


def server_context(folder: Path) -> ssl.SSLContext:
    Certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.load_verify_locations(folder / "ca.pem")
    return context


@pytest.mark.parametrize(
    ("status", "code", "verdict"),
    [
        (200, 0, "alive"),
        (401, 0, "alive"),
        (429, 0, "alive"),
        (503, 1, "HTTP 503"),
        (302, 1, "HTTP 302"),
    ],
)
def test_the_status_tells_whether_it_is_alive(
    status: int, code: int, verdict: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """200 is alive; so is a server that wants a password or has answered too often."""
    with peer(http(status)) as port:
        assert healthcheck(Address("127.0.0.1", port)) == code
    assert capsys.readouterr().out == f"127.0.0.1:{port}: {verdict}\n"


def test_tls_is_tried_where_plain_http_gets_no_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On loopback the certificate is not verified: it names the machine as others see it."""
    with peer(over_tls(server_context(tmp_path), http(401))) as port:
        assert healthcheck(Address("127.0.0.1", port)) == 0
    assert capsys.readouterr().out.endswith(": alive\n")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_server_that_demands_a_client_certificate_is_alive(
    tmp_path: Path, version: ssl.TLSVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    """It agrees on TLS and ends the connection because no certificate comes: a living process."""
    context = server_context(tmp_path)
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    with peer(over_tls(context, http(200))) as port:
        assert healthcheck(Address("127.0.0.1", port)) == 0
    assert capsys.readouterr().out.endswith(": alive, and demands a client certificate\n")


@pytest.mark.parametrize("answer", [banner, close_at_once])
def test_a_peer_that_is_no_http_server_is_not_alive(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another program on the port, or one that only accepts, is no living exporter."""
    with peer(answer) as port:
        assert healthcheck(Address("127.0.0.1", port)) == 1
    assert capsys.readouterr().out.endswith(": speaks no HTTP\n")


@pytest.mark.parametrize("host", ["127.0.0.1", "no such host", "x" * 70 + ".example"])
def test_nobody_there_is_one_line(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A refused connection, and a name that no host can have, are one line and exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert healthcheck(Address(host, port)) == 1
    assert capsys.readouterr().out.startswith(f"{host}:{port}: no answer (")


@pytest.mark.parametrize("host", ["", "0.0.0.0", "127.0.0.1"])
def test_the_address_is_the_servers_own(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The variable that tells the server where to listen tells the check where to ask."""
    with peer(http(200)) as port:
        variables = {"RINGOSTAT_EXPORTER_WEB_LISTEN_ADDRESS": f"{host}:{port}"}
        assert run(["healthcheck"], variables) == 0
        assert run(["healthcheck", f"--web.listen-address={host}:{port}"], {}) == 0
    assert capsys.readouterr().out == f"{host}:{port}: alive\n" * 2

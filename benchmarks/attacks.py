"""What readers who mean no good cost: memory, and an honest scraper's wait meanwhile.

`python -m benchmarks.attacks` runs each against a process of its own (`benchmarks.serving`).
"""

import contextlib
import resource
import socket
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import trustme

from benchmarks.measure import memory, running, table

_SECONDS = 6.0
_READERS = 60
_SILENT = 300
_CAP = 128
_RESERVED = 128


@dataclass(frozen=True, slots=True)
class Target:
    """A server under attack.

    Attributes:
        address: Where it listens.
        pid: Its process.
        context: Its TLS as a client sees it; None for plain HTTP.
    """

    address: tuple[str, int]
    pid: int
    context: ssl.SSLContext | None

    def connect(self, *, handshake: bool = True, narrow: bool = False) -> socket.socket:
        """A connection; a narrow one takes little without being read."""
        connection = socket.socket()
        connection.settimeout(10)
        if narrow:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(self.address)
        if self.context is None or not handshake:
            return connection
        return self.context.wrap_socket(connection, server_hostname="127.0.0.1")

    def scrape(self, path: str = "/metrics") -> float:
        """The seconds that a scrape takes, on a connection of its own."""
        started = time.perf_counter()
        with self.connect() as connection:
            connection.sendall(
                f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n"
                "Connection: close\r\n\r\n".encode()
            )
            answer = b""
            while part := connection.recv(1 << 20):
                answer += part
        assert answer.startswith(b"HTTP/1.1 200"), answer[:80]
        return time.perf_counter() - started


@contextlib.contextmanager
def target(size: str, *, tls: bool) -> Iterator[Target]:
    """A server of so many projects, people and statuses."""
    with tempfile.TemporaryDirectory() as folder:
        context = None
        if tls:
            authority = trustme.CA()
            issued = authority.issue_cert("127.0.0.1")
            issued.cert_chain_pems[0].write_to_path(f"{folder}/server.pem")
            issued.private_key_pem.write_to_path(f"{folder}/server.key")
            text = "tls_server_config: {cert_file: server.pem, key_file: server.key}\n"
            (Path(folder) / "web.yaml").write_text(text)
            context = ssl.create_default_context()
            authority.configure_trust(context)
        guard = (f"{folder}/web.yaml",) if tls else ()
        command = [sys.executable, "-m", "benchmarks.serving", "ours", *size.split(), *guard]
        with running(*command, ready="port") as (process, line):
            yield Target(("127.0.0.1", int(line.split()[1])), process.pid, context)


def attacked(
    victim: Target, attack: Callable[[Target], list[socket.socket]], path: str = "/metrics"
) -> tuple[str, str, str]:
    """MB of growth, an honest scraper's p99 and how many connections were held at the end."""
    for _ in range(3):
        victim.scrape(path)
    before, most = memory(victim.pid), 0.0
    held = attack(victim)
    waits = []
    until = time.perf_counter() + _SECONDS
    while time.perf_counter() < until:
        waits.append(victim.scrape(path))
        most = max(most, memory(victim.pid))
        time.sleep(0.05)
    for connection in held:
        connection.close()
    p99 = statistics.quantiles(waits, n=100)[98]
    return f"{most - before:.1f}", f"{p99 * 1000:.0f}", str(len(waits))


def stall(victim: Target) -> list[socket.socket]:
    """Readers that ask for the plain page and take nothing."""
    held = []
    for _ in range(_READERS):
        connection = victim.connect(narrow=True)
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        held.append(connection)
    return held


def be_silent(victim: Target) -> list[socket.socket]:
    """Connections that send nothing, over a cap of 128."""
    _, hard = resource.prlimit(victim.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(victim.pid, resource.RLIMIT_NOFILE, (_CAP + _RESERVED, hard))
    return [victim.connect(handshake=False) for _ in range(_SILENT)]


def send_trailers(victim: Target) -> list[socket.socket]:
    """70 MB of trailers on one connection."""
    connection = victim.connect()
    connection.sendall(
        b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    )
    with contextlib.suppress(OSError):
        for _ in range(1100):
            connection.sendall(b"X-Trailer: abcdefghijklm\r\n" * 2450)
    return [connection]


def pipeline(victim: Target) -> list[socket.socket]:
    """4,000 requests in one packet, whose answers nobody reads."""
    connection = victim.connect(narrow=True)
    with contextlib.suppress(OSError):
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4000)
    return [connection]


def main() -> None:
    """Prints one table."""
    rows: list[tuple[str, ...]] = [("attack", "memory +MB", "honest scraper's p99, ms", "scrapes")]
    small, large = "20 100 10", "200 100 10"
    for name, attack, size in (
        ("70 MB of trailers", send_trailers, small),
        ("4,000 pipelined requests", pipeline, small),
        (f"{_SILENT} silent connections at a cap of {_CAP}", be_silent, small),
        (f"{_READERS} stalled readers, 20k series", stall, small),
        (f"{_READERS} stalled readers, 200k series", stall, large),
    ):
        for tls in (False, True):
            with target(size, tls=tls) as victim:
                title = f"{name}, {'TLS' if tls else 'plain'}"
                rows.append((title, *attacked(victim, attack)))
                print(rows[-1], file=sys.stderr, flush=True)
    table("12. Attacks", rows)


if __name__ == "__main__":
    main()

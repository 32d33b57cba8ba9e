"""TLS on real sockets: who gets in, and certificates that are renewed while it serves."""

import asyncio
import resource
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from exporter.clock import SystemClock
from exporter.log import make_log
from exporter.web.address import Address, bind
from exporter.web.server import Server
from exporter.web.web_config import WebConfigFile
from tests.support.certificates import Certificates
from tests.support.real import run_real

TLS = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
MUTUAL = TLS + "  client_auth_type: {}\n  client_ca_file: ca.pem\n"
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def application(_scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving(folder: Path, text: str) -> AsyncIterator[int]:
    path = folder / "web.yaml"
    path.write_text(text)
    listener = bind(Address("127.0.0.1", 0))
    web_config = WebConfigFile(path, SystemClock(), make_log("error", "logfmt", None))
    server = Server(application, [listener], web_config)
    await server.start()
    try:
        yield listener.getsockname()[1]
    finally:
        await server.stop()


def trusting(folder: Path, client: str | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    if client:
        context.load_cert_chain(folder / f"{client}.pem", folder / f"{client}.key")
    return context


class Connection:
    """A kept connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self) -> bool:
        try:
            self.writer.write(REQUEST)
            head = await self.reader.readuntil(b"\r\n\r\n")
            return head.startswith(b"HTTP/1.1 200") and await self.reader.readexactly(2) == b"ok"
        except (OSError, asyncio.IncompleteReadError):
            return False

    @property
    def serial(self) -> str:
        certificate = self.writer.get_extra_info("peercert")
        assert certificate is not None
        return str(certificate["serialNumber"])


@asynccontextmanager
async def connected(port: int, context: ssl.SSLContext | None) -> AsyncIterator[Connection]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


async def gets_in(port: int, context: ssl.SSLContext | None) -> bool:
    try:
        async with connected(port, context) as connection:
            return await connection.ask()
    except OSError:
        return False


def test_plain_http_and_strangers_certificates_are_no_way_in(tmp_path: Path) -> None:
    """With TLS plain HTTP gets no answer; another authority's client certificate is refused."""
    Certificates(tmp_path)
    strangers = tmp_path / "strangers"
    strangers.mkdir()
    Certificates(strangers)

    async def main(policy: str) -> list[bool]:
        async with serving(tmp_path, MUTUAL.format(policy) if policy else TLS) as port:
            stranger = trusting(tmp_path)
            stranger.load_cert_chain(strangers / "client.pem", strangers / "client.key")
            contexts = (None, trusting(tmp_path), trusting(tmp_path, "client"), stranger)
            return [await gets_in(port, context) for context in contexts]

    assert run_real(main("")) == [False, True, True, True]
    assert run_real(main("RequireAndVerifyClientCert")) == [False, False, True, False]
    assert run_real(main("VerifyClientCertIfGiven")) == [False, True, True, False]


@pytest.mark.parametrize("wanted", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_versions_are_the_configured_ones(tmp_path: Path, wanted: ssl.TLSVersion) -> None:
    """`min_version` and `max_version` decide which TLS versions are spoken."""
    Certificates(tmp_path)

    async def main() -> list[bool]:
        context = trusting(tmp_path)
        context.minimum_version = context.maximum_version = wanted
        accepted = []
        for line in ("", "  min_version: TLS13\n", "  max_version: TLS12\n"):
            async with serving(tmp_path, TLS + line) as port:
                accepted.append(await gets_in(port, context))
        return accepted

    new = wanted is ssl.TLSVersion.TLSv1_3
    assert run_real(main()) == [True, new, not new]


def test_a_renewed_certificate_from_the_next_connection_on(tmp_path: Path) -> None:
    """New connections get the renewed certificate; open ones are not closed."""
    authority = Certificates(tmp_path)

    async def main() -> None:
        async with serving(tmp_path, TLS) as port, connected(port, trusting(tmp_path)) as kept:
            assert await kept.ask()
            authority.issue("server", "127.0.0.1")
            for _ in range(40):
                await asyncio.sleep(0.1)  # noqa: TID251
                async with connected(port, trusting(tmp_path)) as new:
                    assert await new.ask()
                    if new.serial != kept.serial:
                        break
            else:
                raise AssertionError("the renewed certificate was never served")
            assert await kept.ask()  # who is connected stays so

    run_real(main())


def test_clients_are_asked_for_certificates_after_a_change(tmp_path: Path) -> None:
    """A `client_auth_type` that is added while serving applies to new connections."""
    Certificates(tmp_path)

    async def main() -> None:
        async with serving(tmp_path, TLS) as port:
            assert await gets_in(port, trusting(tmp_path))
            strict = MUTUAL.format("RequireAndVerifyClientCert")
            (tmp_path / "web.yaml").write_text(strict)
            for _ in range(40):
                await asyncio.sleep(0.1)  # noqa: TID251
                if not await gets_in(port, trusting(tmp_path)):
                    break
            assert not await gets_in(port, trusting(tmp_path))
            assert await gets_in(port, trusting(tmp_path, "client"))

    run_real(main())


def test_handshakes_that_never_begin_hold_up_nobody(tmp_path: Path) -> None:
    """50 connections that never begin their handshake do not delay another one's."""
    Certificates(tmp_path)

    async def main() -> bool:
        async with serving(tmp_path, TLS) as port:
            silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
            async with asyncio.timeout(2):
                accepted = await gets_in(port, trusting(tmp_path))
            for _, writer in silent:
                writer.close()
            return accepted

    assert run_real(main())


@pytest.mark.parametrize("text", [TLS, ""], ids=["TLS", "plain"])
@pytest.mark.parametrize(("limit", "most"), [(228, 100), (138, 10), (133, 5)])
def test_silent_connections_over_the_cap_leave_room_for_an_honest_one(
    tmp_path: Path, text: str, limit: int, most: int
) -> None:
    """Connections whose handshake never begins count from accept on; the oldest goes first."""
    Certificates(tmp_path)
    context = trusting(tmp_path) if text else None

    async def main() -> tuple[list[bool], int]:
        async with serving(tmp_path, text) as port:
            silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]
            async with asyncio.timeout(5):
                accepted = [await gets_in(port, context) for _ in range(5)]
            await asyncio.sleep(0.1)  # noqa: TID251
            left = sum(not reader.at_eof() for reader, _ in silent)
            for _, writer in silent:
                writer.close()
            return accepted, left

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    # The cap is 128 below the limit.
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, before[1]))
    try:
        accepted, left = run_real(main())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert all(accepted)
    assert left <= most

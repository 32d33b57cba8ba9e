"""The API's certificate is verified, on real sockets; nothing is ever sent to who has none."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exporter.errors import PollError
from exporter.ringostat.reply import InFlight
from exporter.ringostat.trust import read_trust
from tests.support.certificates import Certificates
from tests.support.peers import KEY, Impatient, Peer, anything, client, reply
from tests.support.real import run_real

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def ask(folder: Path, server: str, trusted: str | None) -> tuple[str, list[bytes], int]:
    """The result or the reason, what the server was sent, and how many pauses were made."""
    made = Peer(reply(b'{"id": 1, "result": []}'))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / f"{server}.pem", folder / f"{server}.key")
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=context)
    url = f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    trust = read_trust(folder / trusted if trusted else None)
    try:
        async with client(url, trust=trust) as asking:
            found = "good"
            try:
                await asking.fetch(anything(1), KEY, InFlight())
            except PollError as error:
                found = error.reason
            clock = asking._clock
            assert isinstance(clock, Impatient)
            return found, made.requests, len(clock.slept)
    finally:
        listening.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("certificates")
    certificates = Certificates(made)
    certificates.issue("expired", "127.0.0.1", LONG_AGO)
    certificates.issue("another", "api.example")
    return made


def test_a_certificate_of_the_configured_authority_is_accepted(folder: Path) -> None:
    """`ca_file` is trusted for the host that it names."""
    found, requests, _ = run_real(ask(folder, "server", "ca.pem"))
    assert found == "good"
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("server", "trusted"),
    [("server", None), ("expired", "ca.pem"), ("another", "ca.pem")],
    ids=["an authority nobody knows", "expired", "another host"],
)
def test_any_other_is_refused_once_and_sent_nothing(
    folder: Path, server: str, trusted: str | None
) -> None:
    """The key never leaves, and there is no second try."""
    found, requests, retries = run_real(ask(folder, server, trusted))
    assert found == "tls"
    assert requests == []
    assert retries == 0

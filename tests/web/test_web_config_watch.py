"""`--web.config.file` while it is served: what changes in it, and what stands in its place."""

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter.log import make_log
from exporter.web.web_config import WebConfigFile
from tests.support.certificates import Certificates
from tests.support.exporting import Lines
from tests.support.virtual import HandClock
from tests.support.web_configs import HASH, TLS


class Watched:
    """A web configuration on disk that a test changes."""

    def __init__(self, folder: Path, text: str) -> None:
        self.path = folder / "web.yaml"
        self.clock = HandClock()
        self.lines: list[str] = []
        self.replace(text)
        self.file = WebConfigFile(
            self.path, self.clock, make_log("info", "logfmt", Lines(self.lines))
        )

    def replace(self, text: str) -> None:
        new = self.path.with_suffix(".new")
        new.write_text(text)
        os.replace(new, self.path)  # noqa: PTH105 - what editors do

    def warnings(self) -> list[str]:
        return [line for line in self.lines if "level=warn" in line]


def test_a_changed_file_holds_at_once(tmp_path: Path) -> None:
    """A valid change is in force at the next look, without a warning."""
    watched = Watched(tmp_path, "")
    assert watched.file.refresh().users == {}
    watched.replace(f"basic_auth_users: {{alice: {HASH}}}\n")
    assert list(watched.file.refresh().users) == [b"alice"]
    assert not watched.warnings()


def test_a_broken_file_leaves_the_last_good_one_and_is_told_once(tmp_path: Path) -> None:
    """An invalid or missing file never replaces a valid one, and is logged once."""
    watched = Watched(tmp_path, f"basic_auth_users: {{alice: {HASH}}}\n")
    watched.replace("basic_auth_users: {alice: open}\n")
    for _ in range(5):
        watched.clock.move(2.0)
        assert list(watched.file.refresh().users) == [b"alice"]
    assert len(watched.warnings()) == 1
    assert "is not a bcrypt hash" in watched.warnings()[0]
    watched.path.unlink()
    assert list(watched.file.refresh().users) == [b"alice"]
    watched.replace("")
    watched.clock.move(2.0)
    assert watched.file.refresh().users == {}


def test_a_renewed_certificate_is_another_context(tmp_path: Path) -> None:
    """The TLS context stays the same object until a certificate changes."""
    authority = Certificates(tmp_path)
    watched = Watched(tmp_path, TLS)
    before = watched.file.refresh().context
    assert watched.file.refresh().context is before
    authority.issue("server", "127.0.0.1")
    renewed = watched.file.refresh().context
    assert renewed is not None
    assert renewed is not before


def test_a_certificate_that_came_before_its_key_is_waited_for(tmp_path: Path) -> None:
    """Two files are not swapped in one moment: the mismatch in between is no reason to stop."""
    authority = Certificates(tmp_path)
    watched = Watched(tmp_path, TLS)
    before = watched.file.refresh().context
    key = (tmp_path / "server.key").read_bytes()
    authority.issue("server", "127.0.0.1")
    new_key = (tmp_path / "server.key").read_bytes()
    (tmp_path / "server.key").write_bytes(key)
    assert watched.file.refresh().context is before
    assert "key_file is not the key of cert_file" in watched.warnings()[0]
    (tmp_path / "server.key").write_bytes(new_key)
    watched.clock.move(2.0)
    assert watched.file.refresh().context not in (None, before)


@pytest.mark.parametrize("with_tls", [True, False])
def test_tls_is_turned_on_or_off_by_a_restart_only(tmp_path: Path, with_tls: bool) -> None:
    """Adding or removing TLS is logged once and not done; the rest of the file is in force."""
    Certificates(tmp_path)
    users = f"basic_auth_users: {{alice: {HASH}}}\n"
    watched = Watched(tmp_path, TLS if with_tls else "")
    before = watched.file.refresh().context
    watched.replace(users if with_tls else users + TLS)
    for _ in range(3):
        watched.clock.move(2.0)
        web_config = watched.file.refresh()
        assert web_config.context is before
        assert list(web_config.users) == [b"alice"]
    assert len(watched.warnings()) == 1
    assert "restart" in watched.warnings()[0]


def put_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def put_gigabyte(path: Path) -> None:
    path.unlink()
    with path.open("wb") as file:
        file.truncate(1 << 30)


def put_loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


@pytest.mark.parametrize("name", ["web.yaml", "server.pem", "server.key", "ca.pem"])
@pytest.mark.parametrize("put", [put_pipe, put_folder, put_gigabyte, put_loop])
def test_what_is_no_file_in_place_of_one_leaves_the_last_good_one(
    tmp_path: Path, name: str, put: Callable[[Path], None]
) -> None:
    """A pipe, a folder, a gigabyte, a link to itself: nobody waits, one warning, and it heals."""
    Certificates(tmp_path)
    text = (
        "tls_server_config: {cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem,"
        f" client_auth_type: RequireAndVerifyClientCert}}\nbasic_auth_users: {{alice: {HASH}}}\n"
    )
    watched = Watched(tmp_path, text)
    before = watched.file.current
    good = (tmp_path / name).read_bytes()
    put(tmp_path / name)
    for _ in range(4):
        watched.clock.move(2.0)
        assert watched.file.refresh() is before
    assert len(watched.warnings()) == 1
    path = tmp_path / name
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink()
    path.write_bytes(good)
    watched.clock.move(2.0)
    assert watched.file.refresh() is not before


class SteppingClock(HandClock):
    """Every sleep is over at once, a second later."""

    async def sleep(self, seconds: float) -> None:
        self.move(seconds)


def test_files_are_read_beside_the_loop(tmp_path: Path) -> None:
    """The watch hands each look to the thread it was given."""
    path = tmp_path / "web.yaml"
    path.write_text("")
    file = WebConfigFile(path, SteppingClock(), make_log("error", "logfmt", None))
    looks = 0

    async def files(function: Callable[[], object]) -> object:
        nonlocal looks
        looks += 1
        if looks == 3:
            raise asyncio.CancelledError
        return function()

    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(file.follow(files))  # type: ignore[arg-type]
    assert looks == 3

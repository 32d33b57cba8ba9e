"""`--web.config.file`: `*.good.yaml` load, each mistake of `*.bad.yaml` is the line that it says.

The files were made after exporter-toolkit's docs/web-configuration.md. promtool has the last word
on each of them, but for those that say `# promtool:` and why.
"""

import asyncio
import contextlib
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter.errors import ConfigurationError
from exporter.log import make_log
from exporter.web.web_config import WebConfigFile, load_web_config
from tests.support.certificates import Certificates
from tests.support.exporting import Lines
from tests.support.processes import need
from tests.support.virtual import HandClock

DATA = Path(__file__).parent.parent / "data" / "web"
HASH = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG"
TLS = "tls_server_config: {cert_file: server.pem, key_file: server.key}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    Certificates(folder)
    for path in DATA.iterdir():
        shutil.copy(path, folder)
    return folder


def names(pattern: str) -> list[str]:
    return sorted(path.name for path in DATA.glob(pattern))


def test_there_are_enough_of_them() -> None:
    """The examples cover the format: at least 30 files."""
    assert len(names("*.yaml")) >= 30


@pytest.mark.parametrize("name", names("*.good.yaml"))
def test_good_files_load(folder: Path, name: str) -> None:
    """Each good example is accepted."""
    load_web_config(folder / name)


@pytest.mark.parametrize("name", names("*.bad.yaml"))
def test_every_mistake_has_its_line(folder: Path, name: str) -> None:
    """Each bad example is rejected with the mistakes it announces, and without any secret."""
    expected = re.findall(r"^# expect: (.*)$", (folder / name).read_text(), re.MULTILINE)
    with pytest.raises(ConfigurationError) as caught:
        load_web_config(folder / name)
    mistakes = [line.removeprefix(f"{folder / name}:") for line in caught.value.mistakes]
    assert mistakes == expected
    assert "canary" not in "".join(mistakes)
    assert HASH not in "".join(mistakes)


@pytest.mark.real
@pytest.mark.parametrize("name", names("*.yaml"))
def test_promtool_is_of_the_same_mind(folder: Path, name: str) -> None:
    """An example is judged as by promtool, except where it says why not."""
    verdict = subprocess.run(
        [need("promtool"), "check", "web-config", str(folder / name)],
        capture_output=True,
        check=False,
    )
    announced = re.search(r"^# promtool: (\w+), .*", (folder / name).read_text())
    if announced is None:
        assert (verdict.returncode == 0) == name.endswith(".good.yaml"), verdict
    elif announced[1] == "unknown":
        # Should a later promtool know the key, it is to be asked like the others.
        assert verdict.returncode != 0
        assert b"not found in type" in verdict.stderr + verdict.stdout
    else:
        assert name.endswith(".bad.yaml")
        assert verdict.returncode == 0, verdict


def test_what_a_whole_file_says(folder: Path) -> None:
    """Every section of a file arrives in the plain configuration."""
    path = folder / "all.yaml"
    path.write_text(
        f"{TLS}basic_auth_users: {{alice: {HASH}}}\nrate_limit: {{interval: 500ms, burst: 3}}\n"
        "http_server_config: {headers: {X-Frame-Options: deny}}\n"
    )
    web_config = load_web_config(path)
    assert web_config.context is not None
    assert web_config.context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert web_config.context.verify_mode is ssl.CERT_NONE
    assert web_config.users == {b"alice": HASH.encode()}
    assert web_config.rate == (0.5, 3)
    assert web_config.headers == {b"x-frame-options": b"deny"}
    assert [file.name for file in web_config.files] == ["server.pem", "server.key"]


@pytest.mark.parametrize(
    ("name", "mode"),
    [("mutual", ssl.CERT_REQUIRED), ("given", ssl.CERT_OPTIONAL), ("only_tls13", ssl.CERT_NONE)],
)
def test_what_is_asked_of_clients(folder: Path, name: str, mode: ssl.VerifyMode) -> None:
    """`client_auth_type` decides whether a client must, may or need not present a certificate."""
    context = load_web_config(folder / f"{name}.good.yaml").context
    assert context is not None
    assert context.verify_mode is mode


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


@pytest.mark.parametrize(
    "hashed",
    [
        "$2y$10$" + "/" * 53,  # not the last character of a salt
        "$2b$04$" + "A" * 21 + "B" + "A" * 31,
        "$2a$10$" + "." * 21 + "z" + "." * 31,
    ],
)
def test_a_hash_that_bcrypt_refuses_is_refused_at_the_start(tmp_path: Path, hashed: str) -> None:
    """A hash of the right shape is tried once, not at the first request."""
    path = tmp_path / "web.yaml"
    path.write_text(f"basic_auth_users:\n  alice: {hashed}\n")
    with pytest.raises(ConfigurationError) as caught:
        load_web_config(path)
    assert caught.value.mistakes == (
        f"{path}:2: basic_auth_users.alice: is not a bcrypt hash; bcrypt refuses it",
    )


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (f'basic_auth_users: {{"a\\ud800": {HASH}}}', "is no user name: a client cannot send it"),
        (f'basic_auth_users: {{"a:b": {HASH}}}', "is no user name: a client cannot send it"),
        (f"rate_limit: {{interval: {'9' * 400}h, burst: 1}}", "is longer than a day"),
        (f"rate_limit: {{interval: 1s, burst: 1{'0' * 400}}}", "must be at most 100000"),
    ],
)
def test_what_would_fail_at_a_request_is_refused_at_the_start(
    tmp_path: Path, text: str, mistake: str
) -> None:
    """Names that cannot be sent and numbers that cannot be reckoned with are mistakes."""
    path = tmp_path / "web.yaml"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load_web_config(path)
    assert len(caught.value.mistakes) == 1
    assert caught.value.mistakes[0].endswith(mistake)


@pytest.mark.parametrize("name", ["server.pem", "server.key", "ca.pem"])
def test_a_damaged_certificate_is_told_in_our_words(tmp_path: Path, name: str) -> None:
    """What OpenSSL says of it never gets out."""
    Certificates(tmp_path)
    lines = (tmp_path / name).read_text().splitlines()
    (tmp_path / name).write_text("\n".join([lines[0], "!!!!", *lines[2:]]) + "\n")
    path = tmp_path / "web.yaml"
    path.write_text(
        "tls_server_config: {cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem,"
        " client_auth_type: RequireAndVerifyClientCert}\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        load_web_config(path)
    assert "damaged" in caught.value.mistakes[0]


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

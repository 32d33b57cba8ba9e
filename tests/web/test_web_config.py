"""`--web.config.file`: `*.good.yaml` load, each mistake of `*.bad.yaml` is the line that it says.

The files were made after exporter-toolkit's docs/web-configuration.md. promtool has the last word
on each of them, but for those that say `# promtool:` and why.
"""

import re
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from exporter.errors import ConfigurationError
from exporter.web.web_config import load_web_config
from tests.support.certificates import Certificates
from tests.support.processes import need
from tests.support.web_configs import HASH, TLS

DATA = Path(__file__).parent.parent / "data" / "web"


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
        (f"rate_limit: {{interval: {'9' * 400}h, burst: 1}}", "like 1s, 100ms or 1m30s"),
        ("rate_limit: {interval: 24h1ns, burst: 1}", "is longer than a day"),
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

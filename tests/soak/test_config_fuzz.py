"""Any configuration: `check` and the start agree, and nobody sees a traceback or a secret."""

import asyncio
import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import trustme
from hypothesis import HealthCheck, given, settings

from exporter.app import Exporter, Options
from exporter.cli import run
from exporter.clock import SystemClock
from exporter.config import Config, load
from exporter.errors import ConfigurationError
from exporter.exposition.page import Representation
from exporter.exposition.rendering import Format
from exporter.log import make_log
from exporter.ringostat.calls import METHODS
from exporter.ringostat.transport import make_transport
from tests.support.exporting import Lines, Upstream, answer, row, samples
from tests.support.hostile_config import ENVIRONMENT, damaged, structured
from tests.support.real import soaking


@dataclass(slots=True)
class Stand:
    """A folder with the files that configurations name, and how many were tried there."""

    folder: Path
    good: int = 0
    bad: int = 0


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        (made / "key").write_text("KEY-canary\n")
        (made / "names_key").write_text("KEY-canary-of-names\n")
        (made / "bad_key").write_text("KEY-canary two\n")
        (made / "no.pem").write_text("KEY-canary")
        trustme.CA().cert_pem.write_to_path(made / "ca.pem")
        os.mkfifo(made / "fifo")
        (made / "folder").mkdir()
        (made / "empty").touch()
        stand = Stand(made)
        yield stand
        print(f"{stand.good + stand.bad} configurations, {stand.good} of them good")


def checked(path: Path) -> tuple[int, str]:
    """The exit code of `check`, and everything that it wrote."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = run(["check", f"--config.file={path}"], ENVIRONMENT)
    return code, out.getvalue()


async def started(path: Path, config: Config) -> str:
    """Starts, is scraped, reloads the same file and stops; returns page and log."""
    lines: list[str] = []
    clock = SystemClock()
    upstream = Upstream(lambda body: answer(body, [row("Ann", online="01:00:00")]), clock)
    log = make_log("debug", "logfmt", Lines(lines))
    exporter = Exporter(config, Options(lambda: load(path, ENVIRONMENT)), clock, log, upstream)
    await exporter.start()
    try:
        for _ in range(20):
            await clock.sleep(0)
        assert await exporter.reload(), lines
        page = exporter.publisher.page.body(Representation(Format.TEXT)).whole
        samples(page)
    finally:
        await exporter.stop()
    assert not any("internal" in line for line in lines), lines
    return page.decode() + "\n".join(lines)


def valid(path: Path) -> Config | tuple[str, ...]:
    """The configuration, or its mistakes."""
    try:
        return load(path, ENVIRONMENT)
    except ConfigurationError as error:
        return error.mistakes


def agree(stand: Stand, text: str) -> str:
    """Checks a file and starts with it; returns everything that either wrote."""
    path = stand.folder / "config.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    code, said = checked(path)
    config = valid(path)
    if not isinstance(config, Config):
        stand.bad += 1
        assert code == 2, said
        assert said.count("\n") == len(config)
        assert all(len(line) < 1000 for line in said.splitlines()), said
        assert "internal error" not in said, said
        return said
    stand.good += 1
    assert code == 0, said
    assert make_transport(config.api.trust, config.api.proxy_url)
    for method in METHODS:
        httpx.Request("POST", f"{config.api.base_url}/{method}")
    return said + asyncio.run(started(path, config))


EXAMPLES = soaking(4_000, 150)
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FUZZ
@given(text=structured)
def test_check_and_start_agree_on_every_file_and_show_no_secret(stand: Stand, text: str) -> None:
    """YAML of the known keys, with values that belong there and with hostile ones."""
    said = agree(stand, text)
    assert "canary" not in said, said
    assert "Traceback" not in said


@FUZZ
@given(text=damaged)
def test_check_and_start_agree_on_every_damaged_file(stand: Stand, text: str) -> None:
    """The same with something inserted and something dropped anywhere."""
    assert "Traceback" not in agree(stand, text)

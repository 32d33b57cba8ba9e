"""Reading the configuration again while everything goes on, whatever the files do."""

import asyncio
import gc
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from exporter.config import Config, load
from exporter.errors import ConfigurationError
from tests.support.exporting import select
from tests.support.real import run_real, until
from tests.test_app import GOOD, Running, running

KEY_TEXT = "KEY-canary"


def _reload_value(made: Running) -> float:
    return select(made.scrape(), GOOD).popitem()[1]


def rejections(made: Running) -> list[str]:
    """The mistakes for which a configuration was rejected, as logged."""
    lines = [line for line in made.lines if "configuration rejected; keeping the prev" in line]
    return [line.split("mistake=")[1] for line in lines]


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _sparse(path: Path) -> None:
    path.write_bytes(b"x")
    os.truncate(path, 1 << 30)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _unreadable(path: Path) -> None:
    path.write_text(KEY_TEXT)
    path.chmod(0)


def _binary(path: Path) -> None:
    path.write_bytes(b"\x00\xff" * 50)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


ODD = [_fifo, _folder, _sparse, _device, _dangling, _loop, _unreadable, _binary, _empty]


@contextmanager
def unprivileged(make: Callable[[Path], None]) -> Iterator[None]:
    """Without root's right to read everything, where that is what makes the difference."""
    drop = os.geteuid() == 0 and make is _unreadable
    if drop:
        os.seteuid(65532)
    try:
        yield
    finally:
        if drop:
            os.seteuid(0)


def _replace(path: Path, make: Callable[[Path], None]) -> None:
    """Puts something else in the place of a file."""
    path.unlink()
    make(path)


@pytest.fixture(scope="module")
def authorities() -> tuple[bytes, bytes]:
    """The certificates of two authorities, as PEM."""
    return trustme.CA().cert_pem.bytes(), trustme.CA().cert_pem.bytes()


@pytest.fixture
def place(authorities: tuple[bytes, bytes]) -> Iterator[Path]:
    """A folder that anybody may enter, with a good configuration and the files that it names."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "key").write_text(KEY_TEXT)
        (folder / "ca.pem").write_bytes(authorities[0])
        (folder / "config.yaml").write_text(
            "api: {base_url: 'http://127.0.0.1:1', ca_file: ca.pem}\n"
            "projects: [{id: 1, auth_key_file: key, interval: 1s}]\n"
        )
        yield folder


@pytest.mark.parametrize("name", ["config.yaml", "key", "ca.pem"])
@pytest.mark.parametrize("make", ODD)
def test_what_is_no_readable_file_is_one_line_at_the_start(
    place: Path, name: str, make: Callable[[Path], None]
) -> None:
    """In the place of the configuration, a key or a certificate; the line names no content."""
    load(place / "config.yaml", {})
    _replace(place / name, make)
    with unprivileged(make), pytest.raises(ConfigurationError) as caught:
        load(place / "config.yaml", {})
    (line,) = caught.value.mistakes
    assert line.startswith(f"{place}/config.yaml:")
    assert "canary" not in line


@pytest.mark.parametrize("name", ["config.yaml", "key", "ca.pem"])
def test_what_is_no_readable_file_is_one_line_at_a_reload(place: Path, name: str) -> None:
    """The previous configuration stays, the metric is 0, and a good file heals it."""

    async def main() -> None:
        async with running(place) as made:
            made.write("{id: 1, name: One, auth_key_file: key}", ca_file="ca.pem")
            assert await made.exporter.reload()
            path = place / name
            good = path.read_bytes()
            for make in ODD:
                _replace(path, make)
                made.lines.clear()
                with unprivileged(make):
                    assert not await made.exporter.reload()
                (mistake,) = rejections(made)
                assert "canary" not in mistake
                assert made.projects() == {"1": "One"}
                assert _reload_value(made) == 0
                path.rmdir() if path.is_dir() else path.unlink()
                path.write_bytes(good)
            assert await made.exporter.reload()
            assert _reload_value(made) == 1

    run_real(main())


def test_a_renewed_ca_file_makes_a_new_client(
    place: Path, authorities: tuple[bytes, bytes]
) -> None:
    """Its content counts: the same certificates again leave the client as it is."""

    async def main() -> None:
        async with running(place) as made:
            made.write(ca_file="ca.pem")
            assert await made.exporter.reload()
            first = made.exporter._supervisor._client
            os.utime(place / "ca.pem", (1, 1))
            assert await made.exporter.reload()
            assert made.exporter._supervisor._client is first
            (place / "ca.pem").write_bytes(authorities[1])
            assert await made.exporter.reload()
            assert made.exporter._supervisor._client is not first

    run_real(main())


@pytest.mark.parametrize("error", [RuntimeError, OSError, MemoryError, RecursionError, KeyError])
def test_any_failure_while_loading_leaves_the_previous_configuration(
    tmp_path: Path, error: type[Exception]
) -> None:
    """Its own text never gets out."""

    async def main() -> None:
        async with running(tmp_path) as made:

            def broken() -> Config:
                raise error("KEY-canary")

            made.exporter._reloader._load = broken
            assert not await made.exporter.reload()
            (mistake,) = rejections(made)
            assert mistake.startswith(f'"internal error: {error.__name__} at ')
            assert "canary" not in "".join(made.lines)
            assert made.projects() == {"1": "One", "2": "2"}
            assert _reload_value(made) == 0

    run_real(main())


def test_a_reading_that_hangs_holds_up_neither_polls_nor_scrapes(tmp_path: Path) -> None:
    """It is given up, the next one is rejected at once, and after its end all is well again."""

    async def main() -> None:
        async with running(tmp_path) as made:
            reloader, end = made.exporter._reloader, threading.Event()
            good_load = reloader._load
            reloader.read_seconds = 0.5

            def hang() -> Config:
                end.wait()
                return good_load()

            reloader._load = hang
            asked = len(made.upstream.asked)
            try:
                reloads = [asyncio.create_task(made.exporter.reload()) for _ in range(2)]
                await until(lambda: len(made.upstream.asked) > asked + 1)  # polls go on
                made.scrape()
                assert await asyncio.gather(*reloads) == [False, False]
            finally:
                end.set()
            assert rejections(made) == [
                '"reading it takes over 0.5 s: a file of it hangs"',
                '"the previous reading has not ended: a file of it hangs"',
            ]
            assert _reload_value(made) == 0
            assert gc.isenabled()
            reloader._load = good_load
            await until(lambda: reloader._reading and reloader._reading.done())
            assert await made.exporter.reload()

    run_real(main())

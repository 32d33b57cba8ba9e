"""Keys: never printed, read from files that change."""

import os
import pickle
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter.files import stamp_of
from exporter.ringostat.key import KeySource, Secret, parse_key, read_key_file


def test_a_secret_prints_as_nothing() -> None:
    """Neither str, repr nor pickle gives the key away."""
    secret = Secret("KEY-canary")
    assert "canary" not in f"{secret} {secret!r} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret == Secret("KEY-canary")
    assert secret != Secret("other")
    assert secret.reveal() == "KEY-canary"


@pytest.mark.parametrize("text", ["", "  ", "a b", "a\nb", "ключ", "a\x00b", "a\x7f"])
def test_what_is_no_key_is_refused_without_quoting_it(text: str) -> None:
    """A key is one ASCII word without control characters."""
    with pytest.raises(ValueError) as caught:
        parse_key(text)
    assert not text.strip() or text not in str(caught.value)


def test_white_space_around_a_key_is_stripped(tmp_path: Path) -> None:
    """A line break at the end of a key file is no part of the key."""
    file = tmp_path / "key"
    file.write_bytes(b"abc\r\n")
    assert read_key_file(file).reveal() == "abc"


def test_an_unreadable_key_file_says_why(tmp_path: Path) -> None:
    """The message names the reason and not the content."""
    with pytest.raises(ValueError, match="No such file"):
        read_key_file(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="ASCII"):
        read_key_file(tmp_path / "binary")


def test_a_rotated_file_is_read_and_a_half_written_one_is_not(tmp_path: Path) -> None:
    """Kubernetes swaps a symbolic link."""
    (tmp_path / "1").write_text("first\n")
    (tmp_path / "2").write_text("second\n")
    (tmp_path / "3").write_text("")
    link = tmp_path / "key"
    link.symlink_to("1")
    source = KeySource.of_file(link)
    assert not source.changed()

    def swap(target: str) -> None:
        (tmp_path / "new").symlink_to(target)
        (tmp_path / "new").replace(link)

    swap("2")
    assert source.changed()
    assert source.current().reveal() == "second"
    swap("3")
    assert not source.changed()
    assert source.problem == "is empty"
    assert source.current().reveal() == "second"
    link.unlink()
    assert not source.changed()
    assert source.problem is not None
    link.symlink_to("1")
    assert source.changed()
    assert source.problem is None


def test_a_file_that_could_not_be_read_once_is_looked_at_until_it_was(tmp_path: Path) -> None:
    """Its content need not change in between: a folder's mode or a lack of descriptors may have.

    The stamp says "unchanged" for a path whose folder was renamed away and back.
    """
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "key").write_text("first")
    source = KeySource.of_file(folder / "key")
    (folder / "key").write_text("second")
    folder.rename(tmp_path / "away")
    assert not source.changed()
    assert source.problem == "cannot be read: No such file or directory"
    (tmp_path / "away").rename(folder)
    assert source.changed()
    assert source.current() == Secret("second")
    assert source.problem is None


def test_a_key_that_is_written_while_the_file_is_read_is_a_change(tmp_path: Path) -> None:
    """The stamp is of before the reading, so nothing that comes later is taken for seen."""
    file = tmp_path / "key"
    file.write_text("first")
    before = stamp_of(file)
    file.write_text("second")
    source = KeySource(Secret("first"), file, before)
    assert source.changed()
    assert source.current() == Secret("second")


def test_a_key_written_within_the_file_systems_tick_is_seen(tmp_path: Path) -> None:
    """A stamp may stay as it is: so a new file is read again at three further looks."""
    file = tmp_path / "key"
    file.write_text("first")
    source = KeySource.of_file(file)
    stamp = stamp_of(file)
    assert stamp is not None
    for text in ("half-", "whole"):
        file.write_text(text)
        os.utime(file, ns=(0, stamp.modified_ns))
        source._stamp = stamp_of(file)  # as if the inode's clock had stood still, too
        assert source.changed()
        assert source.current() == Secret(text)


def _without_descriptors(_file: Path) -> Callable[[], object]:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limits[1]))
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def _another_mode(file: Path) -> Callable[[], object]:
    file.chmod(0)
    if os.geteuid() == 0:
        os.seteuid(65532)

    def undo() -> None:
        os.seteuid(os.getuid())
        file.chmod(0o600)

    return undo


def _half_written(file: Path) -> Callable[[], object]:
    file.write_text("sec ond")
    return lambda: file.write_text("second")


def _gone(file: Path) -> Callable[[], object]:
    file.rename(file.with_name("away"))
    return lambda: file.with_name("away").rename(file)


def _pipe(file: Path) -> Callable[[], object]:
    file.unlink()
    os.mkfifo(file)

    def undo() -> None:
        file.unlink()
        file.write_text("second")

    return undo


@pytest.mark.parametrize(
    "spoil", [_without_descriptors, _another_mode, _half_written, _gone, _pipe]
)
def test_a_key_that_cannot_be_read_for_a_while_is_read_afterwards(
    tmp_path: Path, spoil: Callable[[Path], Callable[[], object]]
) -> None:
    """Whatever kept it from being read: until then the previous key is used."""
    file = tmp_path / "key"
    file.write_text("first")
    source = KeySource.of_file(file)
    file.write_text("second")
    undo = spoil(file)
    try:
        looks = [source.changed() for _ in range(10)]
        problem = source.problem
    finally:
        undo()
    assert not any(looks)
    assert problem
    assert source.current() == Secret("first")
    assert source.changed()
    assert source.current() == Secret("second")
    assert source.problem is None


def test_a_folder_and_a_large_file_are_no_key(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^is not a regular file$"):
        read_key_file(tmp_path)
    (tmp_path / "large").write_text("k" * 4097)
    with pytest.raises(ValueError, match=r"^is over 4 KiB$"):
        read_key_file(tmp_path / "large")


def test_sources_are_equal_by_place_and_key(tmp_path: Path) -> None:
    """A reload of an unchanged file sees an unchanged key."""
    assert KeySource(Secret("a")) == KeySource(Secret("a"))
    assert KeySource(Secret("a")) != KeySource(Secret("b"))
    assert KeySource(Secret("a")) != KeySource(Secret("a"), tmp_path / "key")
    assert hash(KeySource(Secret("a"))) == hash(KeySource(Secret("a")))

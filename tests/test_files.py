"""Files that change, and files that are none."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter.files import read_file, stamp_of


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x" * 4096)
    assert read_file(file, 4096) == b"x" * 4096
    file.write_bytes(b"")
    assert read_file(file) == b""
    file.write_bytes(b"x" * (1 << 20))
    assert len(read_file(file)) == 1 << 20


@pytest.mark.parametrize(("limit", "text"), [(4096, "is over 4 KiB"), (1 << 20, "is over 1 MiB")])
def test_a_file_over_the_limit_is_an_error_however_large_it_is(
    tmp_path: Path, limit: int, text: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    for size in (limit + 1, 1 << 40):  # a terabyte of holes
        os.truncate(file, size)
        with pytest.raises(ValueError, match=rf"^{text}$"):
            read_file(file, limit)


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _link_to_a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [_folder, _pipe, _link_to_a_device])
def test_what_is_no_regular_file_is_never_waited_for(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    """A pipe without a writer would hold up whoever opens it; a device never ends."""
    make(tmp_path / "file")
    with pytest.raises(ValueError, match=r"^is not a regular file$"):
        read_file(tmp_path / "file")


def test_what_cannot_be_opened_says_why_and_not_where(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"^cannot be read: No such file or directory$"):
        read_file(tmp_path / "none")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ValueError, match=r"^cannot be read: Too many levels of symbolic links$"):
        read_file(tmp_path / "loop")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        with pytest.raises(ValueError, match=r"^cannot be read: No such device or address$"):
            read_file(tmp_path / "s")


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_a_name_that_no_file_can_have_is_an_error_in_our_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"^cannot be read: the name is invalid$"):
        read_file(tmp_path / name)
    assert stamp_of(tmp_path / name) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    file.chmod(0)
    with pytest.raises(ValueError, match=r"^cannot be read: Permission denied$"):
        read_file(file)


def test_a_stamp_tells_every_change(tmp_path: Path) -> None:
    """New content of the same length, another mode, another file under the same name."""
    file = tmp_path / "file"
    assert stamp_of(file) is None
    file.write_text("one")
    first = stamp_of(file)
    assert first is not None
    assert stamp_of(file) == first
    os.utime(file, ns=(0, first.modified_ns + 1))
    second = stamp_of(file)
    assert second != first
    (tmp_path / "new").write_text("two")
    (tmp_path / "new").replace(file)
    assert stamp_of(file) not in (first, second)


def test_a_change_of_mode_alone_is_a_change(tmp_path: Path) -> None:
    """So a file that could not be read is looked at again when its mode allows it."""
    file = tmp_path / "file"
    file.write_text("one")
    stamp = stamp_of(file)
    assert stamp is not None
    for attempt in range(1_000_000):  # the file system's clock stands still for some milliseconds
        file.chmod(0o600 if attempt % 2 else 0o640)
        if stamp_of(file) != stamp:
            break
    later = stamp_of(file)
    assert later is not None
    assert later.changed_ns > stamp.changed_ns
    assert later.modified_ns == stamp.modified_ns

"""A command's file is whole or not there, whoever else writes into the folder."""

import os
import stat
import threading
from pathlib import Path

import pytest

from exporter.commands.output import OutputError
from exporter.commands.whole_files import check_writable, is_written, write_whole


def test_a_new_file_is_its_owners_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    """Folders are made; the file has mode 0600 whatever the umask is."""
    before = os.umask(0)
    try:
        write_whole(tmp_path / "a" / "b" / "day.om", b"x")
    finally:
        os.umask(before)
    path = tmp_path / "a" / "b" / "day.om"
    assert path.read_bytes() == b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["day.om", "day.part", ".day.om.part", "day.om.tmp"])
def test_a_symbolic_link_is_not_followed(tmp_path: Path, name: str) -> None:
    """A link at the target or at any name that could be foreseen leaves its file alone."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"mine")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).symlink_to(precious)
    path = folder / "day.om"
    assert not is_written(path)
    write_whole(path, b"x")
    assert precious.read_bytes() == b"mine"
    assert is_written(path)
    assert path.read_bytes() == b"x"


def test_a_link_to_nothing_and_a_link_to_a_folder(tmp_path: Path) -> None:
    """Neither makes a file elsewhere."""
    for name, target in (("a", tmp_path / "absent"), ("b", tmp_path / "folder")):
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / name).symlink_to(target)
        write_whole(tmp_path / name, b"x")
        assert is_written(tmp_path / name)
    assert not (tmp_path / "absent").exists()
    assert list((tmp_path / "folder").iterdir()) == []


def test_many_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    """Writers of the same name never mix; each has a temporary file of its own."""
    contents = [bytes([65 + number]) * 200_000 for number in range(8)]
    path = tmp_path / "day.om"
    threads = [threading.Thread(target=write_whole, args=(path, one)) for one in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_where_the_folder_should_be_and_a_folder_where_the_file_should_be(
    tmp_path: Path,
) -> None:
    """Each is one line that names the file; what is there stays, and no part is left."""
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder" / "inner").mkdir(parents=True)
    for path, words in (
        (tmp_path / "file" / "day.om", "File exists"),
        (tmp_path / "file" / "a" / "day.om", "Not a directory"),
        (tmp_path / "folder", "Is a directory"),
        (tmp_path / ("x" * 300), "File name too long"),
    ):
        with pytest.raises(OutputError) as raised:
            write_whole(path, b"x")
        assert str(raised.value) == f"{path} cannot be written: {words}"
    assert (tmp_path / "file").read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_pipe_or_a_device_is_never_replaced(tmp_path: Path) -> None:
    """Found out before anything is asked; a link to a file, and a file, may be replaced."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OutputError, match="is no regular file; - is stdout"):
        check_writable(pipe)
    assert pipe.is_fifo()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name in ("file", "link", "new"):
        check_writable(tmp_path / name)

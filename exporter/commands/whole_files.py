"""Files that are there with all of their content, or not at all."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from exporter.commands.output import OutputError, os_error_in_words


def is_written(path: Path) -> bool:
    """Whether a regular file of this name is there; a symbolic link is not one.

    Somebody else who may write to the folder could have put a link there.

    Raises:
        OutputError: The folder may not be looked into.
    """
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _failure(path, error) from None


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file, readable by its owner alone; what was there before is replaced.

    The content goes to a new file of a name that nobody can foresee, in the same folder, which
    then takes the name. So no symbolic link is followed, and several programs may do this at once.

    Raises:
        OutputError: It cannot be written: nothing of it is left then, and what was there stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(".part", f".{path.name}.", path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise _failure(path, error) from None


def check_writable(path: Path) -> None:
    """Whether a file can be made, or replaced, in its folder, which is made if it is not there.

    Raises:
        OutputError: It cannot, or what is there is a folder, a device or a pipe, which a file must
            not take the place of.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        if path.exists() and not path.is_file():
            raise OutputError(f"{path} cannot be written: it is no regular file; - is stdout")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise _failure(path, error) from None


def _failure(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path} cannot be written: {os_error_in_words(error)}")


def _sync_folder(folder: Path) -> None:
    """Makes the new name last through a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Key files are looked at by folder: one that hangs delays no other, and no poll."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from exporter.polling.key_watch import KeyWatch
from exporter.polling.poller import Poller
from exporter.ringostat.key import KeySource
from tests.support.exporting import Rig, Upstream, good, make_spec
from tests.support.virtual import NOON, VirtualClock, virtual

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Hanging:
    """Reads files on the spot, but for those of folders that hang."""

    def __init__(self) -> None:
        self.folders: set[str] = set()
        self.end = asyncio.Event()
        self.broken = False

    async def __call__(
        self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        (keys,) = args
        assert isinstance(keys, list)
        if self.broken:
            raise RuntimeError("KEY-canary")
        if keys[0].path.parent.name in self.folders:
            await self.end.wait()
        return function(*args, **kwargs)


def _write(folder: Path, name: str) -> KeySource:
    file = folder / name / "key"
    file.parent.mkdir()
    file.write_text("first")
    return KeySource.of_file(file)


async def _watched(folder: Path, files: Hanging) -> tuple[Rig, KeyWatch]:
    clock = VirtualClock(NOON)
    rig = Rig(clock, Upstream(good(), clock))
    specs = [
        make_spec(project_id=number, name=name, key=_write(folder, name))
        for number, name in enumerate(("near", "far", "other"), 1)
    ]
    pollers = [Poller(spec, rig.client, clock, rig.publisher, rig.log) for spec in specs]
    return rig, KeyWatch(lambda: pollers, clock, rig.log, files)


def _rotate(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name / "key").write_text("second")


def _read_again(rig: Rig) -> list[str]:
    return [
        line.split("project=")[1].split()[0] for line in rig.lines if "key file read again" in line
    ]


@virtual
async def test_a_folder_that_hangs_delays_no_other(tmp_path: Path) -> None:
    """It is looked at again once it answers."""
    files = Hanging()
    files.folders = {"far"}
    rig, watch = await _watched(tmp_path, files)
    task = asyncio.create_task(watch.run())
    await rig.clock.sleep(5)
    _rotate(tmp_path, "near", "far", "other")
    await rig.clock.sleep(2)
    assert sorted(_read_again(rig)) == ["near", "other"]
    await rig.clock.sleep(3600)
    files.end.set()
    await rig.clock.sleep(2)
    assert sorted(_read_again(rig)) == ["far", "near", "other"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await rig.stop()


@virtual
async def test_a_mistake_of_our_own_ends_no_watch(tmp_path: Path) -> None:
    """It is logged by its place, and the next look may do better."""
    files = Hanging()
    files.broken = True
    rig, watch = await _watched(tmp_path, files)
    task = asyncio.create_task(watch.run())
    await rig.clock.sleep(0.5)
    files.broken = False
    _rotate(tmp_path, "near")
    await rig.clock.sleep(2)
    assert _read_again(rig) == ["near"]
    errors = [line for line in rig.lines if "key files not read: internal error" in line]
    assert len(errors) == 3
    assert "canary" not in "".join(errors)
    files.folders = {"far"}
    await rig.clock.sleep(2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await rig.stop()

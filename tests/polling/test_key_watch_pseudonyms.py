"""The key file of pseudonyms: another key is shown at once, a broken one changes nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from exporter.files import FileValue
from exporter.polling.project import ProjectSpec
from exporter.ringostat.pseudonyms import Pseudonyms, pseudonyms_of_file
from tests.support.exporting import GAINED, SECONDS, Rig, Upstream, good, make_spec, rig, row
from tests.support.pseudonyms import ANN, ANOTHER_ANN, ANOTHER_BOB, ANOTHER_KEY, BOB, KEY
from tests.support.virtual import NOON, VirtualClock, virtual

ROWS = [row("Bob", online="01:00:00"), row("Ann", online="00:30:00")]
OTHERS = {ANOTHER_ANN, ANOTHER_BOB}


def write(file: Path, content: bytes | None) -> None:
    """Writes the key file; None takes it away."""
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pseudonym-key"
    write(path, KEY + b"\n")
    return path


def labels(made: Rig, project: str = "Sales") -> dict[str, set[str]]:
    """Family -> who is shown in one scrape."""
    found: dict[str, set[str]] = {}
    for name, pairs in made.scrape():
        of = dict(pairs)
        if "employee" in of and of["project"] == project:
            found.setdefault(name, set()).add(of["employee"])
    return found


def spec_of(key: FileValue[Pseudonyms] | None, **changes: object) -> ProjectSpec:
    return make_spec(pseudonyms=key, interval=3600.0, **changes)


@virtual
async def test_another_key_gives_every_family_its_new_labels_in_one_scrape(file: Path) -> None:
    """Nothing is asked for it, and the log names the file alone."""
    clock = VirtualClock(NOON)
    upstream = Upstream(good(ROWS), clock)
    async with rig(clock, upstream, spec_of(pseudonyms_of_file(file))) as made:
        await clock.sleep(30)
        assert labels(made)[SECONDS] == {ANN, BOB}
        asked = len(upstream.asked)
        write(file, ANOTHER_KEY)
        await clock.sleep(5)
        families = labels(made)
        assert {SECONDS, GAINED} <= set(families)
        assert all(who <= OTHERS for who in families.values()), families
        assert families[SECONDS] == OTHERS
        assert made.value(SECONDS, employee=ANOTHER_ANN, status="online") == 1800
        assert len(upstream.asked) == asked
        (line,) = [line for line in made.lines if "pseudonym key file" in line]
        assert "pseudonym key file read again" in line
        assert f"file={file}" in line
        assert "another key" not in "".join(made.lines)


@virtual
async def test_a_key_file_that_breaks_later_leaves_the_previous_key(file: Path) -> None:
    """Also for polls that come then; it is logged once, and the next good key is used."""
    clock = VirtualClock(NOON)
    spec = replace(spec_of(pseudonyms_of_file(file)), interval=60.0)
    async with rig(clock, Upstream(good(ROWS), clock), spec) as made:
        await clock.sleep(30)
        write(file, b"canary")
        await clock.sleep(300)
        write(file, None)
        await clock.sleep(300)
        assert labels(made)[SECONDS] == {ANN, BOB}
        rejected = [line for line in made.lines if "keeping the previous key" in line]
        assert [line.split("problem=")[1] for line in rejected] == [
            '"is shorter than 16 bytes"',
            '"cannot be read: No such file or directory"',
        ]
        assert "canary" not in "".join(made.lines)
        write(file, ANOTHER_KEY)
        await clock.sleep(3)
        assert labels(made)[SECONDS] == OTHERS


@virtual
async def test_projects_that_share_a_key_file_change_together(file: Path) -> None:
    """A pseudonym key of `defaults` is one value of all of them, and one line of the log."""
    clock = VirtualClock(NOON)
    shared = pseudonyms_of_file(file)
    specs = [spec_of(shared, project_id=n, name=f"P{n}") for n in (1, 2, 3)]
    plain = spec_of(None, project_id=4, name="P4")
    async with rig(clock, Upstream(good(ROWS), clock), *specs, plain) as made:
        await clock.sleep(30)
        write(file, ANOTHER_KEY)
        await clock.sleep(3)
        shown = [labels(made, f"P{n}")[SECONDS] for n in (1, 2, 3, 4)]
        assert shown == [OTHERS] * 3 + [{"Ann", "Bob"}]
        (line,) = [line for line in made.lines if "pseudonym key file" in line]
        assert "projects=3" in line


@virtual
async def test_a_reload_that_brings_or_takes_pseudonyms_holds_at_once(file: Path) -> None:
    """What was gained by a name is gained by its pseudonym."""
    clock = VirtualClock(NOON)
    spec = replace(spec_of(None), interval=60.0)
    async with rig(clock, Upstream(good(ROWS), clock), spec) as made:
        await clock.sleep(30)
        assert labels(made)[GAINED] == {"Ann", "Bob"}
        await made.adopt(replace(spec, pseudonyms=pseudonyms_of_file(file)))
        assert all(who <= {ANN, BOB} for who in labels(made).values())
        assert labels(made)[GAINED] == {ANN, BOB}
        await made.adopt(spec)
        assert labels(made)[GAINED] == {"Ann", "Bob"}


@virtual
async def test_all_of_a_rendering_has_one_key(file: Path) -> None:
    """The key changes while a page is made: the page is of one key or of the other."""

    class Restless(FileValue[Pseudonyms]):
        """Has another key at each look."""

        looks = 0

        def current(self) -> Pseudonyms:
            self.looks += 1
            return Pseudonyms((KEY, ANOTHER_KEY)[self.looks % 2])

    clock = VirtualClock(NOON)
    restless = Restless(Pseudonyms(KEY), lambda _path: Pseudonyms(KEY))
    spec = make_spec(pseudonyms=restless, windows=("today", "yesterday"))
    async with rig(clock, Upstream(good(ROWS), clock), spec) as made:
        for _ in range(4):
            await clock.sleep(60)
            shown = set().union(*labels(made).values())
            assert shown in ({ANN, BOB}, OTHERS)
    assert restless.looks > 4

"""The trial stack and the demo state the shifts and limits that their centre works by."""

import importlib.util
from pathlib import Path

import pytest

from exporter.config import load
from exporter.polling.project import ProjectSpec
from exporter.polling.roster import Roster
from exporter.serve import demo_config
from exporter.simulator.centre import Centre
from exporter.simulator.rota import shifts_of
from exporter.simulator.spans import OFFLINE

FOLDER = Path(__file__).parent.parent.parent / "deploy" / "stack"
CENTRE = Centre()
DEMO = demo_config(CENTRE, "127.0.0.1:1").projects
by_name = pytest.mark.parametrize("demo", DEMO, ids=lambda demo: demo.name)


def roster_of(spec: ProjectSpec) -> Roster:
    assert spec.roster is not None
    return spec.roster


def test_the_configuration_is_what_its_builder_writes() -> None:
    """`make stand` changes nothing."""
    spec = importlib.util.spec_from_file_location("stack_build", FOLDER / "write_config.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (FOLDER / "config.yaml").read_text("utf-8") == module.build(), "make stand"


def test_it_loads_without_a_warning_and_means_what_the_demo_does() -> None:
    """The same projects, shifts, kinds and limits."""
    config = load(FOLDER / "config.yaml", {})
    assert config.warnings == []
    assert len(config.projects) == len(DEMO) == 3
    for stand, demo in zip(config.projects, DEMO, strict=True):
        assert (stand.project_id, stand.name, stand.zone) == (
            demo.project_id,
            demo.name,
            demo.zone,
        )
        assert roster_of(stand) == roster_of(demo)
        assert stand.statuses == demo.statuses


@by_name
def test_limits_are_an_hour_of_lunch_and_20_minutes_of_breaks_and_of_dnd(
    demo: ProjectSpec,
) -> None:
    limits = {rule.word: rule.limit for rule in demo.statuses if rule.limit is not None}
    assert limits == {"At lunch": 3600.0, "Break": 1200.0, "dnd": 1200.0}
    kinds = {rule.word: rule.kind for rule in demo.statuses}
    assert (kinds["At lunch"], kinds["Break"], kinds["dnd"]) == ("break", "break", None)


@by_name
def test_a_shift_is_shown_of_everybody_who_is_there(demo: ProjectSpec) -> None:
    """At every quarter of an hour of a week; a last call ends within 5 minutes of the shift."""
    desk, roster = CENTRE.desks[demo.project_id], roster_of(demo)
    assert {shift.employee for shift in shifts_of(desk)} == {
        person.name for person in desk.people if demo.shown.shows(person.name)
    }
    start = 1774440000
    there = 0
    for moment in range(start, start + 7 * 86_400, 900):
        for index, person in enumerate(desk.people):
            statuses = CENTRE.accounts_at(desk, index, moment).values()
            timetable = roster.timetable(person.name, person.departments)
            if timetable is None or set(statuses) == {OFFLINE}:
                continue
            there += 1
            # After the end of one the next of the day is shown, or none.
            shifts = [timetable.shift_at(at) for at in (moment, moment - 300)]
            assert any(s and s.start <= moment < s.end + 300 for s in shifts)
    assert there > 500

"""The pictures of docs/ show the simulated centre, and the words beside them say the same."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from deploy.pictures import build, clocks, desk_day, facts, shown
from deploy.pictures.svg import status_colour, words
from exporter.commands.timesheet_text import in_unit
from exporter.serve import demo_config
from exporter.simulator.centre import Centre
from exporter.simulator.incidents import Incident
from exporter.simulator.rota import planned
from exporter.simulator.spans import LUNCH, OFFLINE
from grafana.status_groups import BUILT_IN, colour_of

ROOT = Path(__file__).parent.parent.parent
IMAGES = ROOT / "docs" / "images"
DAY = timedelta(days=1)
CENTRE = Centre()
SALES, NIGHT = CENTRE.desks[68861], CENTRE.desks[52417]
PICTURES = build()
each_picture = pytest.mark.parametrize("name", PICTURES)


def page(name: str) -> str:
    """A document, each paragraph in one line."""
    return re.sub(r"(?<!\n)\n +", " ", (ROOT / "docs" / name).read_text("utf-8"))


def index_of(name: str) -> int:
    return next(index for index, person in enumerate(SALES.people) if person.name == name)


@each_picture
def test_the_committed_picture_is_what_the_script_draws(name: str) -> None:
    """`make pictures` changes nothing, and there is no other."""
    assert (IMAGES / name).read_text("utf-8") == PICTURES[name], "make pictures"
    assert {path.name for path in IMAGES.glob("*.svg")} == set(PICTURES)


@each_picture
def test_a_picture_is_small_has_a_title_and_a_ground_of_its_own(name: str) -> None:
    """A white card first of all, so that dark letters are readable on a dark page."""
    assert len(PICTURES[name].encode()) < 30_000
    root = ET.fromstring(PICTURES[name])
    title, ground = root[0], root[1]
    assert title.tag.endswith("title")
    assert title.text
    assert ground.attrib["fill"] == "#ffffff"
    assert float(ground.attrib["width"]) == float(root.attrib["width"]) - 1
    assert float(ground.attrib["height"]) == float(root.attrib["height"]) - 1


def test_the_timesheets_picture_is_below_150_kilobytes() -> None:
    assert 10_000 < (IMAGES / "timesheet.png").stat().st_size < 150_000


@pytest.mark.parametrize("name", [*PICTURES, "timesheet.png"])
def test_each_picture_stands_in_a_page_with_words_for_who_cannot_see_it(name: str) -> None:
    pages = page("shifts.md") + page("closed-days.md")
    (said,) = re.findall(rf"!\[([^]]+)\]\(images/{re.escape(name)}\)", pages)
    assert len(said) > 100


def test_names_are_escaped() -> None:
    """Whatever somebody is called, the file stays XML."""
    element = ET.fromstring(words((1, 2), 'Emma "Em" <Brown> & Sons'))
    assert element.text == 'Emma "Em" <Brown> & Sons'


def test_each_status_has_the_dashboards_colour() -> None:
    """Built-in ones, lunch, breaks, work and any other have different ones."""
    statuses = (*(group.name for group in BUILT_IN), LUNCH, "Break", "Training", "On the move")
    colours = {status: status_colour(status) for status in statuses}
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours.values())
    assert len(set(colours.values())) == len(statuses)
    assert colours[OFFLINE] == colour_of(OFFLINE)


def test_what_is_red_is_what_the_centre_did() -> None:
    """Who has an incident on the day has the remark of its kind; nobody else has any."""
    kinds = {
        Incident.ABSENT: "not come",
        Incident.LATE: "late by",
        Incident.LEFT_EARLY: "left early by",
        Incident.LONG_LUNCH: "over the limit by",
    }
    found = {person.name: [one.verdict for one in person.remarks] for person in desk_day.people()}
    assert len(found) == 8
    for name, verdicts in found.items():
        incident = CENTRE.incident(SALES, index_of(name), desk_day.DAY)
        expected = [] if incident is None else [kinds[incident]]
        assert [re.sub(r"( by) .*", r"\1", verdict) for verdict in verdicts] == expected, name
    assert sorted(map(len, found.values())) == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_red_stretch_is_as_long_as_its_words_say() -> None:
    """A lunch over the limit is red from the moment at which the limit was reached."""
    told = [one for person in desk_day.people() for one in person.remarks if " by " in one.verdict]
    assert len(told) == 3
    for remark in told:
        assert remark.verdict.endswith(f" by {facts.in_words(remark.end - remark.start)}")


def test_the_page_tells_of_the_day_what_the_centre_did() -> None:
    """docs/shifts.md has the same four rows, in the table and in the words for the picture."""
    rows = facts.table(desk_day.people())
    text = (ROOT / "docs" / "shifts.md").read_text("utf-8")
    assert "\n".join(rows) + "\n\n" in text
    (said,) = re.findall(r"!\[([^]]+)\]\(images/shifts-day\.svg\)", text)
    for row in rows:
        name, *_, verdict = row.strip("| ").split(" | ")
        assert name in said
        assert verdict in said


def test_the_frames_are_the_shifts_of_the_exporter() -> None:
    """As its demo has them configured, people of the picture of clocks included."""
    specs = {spec.project_id: spec for spec in demo_config(CENTRE, "127.0.0.1:1").projects}
    for desk, days in ((SALES, (desk_day.DAY,)), (NIGHT, (clocks.DAY - DAY, clocks.DAY))):
        roster = specs[desk.project_id].roster
        assert roster is not None
        for index, person in enumerate(desk.people):
            drawn = [planned(desk, index, day) for day in days if not person.bot]
            timetable = roster.timetable(person.name, ())
            spans = timetable.spans(days[0], days[-1]) if timetable else []
            assert [tuple(map(int, span)) for span in spans] == [one for one in drawn if one]


def test_the_night_of_the_clocks_has_the_lengths_that_the_page_tells() -> None:
    """Four shifts of 7 hours, one of 8, and a day of 23."""
    lengths = {}
    for index, person in enumerate(NIGHT.people):
        for start, end in clocks.shifts_of(NIGHT, index)[:1]:
            if start < CENTRE.midnight(NIGHT, clocks.DAY) < end:
                lengths[person.name] = (end - start) / 3600
    assert sorted(lengths.values()) == [7, 7, 7, 7, 8]
    assert lengths["Maria Garcia"] == 8
    midnights = [CENTRE.midnight(NIGHT, day) for day in (clocks.DAY, clocks.DAY + DAY)]
    assert midnights[1] - midnights[0] == 23 * 3600


@pytest.mark.parametrize(
    ("panel", "expected"),
    [
        (
            shown.SPLIT,
            [
                ("Fri 00:00", "is next", "Fri 09:00"),
                ("Fri 09:00", "runs", "Fri 09:00"),
                ("Fri 13:00", "is next", "Fri 15:00"),
                ("Fri 15:00", "runs", "Fri 15:00"),
                ("Fri 19:00", "was the last", "Fri 15:00"),
                ("Sat 00:00", "none", ""),
            ],
        ),
        (
            shown.NIGHT,
            [
                ("Thu 00:00", "runs", "Wed 22:00"),
                ("Thu 06:00", "is next", "Thu 22:00"),
                ("Thu 22:00", "runs", "Thu 22:00"),
                ("Fri 06:00", "was the last", "Thu 22:00"),
                ("Sat 00:00", "none", ""),
            ],
        ),
    ],
    ids=["split", "night"],
)
def test_the_shift_is_what_the_page_says(
    panel: shown.Panel, expected: list[tuple[str, str, str]]
) -> None:
    """From when on, why, and which one by its start."""

    def clock(moment: float) -> str:
        return f"{datetime.fromtimestamp(moment, shown.ZONE):%a %H:%M}"

    drawn = [
        (clock(one.start), one.why, clock(one.shift.start) if one.shift else "")
        for one in shown.stretches(panel)
    ]
    assert drawn == expected


@pytest.mark.parametrize(
    ("name", "day", "sentence"),
    [
        ("Oksana Tkachenko", 23, "was there for {present} of {planned} planned hours."),
        ("Oksana Tkachenko", 24, "was at lunch for {lunch}."),
        ("Bohdan Rudenko", 21, "was planned for {planned} and present for {present}."),
        ("Bohdan Rudenko", 24, "was planned for {planned} and present for {present}."),
        ("Oksana Tkachenko", 24, "came at {came}, and it says {bound}."),
    ],
)
def test_the_figures_beside_the_timesheet_are_the_centres(
    name: str, day: int, sentence: str
) -> None:
    """docs/closed-days.md reads rows of the picture."""
    index, when = index_of(name), date(2026, 4, day)
    midnight, ends = CENTRE.midnight(SALES, when), CENTRE.midnight(SALES, when + DAY)
    totals = CENTRE.totals(SALES, index, when, when, ends)
    shift, came = planned(SALES, index, when), CENTRE.arrival(SALES, index, when)
    figures = {
        "present": in_unit(sum(totals.values()) - totals[OFFLINE], "h:mm"),
        "planned": in_unit(shift[1] - shift[0] if shift else 0, "h:mm"),
        "lunch": in_unit(totals.get(LUNCH, 0), "h:mm"),
        "came": f"{datetime.fromtimestamp(came or midnight, SALES.zone):%H:%M}",
        "bound": f"{datetime.fromtimestamp(midnight + totals[OFFLINE], SALES.zone):%H:%M:%S}",
    }
    said = f"n {day} April {name} {sentence.format(**figures)}"
    assert said in page("closed-days.md")

"""The dashboards' own queries find on a real Prometheus what a team lead must see."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.test_prometheus import Prometheus, prometheus
from tests.support.board_day import LUNCH, filled, load_day, moment
from tests.support.processes import ROOT

DASHBOARDS = ROOT / "grafana" / "dashboards"
NOW = float(moment("16:30"))
# Loaded samples have no staleness markers: a short look-back stands in for them. Old days stay.
RETENTION = "--storage.tsdb.retention.time=100y"
Labels = dict[str, str]


@contextmanager
def serving(folder: Path, look_back: str = "65s") -> Iterator[Prometheus]:
    more = (f"--query.lookback-delta={look_back}", RETENTION)
    with prometheus(folder, "127.0.0.1:1", "1h", more=more) as server:
        yield server


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """The team's day with a restart of the exporter at noon."""
    folder = tmp_path_factory.mktemp("day")
    load_day(folder, "19:00")
    with serving(folder) as server:
        yield server


def panel(board: str, panel_type: str, title: str) -> dict[str, Any]:
    model = json.loads((DASHBOARDS / f"ringostat-{board}.json").read_text("utf-8"))
    (found,) = [
        one for one in model["panels"] if one["type"] == panel_type and one["title"] == title
    ]
    return dict(found)


def rows(
    server: Prometheus, found: dict[str, Any], letter: str = "A", **chosen: str
) -> list[tuple[Labels, float]]:
    """The labels and value of each series of a panel's instant query."""
    (target,) = [one for one in found["targets"] if one["refId"] == letter]
    query = filled(target["expr"], **chosen)
    result = server.ask("query", query=query, time=str(NOW))["result"]
    return [(dict(one["metric"]), float(one["value"][1])) for one in result]


def number(server: Prometheus, title: str, letter: str = "A", **chosen: str) -> float:
    ((_, value),) = rows(server, panel("team", "stat", title), letter, **chosen)
    return value


def people(server: Prometheus, title: str, letter: str = "A", **chosen: str) -> dict[str, float]:
    found = rows(server, panel("team", "table", title), letter, **chosen)
    assert len({labels["employee"] for labels, _ in found}) == len(found), found
    return {labels["employee"]: value for labels, value in found}


def test_tiles_count_who_is_free_on_a_call_away_and_missing(day: Prometheus) -> None:
    """At half past four, of the team whose project answers."""
    shown = {
        title: number(day, title) for title in ("Free", "On a call", "Away", "Here", "Not come")
    }
    assert shown == {"Free": 3, "On a call": 1, "Away": 2, "Here": 6, "Not come": 2}
    assert (number(day, "Here", "B"), number(day, "Here", "C")) == (7, 10)
    assert number(day, "Not come", department="Sales 2") == 1
    assert number(day, "Free", department="nobody's") == 0
    # Support's key is refused: what is shown is not the whole of what was chosen.
    assert number(day, "Data age") >= 1e9
    assert number(day, "Data age", project="Sales") < 120


def test_needs_a_look_has_everybody_it_should_with_the_reason(day: Prometheus) -> None:
    """Also who began dnd before the restart; nobody else is there."""
    found = {
        (labels["employee"], labels["reason"], labels.get("status")): value
        for labels, value in rows(day, panel("team", "table", "Needs a look"))
    }
    expected = {
        ("In dnd since before the restart", "over the day's limit", "busy|dnd"): 5 * 3600 + 600,
        ("Over lunch", "over the day's limit", f"break|{LUNCH}"): 105 * 60,
        ("Still at lunch", "over the day's limit", f"break|{LUNCH}"): 100 * 60,
        ("On a long call", "long call", "call|speaking"): 3600,
        ("An hour late", "late", None): 3600,
    }
    assert found.keys() == expected.keys()
    for key, seconds in expected.items():
        assert found[key] == pytest.approx(seconds, abs=90), key


def test_not_come_are_those_whose_shift_has_begun(day: Prometheus) -> None:
    """With the shift's begin; not who has a day off, nor who came and went."""
    assert people(day, "Not come").keys() == {"Never came", "Never came (2nd)"}
    begins = people(day, "Not come", "B")
    assert begins == dict.fromkeys(("Never came", "Never came (2nd)"), moment("09:00") * 1000.0)
    assert people(day, "Not come", department="Sales 1").keys() == {"Never came"}


def test_came_tells_when_across_the_restart(day: Prometheus) -> None:
    """To the minute, and by how much somebody was late."""
    came = {name: value / 1000 for name, value in people(day, "Came").items()}
    expected = {
        "In dnd since before the restart": "8:58",
        "An hour late": "10:00",
        "Over lunch": "8:55",
        "Still at lunch": "8:57",
        "On a long call": "8:59",
        "In time and free": "8:59",
        "Came and went": "8:50",
    }
    assert came == {name: float(moment(clock)) for name, clock in expected.items()}
    assert people(day, "Came", "B") == {"An hour late": 3600}


def test_here_now_has_the_free_first_and_those_without_a_known_begin_not_last(
    day: Prometheus,
) -> None:
    """Where the restart hid the begin it says at least so long."""
    found = panel("team", "table", "Here now")
    shown = {labels["employee"]: (labels, value) for labels, value in rows(day, found)}
    ranks = people(day, "Here now", "B")
    assert shown.keys() == ranks.keys()
    order = sorted(ranks, key=lambda name: -ranks[name])
    assert set(order[:3]) == {"An hour late", "Over lunch", "In time and free"}
    assert order[3:] == ["In dnd since before the restart", "Still at lunch", "On a long call"]
    labels, seconds = shown["In dnd since before the restart"]
    assert labels["bound"] == "at least"
    # It was seen to go on for two hours; more is not looked for.
    assert seconds == 7200
    labels, seconds = shown["Still at lunch"]
    assert "bound" not in labels
    assert seconds == pytest.approx(100 * 60, abs=90)


def test_departments_have_a_line_each_and_a_failing_project_too(day: Prometheus) -> None:
    """The line of the failing one says that there is no data."""
    found = panel("team", "table", "Departments")

    def column(letter: str) -> dict[tuple[str, str | None], float]:
        return {
            (labels["project"], labels.get("department")): value
            for labels, value in rows(day, found, letter)
        }

    first, second, failing = ("Sales", "Sales 1"), ("Sales", "Sales 2"), ("Support", None)
    assert column("A") == {first: 3, second: 0, failing: 0}
    assert column("B") == {first: 0, second: 1, failing: 0}
    assert column("C") == {first: 1, second: 1, failing: 0}
    assert column("D") == {first: 1, second: 1, failing: 0}
    assert column("F")[second] == pytest.approx(3600, abs=90)
    ages = column("I")
    assert ages[failing] >= 1e9
    assert max(ages[first], ages[second]) < 120


def test_today_by_person_has_everybody_who_came(day: Prometheus) -> None:
    """With the day's seconds, whichever instance told of them."""
    here = people(day, "Today by person", "E")
    assert len(here) == 7
    assert here["Came and went"] == 130 * 60
    assert people(day, "Today by person", "A")["In time and free"] == 2 * 3600


def day_figures(server: Prometheus) -> dict[str, float]:
    """What Employee shows of the whole day, in seconds or shares, by panel and series."""
    figures = {}
    for title in ("Hours per day", "On calls, beside the team", "Occupancy per day"):
        for target in panel("employee", "timeseries", title)["targets"]:
            # One step: the day stands at its midnight. The end is in the evening.
            start, end = str(moment("00:00")), str(moment("18:59"))
            query = filled(target["expr"])
            answer = server.ask("query_range", query=query, start=start, end=end, step="86400")
            for series in answer["result"]:
                labels = json.dumps(series["metric"], sort_keys=True)
                figures[f"{title} {target['refId']} {labels}"] = float(series["values"][0][1])
    return figures


def test_a_restart_under_another_instance_changes_no_figure_of_the_day(
    day: Prometheus, tmp_path: Path
) -> None:
    """The day with the restart is the day without it."""
    load_day(tmp_path, "19:00", restart=None)
    with serving(tmp_path) as server:
        undisturbed = day_figures(server)
    assert len(undisturbed) == 9
    assert day_figures(day) == pytest.approx(undisturbed)

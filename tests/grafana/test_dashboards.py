"""The dashboards: built from code in each language, each query sound and pinned."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from exporter.exposition.metric_families import FAMILIES
from grafana import build
from grafana.exporter_people import now_differs
from grafana.queries import MATCHERS
from grafana.team_tiles import BY_PERSON, CAME, DEPARTMENTS, HERE_NOW, NEEDS_A_LOOK, NOT_COME
from tests.grafana.dashboard_rules import problems

FOLDER = Path(build.__file__).parent / "dashboards"
ROOT = FOLDER.parent.parent
FILES = sorted(FOLDER.rglob("*.json"))
ENGLISH = sorted(FOLDER.glob("*.json"))
TABLES = {
    "Departments": DEPARTMENTS,
    "Needs a look": NEEDS_A_LOOK,
    "Not come": NOT_COME,
    "Came": CAME,
    "Here now": HERE_NOW,
    "Today by person": BY_PERSON,
}
TILES = ["Free", "On a call", "Away", "Here", "Not come", "Occupancy", "Data age"]
Json = dict[str, Any]


def read(path: Path) -> Json:
    found: Json = json.loads(path.read_text("utf-8"))
    return found


def board(name: str) -> Json:
    return read(FOLDER / f"ringostat-{name}.json")


def panels(dashboard: Json) -> Iterator[Json]:
    """Also those of folded rows."""
    for panel in dashboard["panels"]:
        yield panel
        yield from panel.get("panels") or []


def expressions(dashboard: Json) -> list[str]:
    return [target["expr"] for panel in panels(dashboard) for target in panel.get("targets", [])]


def test_the_files_are_what_the_code_builds() -> None:
    """`make dashboards` changes no file, and no file is left over of a dashboard that is gone."""
    assert {path: path.read_text("utf-8") for path in FILES} == build.files()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_query_parses_and_is_pinned(path: Path) -> None:
    """Each query is PromQL and selects a job and an instance, and a window where there is one."""
    dashboard = read(path)
    assert expressions(dashboard)
    for text in expressions(dashboard):
        promql_parser.parse(re.sub(r"\$__\w+", "5m", text))
        for selector in re.findall(r"ringostat_\w+\{([^}]*)\}", text):
            assert 'job=~"$job"' in selector
            assert 'instance=~"$instance"' in selector
        for name, selector in re.findall(r"(ringostat_\w+)\{([^}]*)\}", text):
            windowed = any(
                family.name == name and "window" in family.labels for family in FAMILIES
            )
            assert not windowed or "window" in selector, text


def test_the_exporter_dashboard_and_the_recording_rule_mean_the_same_disagreement() -> None:
    """The panel writes the rule out, with the dashboard's variables in each selector."""
    groups = yaml.safe_load((ROOT / "prometheus/rules/recording.yaml").read_text("utf-8"))[
        "groups"
    ]
    rules = {rule["record"]: rule["expr"] for group in groups for rule in group["rules"]}
    written_out = now_differs().replace(MATCHERS, 'job="ringostat"')
    recorded = promql_parser.parse(rules["employee:ringostat_now_differs:bool"])
    assert promql_parser.parse(written_out).prettify() == recorded.prettify()


def cells(panel: Json) -> set[tuple[int, int]]:
    """The places of the grid that a panel takes."""
    place = panel["gridPos"]
    assert place["x"] + place["w"] <= 24
    return {
        (x, y)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_panels_have_titles_ids_and_room_of_their_own(path: Path) -> None:
    """Each panel is titled, described and has a unit; no two share an id or a cell of the grid."""
    dashboard = read(path)
    assert "__inputs" not in dashboard
    assert dashboard["schemaVersion"] == 42
    ids = [panel["id"] for panel in panels(dashboard)]
    assert len(set(ids)) == len(ids)
    for panel in panels(dashboard):
        assert panel["title"]
        assert panel["type"] == "row" or panel["description"].endswith(".")
        assert panel["type"] == "row" or panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        refs = [target["refId"] for target in panel.get("targets", [])]
        assert len(set(refs)) == len(refs)
    # What is folded takes no room while it is.
    for group in (
        dashboard["panels"],
        *(panel.get("panels") or [] for panel in panels(dashboard)),
    ):
        taken = [cells(panel) for panel in group]
        assert sum(map(len, taken)) == len(set().union(*taken))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_rule_of_dashboards_is_broken(path: Path) -> None:
    """The rules of tests/grafana/dashboard_rules.py, Grafana's own linter's among them."""
    assert problems(read(path)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_time_is_shown_as_people_read_it(path: Path) -> None:
    """Neither `41s:045ms` nor an ISO date; durations in tables are hours, minutes and seconds."""
    text = path.read_text("utf-8")
    for unit in ("clocks", "dtdurations", "dateTimeAsIso"):
        assert f'"{unit}"' not in text
    assert "NaN" not in text
    assert "sort_desc" not in text


def test_a_team_lead_finds_the_tiles_the_tables_and_two_folded_rows() -> None:
    """All but the folded rows fits a screen of 1080 lines: 22 of Grafana's 38 pixels each."""
    team = board("team")
    stats = [panel["title"] for panel in team["panels"] if panel["type"] == "stat"]
    assert stats == TILES
    tables = {panel["title"]: panel["id"] for panel in team["panels"] if panel["type"] == "table"}
    assert tables == TABLES
    rows = [panel for panel in team["panels"] if panel["type"] == "row"]
    assert [row["collapsed"] for row in rows] == [True, True]
    assert all(row["panels"] for row in rows)
    places = [panel["gridPos"] for panel in team["panels"] if panel["type"] != "row"]
    assert max(place["y"] + place["h"] for place in places) <= 22


@pytest.mark.parametrize("name", ["team", "wallboard"])
@pytest.mark.parametrize("suffix", ["", "-uk"])
def test_a_tile_leads_to_a_table_of_its_language(name: str, suffix: str) -> None:
    """With what is chosen; thresholds colour each tile."""
    folder = FOLDER / suffix.strip("-")
    tiles = [
        panel
        for panel in read(folder / f"ringostat-{name}{suffix}.json")["panels"]
        if panel["type"] == "stat"
    ]
    assert len(tiles) == len(TILES)
    for panel in tiles:
        assert panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
        (link,) = panel["links"]
        found = re.match(r"/d/([\w-]+)\?viewPanel=(\d+)&", link["url"])
        assert found is not None
        assert found[1] == f"ringostat-team{suffix}"
        assert int(found[2]) in TABLES.values()
        assert "${department:queryparam}" in link["url"]


def test_the_wallboard_is_three_rows_of_one_department_large() -> None:
    """It asks every 15 seconds, and a link opens it without menus."""
    wall = board("wallboard")
    titles = [panel["title"] for panel in wall["panels"]]
    assert titles == [*TILES, "Departments", "Needs a look", "Not come", "Came"]
    assert wall["refresh"] == "15s"
    (department,) = [one for one in wall["templating"]["list"] if one["name"] == "department"]
    assert department["multi"] is False
    assert any("kiosk" in link.get("url", "") for link in wall["links"])
    small = {panel["id"]: panel["gridPos"]["h"] for panel in board("team")["panels"]}
    assert all(panel["gridPos"]["h"] > small[panel["id"]] for panel in wall["panels"])


def test_people_can_be_chosen_by_department_and_several_at_a_time() -> None:
    """Grafana escapes names for expressions in variables of several values alone."""
    variables = {one["name"]: one for one in board("employee")["templating"]["list"]}
    assert variables["employee"]["multi"] is True
    query = variables["employee"]["query"]
    assert 'department=~"$department"' in (query if isinstance(query, str) else query["query"])

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


def colours_of(dashboard: Json) -> Iterator[tuple[str, str]]:
    """A status, or its group's mark in a query, and the colour that it has in a panel."""
    for panel in panels(dashboard):
        if panel["type"] not in ("timeseries", "stat"):
            continue
        queries = {target["refId"]: target["expr"] for target in panel.get("targets", [])}
        for override in panel["fieldConfig"].get("overrides", []):
            matcher = override["matcher"]
            for entry in override["properties"]:
                if matcher["id"] == "byFrameRefID" and entry["id"] == "color":
                    marks = re.findall(
                        r'status=~?"([^"]*)"|kind=~"([^"]*)"', queries[matcher["options"]]
                    )
                    yield str(marks[0]), entry["value"]["fixedColor"]


def test_a_status_has_one_colour_in_every_panel_of_every_dashboard() -> None:
    """By its name or kind; no two groups of statuses share one."""
    found: dict[str, set[str]] = {}
    for path in FILES:
        for status, colour in colours_of(read(path)):
            found.setdefault(status, set()).add(colour)
    assert len(found) == 8
    assert all(len(colours) == 1 for colours in found.values()), found
    assert len(set().union(*found.values())) == len(found)
    mapped = {
        mapping["options"]["pattern"]: mapping["options"]["result"]["color"]
        for path in FILES
        for panel in panels(read(path))
        for override in panel.get("fieldConfig", {}).get("overrides", [])
        for entry in override["properties"]
        if entry["id"] == "mappings"
        for mapping in entry["value"]
        if mapping["type"] == "regex"
    }
    assert set().union(*found.values()) <= set(mapped.values())


def texts(node: Any, parent: str = "") -> Iterator[str]:
    """What people read of a dashboard: titles, descriptions, names, legends and mapped words."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in ("title", "description", "text", "noValue"):
                yield value
            yield from texts(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, parent)


# Names that are the same in every language, and what Grafana's linter wants in English.
SAME = re.compile(r"Ringostat|\$1|All|today|\{\{.*\}\}|")


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.name)
def test_the_ukrainian_dashboard_is_the_english_one_in_ukrainian(path: Path) -> None:
    """The same panels in the same places with the same queries, and no text left in English."""
    english = read(path)
    ukrainian = read(FOLDER / "uk" / f"{path.stem}-uk.json")
    assert ukrainian["uid"] == f"{english['uid']}-uk"
    assert ukrainian["tags"] == ["ringostat-uk"]
    assert [panel["gridPos"] for panel in panels(english)] == [
        panel["gridPos"] for panel in panels(ukrainian)
    ]
    pairs = list(zip(expressions(english), expressions(ukrainian), strict=True))
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    # The line that says that nothing has happened is a word of the query's own.
    assert all("label_replace" in first for first, _ in differing)
    assert not differing or "exporter" in path.name
    untranslated = {
        text
        for text in texts(ukrainian)
        if not re.search(r"[а-яіїєґ]", text, re.IGNORECASE) and not SAME.fullmatch(text)
    }
    assert untranslated == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_links_stay_in_the_language(path: Path) -> None:
    """By the tag of its language, and to the uids of it."""
    uids = {read(one)["uid"] for one in path.parent.glob("*.json")}
    dashboard = read(path)
    assert {tag for link in dashboard["links"] for tag in link["tags"]} == set(dashboard["tags"])
    linked = re.findall(r'"/d/([\w-]+)', path.read_text("utf-8"))
    assert set(linked) <= uids
    assert bool(linked) == (not path.name.startswith(("ringostat-employee", "ringostat-exporter")))

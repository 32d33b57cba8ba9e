"""The dashboards: built from code, each query sound and pinned."""

import json
import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from grafana_foundation_sdk.models.dashboard import Dashboard

from exporter.exposition.metric_families import FAMILIES
from grafana import build
from grafana.exporter_people import now_differs
from grafana.queries import MATCHERS
from tests.grafana.dashboard_rules import problems

FOLDER = Path(build.__file__).parent / "dashboards"
ROOT = FOLDER.parent.parent
FILES = sorted(FOLDER.glob("*.json"))


def expressions(dashboard: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]


@pytest.mark.parametrize("dashboard", build.dashboards(), ids=lambda dashboard: dashboard.uid)
def test_the_files_are_what_the_code_builds(dashboard: Dashboard) -> None:
    """`make dashboards` changes no file, and no file is left over of a dashboard that is gone."""
    assert (FOLDER / f"{dashboard.uid}.json").read_text("utf-8") == build.render(dashboard)
    assert len(FILES) == len(build.dashboards())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_query_parses_and_is_pinned(path: Path) -> None:
    """Each query is PromQL and selects a job and an instance, and a window where there is one."""
    dashboard = json.loads(path.read_text("utf-8"))
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


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_panels_have_titles_ids_and_room_of_their_own(path: Path) -> None:
    """Each panel is titled, described and has a unit; no two share an id or a cell of the grid."""
    dashboard = json.loads(path.read_text("utf-8"))
    assert "__inputs" not in dashboard
    assert dashboard["schemaVersion"] == 42
    occupied: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in dashboard["panels"]:
        assert panel["title"]
        assert panel["type"] == "row" or panel["description"].endswith(".")
        assert panel["type"] == "row" or panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        position = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(position["x"], position["x"] + position["w"])
            for y in range(position["y"], position["y"] + position["h"])
        }
        assert position["x"] + position["w"] <= 24
        assert not cells & occupied, panel["title"]
        occupied |= cells
        refs = [target["refId"] for target in panel.get("targets", [])]
        assert len(set(refs)) == len(refs)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_rule_of_dashboards_is_broken(path: Path) -> None:
    """The rules of tests/grafana/dashboard_rules.py, which are those of Grafana's own linter."""
    assert problems(json.loads(path.read_text("utf-8"))) == []

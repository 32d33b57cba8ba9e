"""How the dashboards look: one colour a status, and the same boards in each language."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.grafana.test_dashboards import ENGLISH, FILES, FOLDER, Json, expressions, panels, read


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

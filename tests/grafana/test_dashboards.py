"""The dashboards: built from code, each query sound and pinned."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import promql_parser
import pytest

from exporter.exposition.catalogue import FAMILIES
from grafana import build

FOLDER = Path(build.__file__).parent / "dashboards"
FILES = sorted(FOLDER.glob("*.json"))


def expressions(board: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]


@pytest.mark.parametrize("made", build.dashboards(), ids=lambda made: made.uid)
def test_the_files_are_what_the_code_builds(made: Any) -> None:
    assert (FOLDER / f"{made.uid}.json").read_text("utf-8") == build.render(made)
    assert len(FILES) == len(build.dashboards())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_query_parses_and_is_pinned(path: Path) -> None:
    board = json.loads(path.read_text("utf-8"))
    assert expressions(board)
    for text in expressions(board):
        promql_parser.parse(re.sub(r"\$__\w+", "5m", text))
        for selector in re.findall(r"ringostat_\w+\{([^}]*)\}", text):
            assert 'job=~"$job"' in selector
            assert 'instance=~"$instance"' in selector
        for name, selector in re.findall(r"(ringostat_\w+)\{([^}]*)\}", text):
            windowed = any(one.name == name and "window" in one.labels for one in FAMILIES)
            assert not windowed or "window" in selector, text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_panels_have_titles_ids_and_room_of_their_own(path: Path) -> None:
    board = json.loads(path.read_text("utf-8"))
    assert "__inputs" not in board
    assert board["schemaVersion"] == 42
    taken: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    for panel in board["panels"]:
        assert panel["title"]
        assert panel["type"] == "row" or panel["description"].endswith(".")
        assert panel["type"] == "row" or panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
        refs = [target["refId"] for target in panel.get("targets", [])]
        assert len(set(refs)) == len(refs)


LINTER = Path(build.__file__).parent.parent.parent / "shared" / "tools" / "lint_dashboard.py"


@pytest.mark.skipif(not LINTER.exists(), reason="the linter lies beside the project, not in it")
def test_the_linter_finds_nothing() -> None:
    done = subprocess.run(
        [sys.executable, str(LINTER), *map(str, FILES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout

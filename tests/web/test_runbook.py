"""The runbook that the exporter serves is docs/runbook.md, with the anchors that alerts name."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from exporter.web.runbook import runbook_page

ROOT = Path(__file__).parent.parent.parent
PAGE = runbook_page().decode()
ANCHORS = re.findall(r'<h2 id="([^"]+)"', PAGE)


def test_it_is_made_of_the_document() -> None:
    """`make runbook` changes nothing."""
    spec = importlib.util.spec_from_file_location("build", ROOT / "deploy/runbook/write_page.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = (ROOT / "exporter/web/runbook.html").read_text("utf-8")
    assert text == module.build(), "make runbook"


@pytest.mark.parametrize("path", sorted((ROOT / "prometheus/rules").glob("*.yaml")))
def test_every_alert_has_its_section(path: Path) -> None:
    """The part of an alert's `runbook_url` after the # is an anchor of the page."""
    rules = [
        rule for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]
    ]
    for rule in rules:
        if "alert" in rule:
            anchor = rule["annotations"]["runbook_url"].partition("#")[2]
            assert anchor == rule["alert"].lower()
            assert anchor in ANCHORS


def test_each_link_leads_somewhere() -> None:
    """To a section of the page or to the status page: other documents are named, not linked."""
    links = set(re.findall(r'href="([^"]+)"', PAGE))
    assert links == {"/"} | {f"#{anchor}" for anchor in ANCHORS}
    assert "metrics.md" in PAGE


def test_each_section_is_there_once() -> None:
    """No two anchors are equal, and a table is a table."""
    assert len(ANCHORS) == len(set(ANCHORS))
    assert "<td><code>rate_limited</code></td>" in PAGE

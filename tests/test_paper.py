"""What the documents promise is what the program does."""

import re
from pathlib import Path

import promql_parser
import pytest
import yaml

from exporter import options
from exporter.config import load
from exporter.config.model import Api, Project, Settings
from exporter.errors import reasons
from exporter.exposition.metric_families import FAMILIES
from exporter.ringostat.report import Anomaly

ROOT = Path(__file__).parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_docs_metrics_is_the_catalogue() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| ([\w, ]*) \| (.*) \|$", read("docs/metrics.md"), re.MULTILINE
    )
    assert rows == [
        (family.name, family.kind, ", ".join(family.labels), family.help) for family in FAMILIES
    ]


def test_docs_metrics_names_every_reason() -> None:
    words = set(re.findall(r"`(\w+)`", read("docs/metrics.md")))
    assert set(reasons()) <= words
    assert {str(one) for one in Anomaly} <= words


def test_every_metric_that_is_named_anywhere_exists() -> None:
    names = {family.name for family in FAMILIES}
    names |= {f"{family.name}_bucket" for family in FAMILIES if family.kind == "histogram"}
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("prometheus/rules/*.yaml"),
        *ROOT.glob("grafana/dashboards/*.json"),
    ):
        named = set(
            re.findall(r"(?<![:\w])ringostat_[a-z_]+[a-z]\b(?![*:])", path.read_text("utf-8"))
        )
        assert named <= names | {"ringostat_exporter"}, path


def test_docs_configuration_names_every_key_and_flag() -> None:
    text = read("docs/configuration.md")
    tables = set(re.findall(r"^\| `([a-z_]+)`", text, re.MULTILINE))
    keys = {*Api.model_fields, *Settings.model_fields, *Project.model_fields}
    assert tables == keys
    flags = re.findall(r"^\| `--([\w.-]+)` \| `?([^`|]+?)`? \|", text, re.MULTILINE)
    known = {
        flag.name: "off" if flag.boolean else flag.default or "none" for flag in options.SERVE
    }
    assert dict(flags) == known


def test_the_default_of_each_key_is_as_documented() -> None:
    defaults = dict(
        re.findall(r"^\| `([a-z_]+)` \| `([^`]+)` \|", read("docs/configuration.md"), re.MULTILINE)
    )
    assert defaults["interval"] == "60s"
    assert Settings().interval == 60
    assert defaults["settled_interval"] == "15m"
    assert Settings().settled_interval == 900
    assert defaults["max_employees"] == str(Settings().max_employees)
    assert defaults["timeout"] == f"{Api().timeout:g}s"
    assert defaults["max_concurrency"] == str(Api().max_concurrency)
    assert defaults["base_url"] == Api().base_url


def test_every_alert_has_its_runbook_heading_and_every_query_parses() -> None:
    headings = {
        "docs/runbook.md#" + line.removeprefix("## ").lower()
        for line in read("docs/runbook.md").splitlines()
        if line.startswith("## ")
    }
    for path in ROOT.glob("prometheus/rules/*.yaml"):
        for group in yaml.safe_load(path.read_text())["groups"]:
            for rule in group["rules"]:
                promql_parser.parse(rule["expr"])
                if "alert" in rule:
                    assert rule["annotations"]["runbook_url"] in headings
                    assert rule["annotations"]["summary"].endswith(".")
                    assert "{{" not in rule["annotations"]["summary"]
                    assert rule["labels"]["severity"] in ("critical", "warning", "info")


def test_queries_of_the_documents_parse() -> None:
    for name in ("docs/metrics.md", "docs/runbook.md"):  # docs/backfill.md has shell lines
        blocks = re.findall(r"\n\n((?:    .+(?:\n|$))+)", read(name))
        assert blocks
        for block in blocks:
            promql_parser.parse(block)


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "ARCHITECTURE.md",
        *[str(path.relative_to(ROOT)) for path in ROOT.glob("docs/*.md")],
    ],
)
def test_links_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(name)):
        assert ((ROOT / name).parent / target).exists(), target


def test_the_scrape_config_of_the_readme_is_the_shipped_one() -> None:
    blocks = re.findall(r"```yaml\n(scrape_configs:.*?)```", read("README.md"), re.DOTALL)
    shipped = yaml.safe_load(read("prometheus/prometheus.yml"))
    assert yaml.safe_load(blocks[0])["scrape_configs"] == shipped["scrape_configs"]


def test_the_compose_file_mounts_what_there_is_and_polls_what_the_stack_does() -> None:
    services = yaml.safe_load(read("compose.yaml"))["services"]
    assert {"simulate", "exporter", "prometheus", "alertmanager", "grafana"} <= set(services)
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert not source.startswith(".") or (ROOT / source).exists(), source
    assert load(ROOT / "deploy/stack/config.yaml", {}).warnings == []


def test_the_readme_stays_short_and_names_what_make_knows() -> None:
    assert len(read("README.md").splitlines()) <= 150
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^    make (\w+)", read("README.md"), re.MULTILINE)) <= targets

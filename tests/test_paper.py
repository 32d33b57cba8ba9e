"""What the documents promise is what the program does."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from exporter import options
from exporter.config import load
from exporter.config.api_section import ApiSection
from exporter.config.model import Project, Settings
from exporter.errors import reasons
from exporter.exposition.metric_families import FAMILIES
from exporter.ringostat.rows import Anomaly

ROOT = Path(__file__).parent.parent
# What a checkout holds that is not the project's own text.
FOREIGN = {".git", ".venv", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", "dist"}


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def own_files(*suffixes: str) -> list[Path]:
    """The project's files with one of these suffixes."""
    tops = [top for top in ROOT.iterdir() if top.name not in FOREIGN]
    files = [path for top in tops for path in (top.rglob("*") if top.is_dir() else [top])]
    return sorted(path for path in files if path.suffix in suffixes)


def slugs(text: str) -> set[str]:
    """The anchors that GitHub gives the headings of a document."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    anchors: set[str] = set()
    for heading in re.findall(r"^#+ (.+?)\s*$", prose, re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        plain = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        numbered = (f"{plain}-{number}" for number in itertools.count(1))
        anchors.add(
            next(slug for slug in itertools.chain([plain], numbered) if slug not in anchors)
        )
    return anchors


def built(text: str) -> str:
    """A document without the sections that say at their head that they are planned."""
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return "".join(part for part in sections if "\n\nPlanned; not in this version.\n" not in part)


def test_docs_metrics_is_the_catalogue() -> None:
    """docs/metrics.md has the families' names, types, labels and HELP, in their order."""
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| ([\w, ]*) \| (.*) \|$", read("docs/metrics.md"), re.MULTILINE
    )
    assert rows == [
        (family.name, family.kind, ", ".join(family.labels), family.help) for family in FAMILIES
    ]


def test_docs_metrics_names_every_reason() -> None:
    """Each value of `reason` is explained."""
    words = set(re.findall(r"`(\w+)`", read("docs/metrics.md")))
    assert set(reasons()) <= words
    assert {str(one) for one in Anomaly} <= words


def test_every_metric_that_is_named_anywhere_exists() -> None:
    """Documents, rules and dashboards name only families that are exposed."""
    names = {family.name for family in FAMILIES}
    names |= {f"{family.name}_bucket" for family in FAMILIES if family.kind == "histogram"}
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("prometheus/rules/*.yaml"),
        *ROOT.glob("grafana/dashboards/**/*.json"),
    ):
        named = set(
            re.findall(
                r"(?<![:\w])ringostat_[a-z_]+[a-z]\b(?![*:])", built(path.read_text("utf-8"))
            )
        )
        assert named <= names | {"ringostat_exporter"}, path


def test_the_contracts_families_are_the_exposed_ones() -> None:
    """By name, type and labels; a section that is planned exposes none of its families."""
    pattern = r"^\| `(ringostat_\w+)` \| (\w+) \| ([\w, ]*?) ?\| "
    contract = read("docs/contract.md")
    promised = re.findall(pattern, built(contract), re.MULTILINE)
    exposed = [(family.name, family.kind, ", ".join(family.labels)) for family in FAMILIES]
    assert sorted(promised) == sorted(exposed)
    planned = set(re.findall(pattern, contract, re.MULTILINE)) - set(promised)
    assert not planned & set(exposed)


def test_the_contracts_flags_are_the_commands() -> None:
    """The table has every flag but `--demo`, with its default."""
    flags = re.findall(
        r"^\| `--([\w.-]+)` \| `?([^`|]+?)`? \|", read("docs/contract.md"), re.MULTILINE
    )
    known = {
        flag.name: "off" if flag.boolean else flag.default or "none" for flag in options.SERVE
    }
    assert dict(flags) == {name: value for name, value in known.items() if name != "demo"}


def test_docs_configuration_names_every_key_and_flag() -> None:
    """No key or flag is missing, and none is invented."""
    text = read("docs/configuration.md")
    tables = set(re.findall(r"^\| `([a-z_]+)`", text, re.MULTILINE))
    keys = {*ApiSection.model_fields, *Settings.model_fields, *Project.model_fields}
    assert tables == keys
    flags = re.findall(r"^\| `--([\w.-]+)` \| `?([^`|]+?)`? \|", text, re.MULTILINE)
    known = {
        flag.name: "off" if flag.boolean else flag.default or "none" for flag in options.SERVE
    }
    assert dict(flags) == known


def test_the_default_of_each_key_is_as_documented() -> None:
    """The figures of docs/configuration.md are those of the code."""
    defaults = dict(
        re.findall(r"^\| `([a-z_]+)` \| `([^`]+)` \|", read("docs/configuration.md"), re.MULTILINE)
    )
    assert defaults["interval"] == "60s"
    assert Settings().interval == 60
    assert defaults["settled_interval"] == "15m"
    assert Settings().settled_interval == 900
    assert defaults["max_employees"] == str(Settings().max_employees)
    assert defaults["timeout"] == f"{ApiSection().timeout:g}s"
    assert defaults["max_concurrency"] == str(ApiSection().max_concurrency)
    assert defaults["base_url"] == ApiSection().base_url


# Where nothing answers on the instance the link leads into the repository.
INSTANCE = "http://{{ $labels.instance }}"
NOBODY_ANSWERS = ("RingostatAbsent", "RingostatExporterDown")


def rules() -> list[dict[str, Any]]:
    """Every shipped rule."""
    return [
        rule
        for path in ROOT.glob("prometheus/rules/*.yaml")
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
    ]


def test_every_alert_has_its_runbook_heading_and_every_query_parses() -> None:
    """Each alert also has a severity, and a summary that is a sentence without templates."""
    headings = re.findall(r"^## (\w+)$", read("docs/runbook.md"), re.MULTILINE)
    for rule in rules():
        promql_parser.parse(rule["expr"])
        if "alert" in rule:
            name = rule["alert"]
            assert name in headings
            page = "docs/runbook.md" if name in NOBODY_ANSWERS else INSTANCE + "/runbook"
            assert rule["annotations"]["runbook_url"] == f"{page}#{name.lower()}"
            assert rule["annotations"]["summary"].endswith(".")
            assert "{{" not in rule["annotations"]["summary"]
            assert rule["labels"]["severity"] in ("critical", "warning", "info")


def test_every_alert_links_a_dashboard_with_filters_that_it_has() -> None:
    """The path names a shipped dashboard; each filter is a variable of it and a label's value."""
    boards = {
        board["uid"]: {variable["name"] for variable in board["templating"]["list"]}
        for board in (
            json.loads(path.read_text()) for path in ROOT.glob("grafana/dashboards/*.json")
        )
    }
    for rule in rules():
        if "alert" in rule:
            uid, query = rule["annotations"]["dashboard_url"].removeprefix("/d/").split("?")
            names = re.findall(r"var-(\w+)=", query)
            assert names
            assert set(names) <= boards[uid]
            assert query == "&".join(
                f"var-{name}={{{{ $labels.{name} | urlquery }}}}" for name in names
            )


def test_every_rule_and_record_is_of_the_job() -> None:
    """Each selector of every rule says job="ringostat"; the records' selectors as well."""
    for rule in rules():
        selectors = re.findall(
            r"(?:[\w:]*ringostat_[\w:]+|\bup|\bALERTS)(\{[^}]*\})?", rule["expr"]
        )
        assert selectors, rule
        assert all('job="ringostat"' in one for one in selectors), rule["expr"]


def test_queries_of_the_documents_parse() -> None:
    """Every indented block of two pages, and every block that says so, is PromQL."""
    indented, fenced = r"\n\n((?:    .+(?:\n|$))+)", r"```promql\n(.*?)```"
    for name, pattern, flags in (
        ("docs/metrics.md", indented, 0),
        ("docs/runbook.md", indented, 0),
        ("docs/closed-days.md", fenced, re.DOTALL),  # indented are shell lines
    ):
        blocks = re.findall(pattern, read(name), flags)
        assert blocks
        for block in blocks:
            promql_parser.parse(block)


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "ARCHITECTURE.md",
        *[str(path.relative_to(ROOT)) for path in ROOT.glob("docs/**/*.md")],
    ],
)
def test_links_lead_somewhere(name: str) -> None:
    """A relative link of a document leads to a file that exists."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(name)):
        assert ((ROOT / name).parent / target).exists(), target


def test_every_cited_heading_exists() -> None:
    """`docs/<name>.md#<anchor>` in code, rules and prose, and the links between documents."""
    anchors = {path: slugs(path.read_text("utf-8")) for path in own_files(".md")}
    cited: set[tuple[Path, Path, str]] = set()
    for path in own_files(".py", ".md", ".yaml", ".yml"):
        text = path.read_text("utf-8")
        for name, anchor in re.findall(r"docs/([\w-]+\.md)#([\w-]+)", text):
            cited.add((path, ROOT / "docs" / name, anchor))
        if path.suffix == ".md":
            for target, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", text):
                cited.add((path, (path.parent / target).resolve() if target else path, anchor))
    assert len(cited) > 40
    assert [entry for entry in sorted(cited) if entry[2] not in anchors.get(entry[1], ())] == []


def test_the_slug_of_a_heading_is_githubs() -> None:
    text = "# 1. Command line\n\n```sh\n# no heading\n```\n## Rule 4: never old\n## `a` & [b](c)\n"
    assert slugs(text + "## Reload\n## Reload\n") == {
        "1-command-line",
        "rule-4-never-old",
        "a--b",
        "reload",
        "reload-1",
    }


def test_the_index_names_every_page_of_docs() -> None:
    """docs/README.md links each page, in Ukrainian as well, and each decision."""
    linked = set(re.findall(r"\]\(([\w./-]+\.md)\)", read("docs/README.md")))
    pages = {
        str(path.relative_to(ROOT / "docs"))
        for folder in ("docs", "docs/adr", "docs/uk")
        for path in (ROOT / folder).glob("*.md")
    }
    assert pages - {"README.md"} <= linked


def test_the_scrape_config_of_the_readme_is_the_shipped_one() -> None:
    """The README and prometheus/prometheus.yml say the same."""
    blocks = re.findall(r"```yaml\n(scrape_configs:.*?)```", read("README.md"), re.DOTALL)
    shipped = yaml.safe_load(read("prometheus/prometheus.yml"))
    assert yaml.safe_load(blocks[0])["scrape_configs"] == shipped["scrape_configs"]


def test_the_compose_file_mounts_what_there_is_and_polls_what_the_stack_does() -> None:
    """Every mounted file exists, and the stack's configuration loads without a warning."""
    services = yaml.safe_load(read("compose.yaml"))["services"]
    assert {"simulate", "exporter", "prometheus", "alertmanager", "grafana"} <= set(services)
    for service in services.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert not source.startswith(".") or (ROOT / source).exists(), source
    assert load(ROOT / "deploy/stack/config.yaml", {}).warnings == []


def test_the_readme_stays_short_and_names_what_make_knows() -> None:
    """At most 150 lines, and each `make` target in it exists."""
    assert len(read("README.md").splitlines()) <= 150
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"^    make (\w+)", read("README.md"), re.MULTILINE)) <= targets

"""The pages of docs/uk say what their English originals say, in the words of the dashboards."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parent.parent / "docs"
BOARDS = DOCS.parent / "grafana" / "dashboards" / "uk"
PAGES = sorted(path.name for path in DOCS.glob("uk/*.md"))
TRANSLATED = [name for name in PAGES if name != "README.md"]  # the index is of its own

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?<=\n\n)(?: {4}.+(?:\n|$))+")


def original_and_translation(name: str) -> tuple[str, str]:
    return (DOCS / name).read_text("utf-8"), (DOCS / "uk" / name).read_text("utf-8")


def blocks(text: str) -> list[str]:
    """What a page shows as code, YAML or queries."""
    return FENCED.findall(text) + INDENTED.findall(FENCED.sub("", text))


def words_of_the_program(text: str) -> set[str]:
    """What stands in backticks in the prose: keys, flags, columns, metrics."""
    return set(re.findall(r"`([^`\n]+)`", FENCED.sub("", text)))


def panels(board: dict[str, Any]) -> list[dict[str, Any]]:
    """The panels and rows of a dashboard, with those of a collapsed row after it."""
    return list(
        itertools.chain.from_iterable([one, *one.get("panels", [])] for one in board["panels"])
    )


def test_there_are_the_team_leads_pages() -> None:
    assert PAGES == ["README.md", "closed-days.md", "dashboards.md", "shifts.md", "status-page.md"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_and_its_original_link_to_each_other_at_their_tops(name: str) -> None:
    english, ukrainian = original_and_translation(name)
    assert f"](uk/{name})" in "".join(english.splitlines(keepends=True)[:5])
    assert f"](../{name})" in "".join(ukrainian.splitlines(keepends=True)[:5])


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_page_has_its_originals_blocks_and_pictures_in_their_order(name: str) -> None:
    """Code is never translated; each picture is the same file."""
    english, ukrainian = original_and_translation(name)
    assert blocks(ukrainian) == blocks(english)
    pictures = re.findall(r"^!\[.+\]\((.+)\)$", english, re.MULTILINE)
    assert re.findall(r"^!\[.+\]\(\.\./(.+)\)$", ukrainian, re.MULTILINE) == pictures


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_page_has_every_word_of_the_program_that_its_original_has(name: str) -> None:
    """A key, flag, column or metric that comes into one page or leaves it does so in both."""
    english, ukrainian = original_and_translation(name)
    assert words_of_the_program(ukrainian) == words_of_the_program(english)


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_page_has_the_times_of_its_original(name: str) -> None:
    """Every moment and length like 14:17 or 7:46: figures of the demo change in both."""
    english, ukrainian = (
        set(re.findall(r"\d?\d:\d\d(?::\d\d)?", text)) for text in original_and_translation(name)
    )
    assert ukrainian == english


def test_the_index_in_ukrainian_names_every_page() -> None:
    linked = re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "uk" / "README.md").read_text("utf-8"))
    assert sorted(linked) == TRANSLATED


def test_the_walk_through_team_names_every_panel() -> None:
    """Each title of the Ukrainian Team stands in bold in docs/uk/dashboards.md."""
    board = json.loads((BOARDS / "ringostat-team-uk.json").read_text("utf-8"))
    page = (DOCS / "uk" / "dashboards.md").read_text("utf-8")
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", page, re.DOTALL)}
    assert {panel["title"] for panel in panels(board)} == bold


def test_each_column_and_label_in_italics_is_one_of_the_ukrainian_dashboards() -> None:
    """What the walk calls a column, filter, link or reason is written so in Grafana."""
    page = (DOCS / "uk" / "dashboards.md").read_text("utf-8").split("\n", 3)[3]
    prose = re.sub(r"\*\*.+?\*\*", "", page, flags=re.DOTALL)
    named = {" ".join(words.split()) for words in re.findall(r"\*([^*]+)\*", prose)}
    shown = "".join(path.read_text("utf-8") for path in BOARDS.glob("*.json"))
    assert named
    assert [words for words in sorted(named) if f'"{words}"' not in shown] == []

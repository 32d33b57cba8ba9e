"""Writes exporter/web/runbook.html, the body of /runbook, of docs/runbook.md; `make runbook`.

It is written here and not when it is asked for, so that the exporter needs no reader of Markdown.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from pathlib import Path, PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "docs" / "runbook.md"
TARGET = ROOT / "exporter" / "web" / "runbook.html"


def build() -> str:
    """The runbook as HTML: its title, a list of its sections, and these."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(SOURCE.read_text("utf-8"))
    headings = list(_name_headings(tokens))
    for token in tokens:
        if token.children:
            token.children = list(_without_files(token.children))
    end_of_title = next(n for n, token in enumerate(tokens) if token.type == "heading_close") + 1
    head, rest = tokens[:end_of_title], tokens[end_of_title:]
    parts = (head, _contents(headings), rest)
    return "".join(
        part if isinstance(part, str) else markdown.renderer.render(part, markdown.options, {})
        for part in parts
    )


def _name_headings(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Gives each section its anchor, the one that alerts and GitHub have; (anchor, title)."""
    for token, inline in pairwise(tokens):
        if token.type == "heading_open" and token.tag != "h1":
            plain = re.sub(r"[^\w\- ]", "", inline.content.lower())
            token.attrSet("id", plain.replace(" ", "-"))
            if token.tag == "h2":
                yield plain.replace(" ", "-"), inline.content


def _contents(headings: list[tuple[str, str]]) -> str:
    items = "".join(
        f'<li><a href="#{anchor}">{escape(title)}</a></li>\n' for anchor, title in headings
    )
    return f'<nav aria-label="Alerts">\n<ul>\n{items}</ul>\n</nav>\n'


def _without_files(tokens: list[Token]) -> Iterator[Token]:
    """Replaces a link to another file, which the exporter does not serve, by the file's name."""
    named = ""
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrs["href"])
            if not target.startswith(("#", "https://")):
                named = PurePosixPath(target.partition("#")[0]).name
                continue
        if token.type == "link_close" and named:
            named = ""
            continue
        if token.type == "text" and named and named not in token.content:
            token.content = f"{token.content} ({named})"
        yield token


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")

"""ARCHITECTURE.md says what import-linter checks, and what is there."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def block(name: str) -> list[str]:
    """The lines of the page's code block of that name."""
    found = re.search(rf"```{name}\n(.*?)```", PAGE, re.DOTALL)
    assert found, name
    return found[1].splitlines()


def contracts() -> dict[str, dict[str, Any]]:
    """The import contracts of pyproject.toml, by type and then by what they forbid."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {one["name"]: one for one in project["tool"]["importlinter"]["contracts"]}


def test_the_layers_are_the_checked_ones() -> None:
    """Rule 1, from top to bottom."""
    assert block("layers") == contracts()["Reports flow one way"]["layers"]


def test_what_is_pure_is_the_checked_list() -> None:
    """Rule 4; asyncio is among what the pure do not know."""
    pure = contracts()["What is pure knows no network, no server, no loop and no log"]
    named = [f"exporter.{word}" for line in block("pure") for word in line.split()]
    assert named == pure["source_modules"]
    assert "asyncio" in pure["forbidden_modules"]


def test_what_says_that_it_is_pure_is_checked() -> None:
    """A module whose docstring says "Pure" is on the list."""
    said = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "exporter").rglob("*.py")
        if re.search(r"\bPure\b", ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "")
    }
    pure = contracts()["What is pure knows no network, no server, no loop and no log"]
    assert said <= set(pure["source_modules"])


def test_each_library_is_in_the_modules_that_the_page_names() -> None:
    """Rule 6: the page's table is the list of exceptions of the import rule, and no other."""
    rule = contracts()["Each third-party library is known to a few modules"]
    named = []
    for line in block("libraries"):
        library, modules = line.split(":")
        named += [f"exporter.{module} -> {library.strip()}" for module in modules.split()]
    assert sorted(named) == sorted(rule["ignore_imports"])


def test_every_room_that_the_page_names_exists() -> None:
    """Files and folders in backticks, from the repository's top or from the package."""
    for name in re.findall(r"`([\w./]+(?:\.py|\.html|\.yaml|/))`", PAGE):
        places = (ROOT / name, ROOT / "exporter" / name, *ROOT.glob(f"exporter/*/{name}"))
        assert any(place.exists() for place in (*places, *ROOT.glob(f"grafana/{name}"))), name

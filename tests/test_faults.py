"""Every fault of docs/faults.md names its tests in tests/FAULTS.md, and they exist."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS / "FAULTS.md").read_text("utf-8")
SOURCE = (TESTS.parent / "docs" / "faults.md").read_text("utf-8")
SECTIONS = (
    "Upstream",
    "Scrapers",
    "Life",
    "Found by attacking and using it",
    "Wrong numbers",
)
HEADS = ("fault", "kind", "what happened")


def rows(text: str, section: str) -> dict[str, str]:
    """The table under a heading of the second level: its first column -> its last one."""
    body = re.split(r"^## ", text, flags=re.MULTILINE)
    (table,) = [part for part in body if part.startswith(f"{section}\n")]
    lines = re.findall(r"^\| (.+?) \| (?:.* \| )?(.*) \|$", table, re.MULTILINE)
    cells = [(first.strip(), last) for first, last in lines if first not in HEADS]
    assert len({first for first, _ in cells}) == len(cells)
    return dict(cells)


def functions(file: Path) -> set[str]:
    return {
        node.name
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_fault_has_a_row() -> None:
    """The two documents have the same rows in the same order, section by section."""
    for section in SECTIONS:
        documented = list(rows(SOURCE, section))
        assert documented
        assert list(rows(TABLE, section)) == documented


def test_every_row_names_tests_that_exist() -> None:
    """A fault without a test is a promise that nobody holds."""
    for section in SECTIONS:
        for fault, cell in rows(TABLE, section).items():
            named = re.findall(r"`(\S+?)::(\w+)`", cell)
            assert named, fault
            for file, name in named:
                assert name in functions(TESTS / file), f"{file}::{name}"

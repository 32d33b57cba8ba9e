"""Every fault names its tests, and they exist."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS / "FAULTS.md").read_text("utf-8")
# The list of faults lies beside the project where it is developed.
SOURCE = TESTS.parent.parent / "shared" / "FAULTS.md"


def faults(text: str) -> list[str]:
    """The first column of every table."""
    rows = re.findall(r"^\| (.+?) \| ", text, re.MULTILINE)
    return [row.strip() for row in rows if row != "fault"]


def test_every_fault_has_a_row() -> None:
    listed = faults(TABLE)
    assert len(listed) == len(set(listed)) >= 50
    if SOURCE.exists():
        assert listed == faults(SOURCE.read_text("utf-8"))


def test_every_row_names_tests_that_exist() -> None:
    for row in re.findall(r"^\| .+ \|$", TABLE, re.MULTILINE):
        fault, named = row.strip("| ").rsplit(" | ", 1)
        if fault == "fault":
            continue
        found = re.findall(r"`(\S+?)::(\w+)`", named)
        assert found, fault
        for file, name in found:
            tree = ast.parse((TESTS / file).read_text("utf-8"))
            functions = {
                node.name
                for node in tree.body
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
            assert name in functions, f"{file}::{name}"

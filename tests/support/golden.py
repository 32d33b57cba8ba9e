"""Golden files: what a test expects as a whole file, and how that file is renewed."""

import os
from pathlib import Path


def assert_golden(path: Path, text: str) -> None:
    """Compares a text with a golden file, or writes the file where `UPDATE_GOLDEN=1` is set."""
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"{path.name}: renew it as CONTRIBUTING.md says"

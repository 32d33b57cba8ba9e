"""What `timesheet` makes of its flags."""

from pathlib import Path

import pytest

from exporter.commands.timesheet import form_of


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("march.xlsx", "xlsx"),
        ("MARCH.XLSX", "xlsx"),
        ("march.json", "json"),
        ("march.csv", "csv"),
        ("march.txt", "csv"),
        ("march", "csv"),
        (".xlsx", "csv"),
    ],
)
def test_the_format_is_that_of_the_files_ending(name: str, form: str) -> None:
    """No CSV hides in a file that a spreadsheet takes for a workbook."""
    assert form_of(Path("folder.json") / name) == form

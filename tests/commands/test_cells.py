"""What a spreadsheet would calculate is shown as text; everything else is as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.commands.cells import safe_cell
from exporter.commands.once_text import in_csv
from exporter.polling.snapshot import first_snapshot
from tests.support.answers import with_report
from tests.support.exporting import make_spec


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        '=HYPERLINK("http://x")',
        "  =1",
        "\u00a0=1",
        '"=1',
        "''=1",
        "\ufeff=1",
        "\u200b@x",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20x",
        "\ufe66x",
        "\u2212 1",
        "\t1",
        "\r=1",
        "\n@x",
    ],
)
def test_a_formula_is_given_an_apostrophe(text: str) -> None:
    """Also behind blanks and quotes, in full width, and behind a tab or a line break."""
    assert safe_cell(text).startswith("'")
    assert not set("\t\r\n") & set(safe_cell(text))


@pytest.mark.parametrize("text", ["Ann", "Олена Шевченко", "a=b", "5-7", "O'Neil", "", "12", "#1"])
def test_any_other_text_is_as_it_was(text: str) -> None:
    """Names with these characters inside, numbers and nothing are not touched."""
    assert safe_cell(text) == text


@given(st.text(max_size=20))
def test_no_text_begins_a_formula(text: str) -> None:
    """Whatever the text is, its cell has one line and does not begin with a formula's sign."""
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\uff1d", "\t", "\r"))
    assert cell.isprintable()


def test_names_in_csv_are_neutralised_and_numbers_are_not() -> None:
    """An employee, a status and a project that look like formulas; the seconds stay numbers."""
    rows = [{"employee": "=cmd|' /C calc'!A0", "@lunch": "00:00:05", "online": "01:31:55"}]
    snapshot = with_report(first_snapshot(make_spec(name="+Sales")), rows)
    lines = list(csv.DictReader(io.StringIO(in_csv([snapshot]))))
    assert {line["employee"] for line in lines} == {"'=cmd|' /C calc'!A0"}
    assert {line["project"] for line in lines} == {"'+Sales"}
    seconds = {line["status"]: line["seconds"] for line in lines}
    assert (seconds["'@lunch"], seconds["online"]) == ("5", "5515")

"""Names of sheets as Excel takes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.commands.sheet_names import sheet_names


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["Sales", "Support"], ["Sales", "Support"]),
        (["Sales/EU", "Sales:EU"], ["Sales_EU", "Sales_EU (2)"]),
        (["sales", "SALES", "Sales"], ["sales", "SALES (2)", "Sales (3)"]),
        (["a (2)", "a", "A"], ["a (2)", "a", "A (3)"]),
        (["'quoted'", "'"], ["quoted", "Sheet"]),
        (["", " ", "[]"], ["Sheet", "Sheet (2)", "__"]),
        (["History"], ["History (2)"]),
        (["x" * 40, "x" * 40], ["x" * 31, f"{'x' * 27} (2)"]),
        (["Продажі"], ["Продажі"]),
        (["😀" * 20], ["😀" * 15]),
        ([f"{'x' * 30} y"], ["x" * 30]),
        (["a\nb"], ["a\ufffdb"]),
    ],
)
def test_names(wanted: list[str], names: list[str]) -> None:
    assert sheet_names(wanted) == names


@given(st.lists(st.text(alphabet="aA'[]:*?/\\ 😀\n(2)", max_size=40), max_size=12))
def test_any_names_become_names_that_excel_takes(wanted: list[str]) -> None:
    """As many as were wanted, none twice in any case, none too long, none with what is not let."""
    names = sheet_names(wanted)
    assert len({name.lower() for name in names}) == len(names) == len(wanted)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\\n")
        assert name == name.strip(" '")
        assert name.lower() != "history"

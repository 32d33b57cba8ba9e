"""Clean labels (docs/contract.md#rule-7-clean-labels), and which employees are shown."""

import hashlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.ringostat.names import EmployeeFilter, clean


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Ann", "Ann"),
        ("  Ann \t  O'Hara\u00a0\n", "Ann O'Hara"),
        ("Ann\u2028Lee", "Ann Lee"),
        ("Zoe\u0308", "Zoë"),
        ("a\x00b\x7fc\x9fd", "a\ufffdb\ufffdc\ufffdd"),
        ("a\ud800b", "a\ufffdb"),
        ("", "(unnamed)"),
        (" \t\n", "(unnamed)"),
        ("Олена Шевченко", "Олена Шевченко"),
        ("x" * 200, "x" * 200),
    ],
)
def test_a_name_becomes_a_clean_label(name: str, label: str) -> None:
    """White space, normal form, control characters and surrogates, and the empty name."""
    assert clean(name) == label


def test_a_long_name_is_cut_to_200_with_the_hash_of_the_whole() -> None:
    """Two long names that differ at the end stay two labels."""
    name = "Ü" * 300
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    assert clean(name) == "Ü" * 191 + "…" + digest
    assert len(clean(name)) == 200
    assert clean("Ü" * 300) != clean("Ü" * 301)


@given(st.text(st.characters(), max_size=250))
def test_every_label_is_clean_and_stays_so(name: str) -> None:
    """Whatever the name, its label is clean, and cleaning it again changes nothing."""
    label = clean(name)
    assert 1 <= len(label) <= 200
    assert label == label.strip()
    assert "  " not in label
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in label)
    assert clean(label) == label
    label.encode()


def test_filters_are_anchored_and_exclude_wins() -> None:
    """An expression must match the whole name."""
    shown = EmployeeFilter(include=("A.*", "Bob"), exclude=("AI IVR .*",))
    assert shown.shows("Ann")
    assert shown.shows("Bob")
    assert not shown.shows("Bobby")
    assert not shown.shows("Zoe")
    assert not shown.shows("AI IVR Test")
    assert EmployeeFilter().shows("anybody")

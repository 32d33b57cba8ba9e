"""The readers of the flags' values."""

from collections.abc import Callable
from datetime import date

import pytest

from exporter.flags import a_day, a_label, one_of, whole_number


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (a_day, "2026-03-25", date(2026, 3, 25)),
        (a_label, "job=ringostat", ("job", "ringostat")),
        (a_label, "team=a=b", ("team", "a=b")),
        (a_label, "team=", ("team", "")),
        (one_of("text", "json"), "json", "json"),
        (whole_number, "0", 0),
    ],
)
def test_a_value_is_read(read: Callable[[str], object], text: str, value: object) -> None:
    """A valid value becomes what it means."""
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text", "problem"),
    [
        (a_day, "2026-13-01", "must be a day like 2026-03-25"),
        (a_day, "yesterday", "must be a day like 2026-03-25"),
        (a_label, "job", "must be NAME=VALUE"),
        (a_label, "=value", "must be NAME=VALUE"),
        (a_label, "1job=value", "must be NAME=VALUE"),
        (a_label, "job-name=value", "must be NAME=VALUE"),
        (one_of("text", "json"), "xml", "must be one of text, json"),
        (whole_number, "-1", "must be a whole number"),
        (whole_number, "1.5", "must be a whole number"),
        (whole_number, "٣", "must be a whole number"),
    ],
)
def test_an_invalid_value_is_rejected(
    read: Callable[[str], object], text: str, problem: str
) -> None:
    """An invalid value raises an error that says what a valid one looks like."""
    with pytest.raises(ValueError, match=problem):
        read(text)

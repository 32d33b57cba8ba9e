"""The readers of the flags' values."""

from collections.abc import Callable

import pytest

from exporter.flags import label, one_of, whole_number


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (label, "job=ringostat", ("job", "ringostat")),
        (label, "team=a=b", ("team", "a=b")),
        (label, "team=", ("team", "")),
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
        (label, "job", "must be NAME=VALUE"),
        (label, "=value", "must be NAME=VALUE"),
        (label, "1job=value", "must be NAME=VALUE"),
        (label, "job-name=value", "must be NAME=VALUE"),
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

"""Days, times and holidays as the configuration writes them."""

import re
from datetime import date, time
from pathlib import Path

import pytest
import yaml

from exporter.polling.shift_words import parse_days, parse_end, parse_holiday, parse_start

PAGE = Path(__file__).parents[2] / "docs" / "shifts.md"


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("mon", {0}),
        ("sun", {6}),
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("sat-mon", {5, 6, 0}),
        ("sun-mon", {6, 0}),
        ("tue-mon", {0, 1, 2, 3, 4, 5, 6}),
        ("mon-sun", {0, 1, 2, 3, 4, 5, 6}),
        ("Mon-FRI", {0, 1, 2, 3, 4}),
        (" mon - fri ", {0, 1, 2, 3, 4}),
        ("sat, sun", {5, 6}),
        ("mon,wed-fri", {0, 2, 3, 4}),
        (["mon", "wed"], {0, 2}),
        (["mon-tue", "Sat"], {0, 1, 5}),
        (["mon, tue", "sat"], {0, 1, 5}),
        (("mon",), {0}),
    ],
)
def test_days_are_words_ranges_and_lists_of_them(value: object, days: set[int]) -> None:
    """Capital letters and blanks do not matter, and a range may go on past Sunday."""
    assert parse_days(value) == days


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("", "must be days like mon-fri, sat or [mon, wed]"),
        ("monday", "must be days like mon-fri, sat or [mon, wed]"),
        ("mon-", "must be days like mon-fri, sat or [mon, wed]"),
        ("-", "must be days like mon-fri, sat or [mon, wed]"),
        ("mon-wed-fri", "must be days like mon-fri, sat or [mon, wed]"),
        ("mon,", "must be days like mon-fri, sat or [mon, wed]"),
        ("mon fri", "must be days like mon-fri, sat or [mon, wed]"),
        ("mon–fri", "must be days like mon-fri, sat or [mon, wed]"),
        ("1-5", "must be days like mon-fri, sat or [mon, wed]"),
        (1, "must be days like mon-fri, sat or [mon, wed]"),
        (None, "must be days like mon-fri, sat or [mon, wed]"),
        ({"mon": "fri"}, "must be days like mon-fri, sat or [mon, wed]"),
        ([["mon"]], "must be days like mon-fri, sat or [mon, wed]"),
        ([], "must name at least one day"),
        ("mon-mon", "has a range from a day to itself; every day is mon-sun"),
        ("mon, mon", "has a day twice"),
        (["mon-fri", "fri"], "has a day twice"),
    ],
)
def test_what_is_no_days_is_refused_in_words_of_ours(value: object, message: str) -> None:
    """A day that is named twice is a slip of the pen: another day was meant."""
    with pytest.raises(ValueError) as refused:
        parse_days(value)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("00:00", time(0), time(0)),
        ("09:00", time(9), time(9)),
        ("23:59", time(23, 59), time(23, 59)),
        ("24:00", None, time(0)),
        ("24:01", None, None),
        ("25:00", None, None),
        ("12:60", None, None),
        ("9:00", time(9), time(9)),
        ("9", None, None),
        ("09:00:00", None, None),
        (" 09:00", None, None),
        ("09:00\n", None, None),
        ("0٣:00", None, None),
        ("9 am", None, None),
        ("", None, None),
        (900, None, None),
        (None, None, None),
    ],
)
def test_a_time_is_hours_a_colon_and_two_digits(
    text: object, start: time | None, end: time | None
) -> None:
    """Only an end may be 24:00, which is the midnight that ends the day."""
    if start is not None:
        assert parse_start(text) == start
    else:
        with pytest.raises(ValueError, match=r"^must be a time from 00:00 to 23:59, like 09:00$"):
            parse_start(text)
    if end is not None:
        assert parse_end(text) == end
    else:
        with pytest.raises(ValueError, match=r"^must be a time from 00:00 to 24:00, like 18:00$"):
            parse_end(text)


def test_a_holiday_is_an_iso_date() -> None:
    """Leap days are days of their year alone."""
    assert parse_holiday("2026-12-25") == date(2026, 12, 25)
    assert parse_holiday("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("2026-02-29", "is not a day of the calendar"),
        ("2026-13-01", "is not a day of the calendar"),
        ("0000-01-01", "is not a day of the calendar"),
        ("20261225", "must be a day like 2026-12-25"),
        ("25.12.2026", "must be a day like 2026-12-25"),
        ("2026-W52-5", "must be a day like 2026-12-25"),
        ("2026-12-25 ", "must be a day like 2026-12-25"),
        ("٢٠٢٦-12-25", "must be a day like 2026-12-25"),
        (date(2026, 12, 25), "must be a day like 2026-12-25"),
        (None, "must be a day like 2026-12-25"),
    ],
)
def test_what_is_no_holiday_is_refused_in_words_of_ours(value: object, message: str) -> None:
    """Nothing of the value, and no text of Python's, is in the message."""
    with pytest.raises(ValueError) as refused:
        parse_holiday(value)
    assert str(refused.value) == message


def test_every_example_of_the_page_can_be_read() -> None:
    """The shifts and holidays of docs/shifts.md, in their YAML."""
    blocks = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    read = 0
    for block in blocks:
        content = yaml.load(block, yaml.BaseLoader)  # scalars are strings, as in the exporter
        project = content["projects"][0] if "projects" in content else content
        for shift in project.get("shifts", []):
            parse_days(shift["days"])
            parse_start(shift["start"])
            parse_end(shift["end"])
            read += 1
        for holiday in project.get("holidays", []):
            parse_holiday(holiday)
            read += 1
    assert read == 10

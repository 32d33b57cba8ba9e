"""Days of the command line."""

from datetime import date

import pytest

from exporter.days import days_between, parse_day
from exporter.errors import UsageError

TODAY = date(2026, 3, 2)
NO_DAYS = (
    "",
    "7",
    "+7",
    "-",
    "-100000",
    "-1d",
    "Today",
    "20260325",
    "2026-W12-3",
    "2026-3-5",
    "٢",
)
FORMS = r"^must be a day like 2026-03-25, today, yesterday, or -7"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-28", date(2026, 2, 28)),
        ("2024-02-29", date(2024, 2, 29)),
        ("today", TODAY),
        ("yesterday", date(2026, 3, 1)),
        ("-0", TODAY),
        ("-2", date(2026, 2, 28)),
        ("-365", date(2025, 3, 2)),
        ("-99999", date(1752, 5, 18)),
    ],
)
def test_a_day_is_a_date_or_counted_back_from_today(text: str, day: date) -> None:
    assert parse_day(text).on(TODAY) == day


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day_is_an_error_that_shows_every_form(text: str) -> None:
    with pytest.raises(ValueError, match=FORMS):
        parse_day(text)


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "0000-01-01"])
def test_a_date_that_no_calendar_has_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is not a day of the calendar$"):
        parse_day(text)


@pytest.mark.parametrize("text", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_that_no_project_can_have_is_an_error(text: str) -> None:
    """At the calendar's ends there is no day before or after."""
    with pytest.raises(ValueError, match=r"^must lie between 2000-01-01 and 2099-12-31$"):
        parse_day(text)


@pytest.mark.parametrize("text", ["2000-01-01", "2099-12-31"])
def test_the_first_and_the_last_day_are_good(text: str) -> None:
    """Both limits are inclusive."""
    assert parse_day(text).on(TODAY).isoformat() == text


def test_the_days_between_two_are_both_inclusive_and_in_order() -> None:
    days = days_between(parse_day("2026-02-28"), parse_day("today"), TODAY)
    assert days == [date(2026, 2, 28), date(2026, 3, 1), TODAY]
    assert days_between(parse_day("-1"), parse_day("yesterday"), TODAY) == [date(2026, 3, 1)]


def test_days_in_the_wrong_order_are_a_usage_error_that_shows_both() -> None:
    with pytest.raises(UsageError, match="2026-03-01 is before 2026-03-02"):
        days_between(parse_day("today"), parse_day("yesterday"), TODAY)

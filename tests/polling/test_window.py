"""Windows: dates, bounds and periods, over zones and days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.polling.window import (
    Dates,
    bounds,
    local_date,
    midnight,
    parse_window,
    period_of,
)

WEDNESDAY = date(2026, 3, 25)
ZONES = [
    "UTC",
    "Europe/Kyiv",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Havana",
    "Atlantic/Azores",
    "Pacific/Kiritimati",
    "Africa/Cairo",
]
NAMES = [
    "today",
    "yesterday",
    "this_week",
    "this_month",
    "previous_week",
    "previous_month",
    "last_2_days",
    "last_366_days",
]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", WEDNESDAY, WEDNESDAY),
        ("yesterday", date(2026, 3, 24), date(2026, 3, 24)),
        ("last_7_days", date(2026, 3, 19), WEDNESDAY),
        ("last_2_days", date(2026, 3, 24), WEDNESDAY),
        ("this_week", date(2026, 3, 23), WEDNESDAY),
        ("previous_week", date(2026, 3, 16), date(2026, 3, 22)),
        ("this_month", date(2026, 3, 1), WEDNESDAY),
        ("previous_month", date(2026, 2, 1), date(2026, 2, 28)),
    ],
)
def test_dates(name: str, first: date, last: date) -> None:
    """The inclusive dates of each window on a Wednesday."""
    assert parse_window(name).dates(WEDNESDAY) == Dates(first, last)


def test_weeks_and_months_at_their_edges() -> None:
    """Mondays, the first of a year, and the months before them."""
    assert parse_window("this_week").dates(date(2026, 3, 23)).first == date(2026, 3, 23)
    assert parse_window("previous_week").dates(date(2026, 1, 1)) == Dates(
        date(2025, 12, 22), date(2025, 12, 28)
    )
    assert parse_window("previous_month").dates(date(2026, 1, 31)) == Dates(
        date(2025, 12, 1), date(2025, 12, 31)
    )


@pytest.mark.parametrize(
    "name",
    ["", "Today", "last_1_days", "last_367_days", "last_02_days", "last_٣_days", "tomorrow"],
)
def test_other_names_are_no_windows(name: str) -> None:
    """The error lists the windows that there are."""
    with pytest.raises(ValueError, match="must be one of today, yesterday"):
        parse_window(name)


def test_settled_windows_lie_wholly_in_the_past() -> None:
    """Only these are polled at the settled interval."""
    settled = {name for name in NAMES if parse_window(name).settled}
    assert settled == {"yesterday", "previous_week", "previous_month"}


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Kyiv", date(2026, 3, 29), 23),
        ("Europe/Kyiv", date(2026, 10, 25), 25),
        ("Europe/Kyiv", date(2026, 6, 1), 24),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Havana", date(2026, 3, 8), 23),
        ("America/Havana", date(2026, 11, 1), 25),
    ],
)
def test_a_day_has_the_hours_its_zone_gives_it(zone: str, day: date, hours: float) -> None:
    """Changes of the clock make 23, 24.5 and 25 hours, even at midnight."""
    start, end = bounds(Dates(day, day), ZoneInfo(zone))
    assert end - start == hours * 3600


moments = st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC).timestamp()
)


@given(moments, st.sampled_from(ZONES))
def test_every_moment_lies_within_its_own_day(moment: float, name: str) -> None:
    """The bounds of a day meet those of the next in every zone."""
    zone = ZoneInfo(name)
    today = local_date(moment, zone)
    start, end = bounds(Dates(today, today), zone)
    assert start <= moment < end
    assert end == midnight(today + timedelta(days=1), zone)
    assert local_date(start, zone) == today
    assert local_date(start - 1, zone) == today - timedelta(days=1)


@given(moments, st.sampled_from(ZONES), st.sampled_from(NAMES))
def test_a_window_is_valid_exactly_while_it_has_its_dates(
    moment: float, name: str, window_name: str
) -> None:
    """A second before or after, the dates are others."""
    zone, window = ZoneInfo(name), parse_window(window_name)
    dates = window.dates(local_date(moment, zone))
    period = period_of(window, moment, zone)
    begins, ends = period.shown_from, period.shown_until
    assert period.dates == dates
    assert (period.begins, period.ends) == bounds(dates, zone)
    assert begins <= moment < ends
    for inside in (begins, ends - 1, (begins + ends) / 2):
        assert window.dates(local_date(inside, zone)) == dates
    for outside in (begins - 1, ends):
        assert window.dates(local_date(outside, zone)) != dates

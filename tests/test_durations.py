"""Durations as text: Prometheus's own, and Go's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.durations import format_duration, parse_duration, parse_go_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15s", 15),
        ("1h30m", 5400),
        ("7d", 604800),
        ("1w", 604800),
        ("1y", 31536000),
        ("250ms", 0.25),
        ("1d12h", 129600),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "15", "1.5h", "30m1h", "1:30", "-5s", "1 h", "1h ", "s", "٣s", None, 5]
)
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        parse_duration(text)


@given(st.integers(0, 90), st.integers(0, 400), st.integers(0, 90), st.integers(0, 90))
def test_durations_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    text = f"{days}d{hours}h{minutes}m{seconds}s"
    assert parse_duration(text) == days * 86400 + hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1s", 1), ("100ms", 0.1), ("1m30s", 90), ("1.5h", 5400), ("5000000000", 5), ("0", 0)],
)
def test_go_durations(text: str, seconds: float) -> None:
    assert parse_go_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "1d", "1 s", "s", "-1s", "1e3s", "9" * 5000, "٣s", None, 5])
def test_what_is_no_go_duration(text: object) -> None:
    with pytest.raises(ValueError, match="is not a duration like 1s, 100ms or 1m30s"):
        parse_go_duration(text)


@pytest.mark.parametrize("text", ["99999999999999y", "293y", "9999999999999999999s"])
def test_a_duration_of_over_292_years_is_invalid(text: str) -> None:
    """Prometheus counts nanoseconds in 64 bits; what is more would overflow somewhere else."""
    with pytest.raises(ValueError, match=r"^is longer than 292 years$"):
        parse_duration(text)
    assert parse_duration("292y") > 9e9


@pytest.mark.parametrize("text", ["9999999999999999h", "2562048h"])
def test_a_go_duration_of_over_292_years_is_invalid(text: str) -> None:
    """Go's own reader refuses what 64 bits of nanoseconds cannot hold."""
    with pytest.raises(ValueError, match=r"^is longer than 292 years$"):
        parse_go_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (0.001, "1ms"),
        (1.5, "1s500ms"),
        (15, "15s"),
        (90, "1m30s"),
        (900, "15m"),
        (3600, "1h"),
        (5400, "1h30m"),
        (86400, "1d"),
        (694861, "8d1h1m1s"),
    ],
)
def test_seconds_are_written_as_a_duration(seconds: float, text: str) -> None:
    """What is printed is what the configuration would take."""
    assert format_duration(seconds) == text
    assert parse_duration(text) == pytest.approx(seconds)

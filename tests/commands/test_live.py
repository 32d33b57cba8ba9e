"""What `check --live` says of answers, each finding on an answer that has it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from exporter.commands.live import judge, zones_at
from exporter.commands.session import Failure, Polled
from exporter.errors import RpcFailed
from exporter.instant import Instant
from exporter.polling.snapshot import first_snapshot
from exporter.polling.window import TODAY, YESTERDAY
from tests.support.answers import with_catalog, with_report
from tests.support.exporting import make_spec

NOON = 1774440000.0  # 2026-03-25 12:00 UTC, 14:00 in Kyiv
NOW = Instant(NOON, 1000.0)


def told(
    today: object,
    yesterday: object = (),
    catalog: object = (),
    zone: str = "UTC",
    slowest: float = 0.1,
) -> list[str]:
    spec = make_spec(windows=("today", "yesterday"), zone=ZoneInfo(zone))
    snapshot = with_catalog(first_snapshot(spec), list(catalog))  # type: ignore[call-overload]
    for window, rows in ((TODAY, today), (YESTERDAY, list(yesterday))):  # type: ignore[call-overload]
        snapshot = with_report(snapshot, rows, window)
    return list(judge(Polled(snapshot, [], slowest)))


def ann(**statuses: str) -> list[dict[str, str]]:
    return [{"employee": "Ann", **statuses}]


def test_all_is_well() -> None:
    """A good answer is one line with the number of employees."""
    assert told(ann(online="12:00:00"), ann(offline="24:00:00")) == ["today: 1 employee."]


def test_nobody() -> None:
    """A report without employees is said to be a good answer that names nobody."""
    assert told([])[0].startswith("today: answers well and names nobody.")


def test_slow() -> None:
    """An answer that took seconds is the first finding, with its time."""
    assert told(ann(online="12:00:00"), slowest=7.25)[0].startswith("slow: an answer took 7.2 s")


def test_a_status_that_the_catalog_does_not_know() -> None:
    """Statuses that are neither built in nor in the catalog are listed by name."""
    rows = ann(online="11:00:00", Nap="01:00:00", **{"7": "00:00:00"})
    lines = told(rows, catalog=[{"id": 7, "title": "Walk"}])
    assert any(
        line.startswith("the report has statuses that the catalog does not: Nap;")
        for line in lines
    )


def test_another_zone_is_named() -> None:
    """Rows that cover another zone's day name that zone's time and some zones that have it."""
    lines = told(ann(online="14:00:00"), zone="UTC")
    assert any("does not look like UTC" in line and "it is 14:00 now" in line for line in lines)
    assert any("Europe/" in line for line in lines)
    # The last week of winter time in Europe.
    assert all(name.startswith(("Africa/", "Europe/", "Asia/")) for name in zones_at(7200, NOON))
    for name in zones_at(7200, NOON):
        assert datetime.fromtimestamp(NOON, ZoneInfo(name)).utcoffset() == timedelta(hours=2)
    assert len(zones_at(7200, NOON)) == 3
    assert "Asia/Tokyo" in zones_at(9 * 3600, NOON)
    assert zones_at(17, NOON) == []


def test_a_zone_whose_day_is_over_already() -> None:
    """A full day of 24 hours at noon means that the account's day has ended elsewhere."""
    lines = told(ann(online="24:00:00"), zone="UTC")
    assert any(
        "does not look like UTC" in line and "2026-03-25 is over where" in line for line in lines
    )


def test_a_report_that_stands_still_is_no_other_zone() -> None:
    """A difference that is no quarter of an hour is taken for a report that stands still."""
    lines = told(ann(online="11:37:00"))
    assert any("may stand still" in line for line in lines)


def test_a_yesterday_that_is_no_day() -> None:
    """A settled day must account for all hours of that day in the project's zone."""
    lines = told(ann(online="12:00:00"), ann(offline="20:00:00"))
    assert any(
        line.startswith("yesterday covers 20 h 0 min of a day of 24 h 0 min") for line in lines
    )


def test_anomalies_and_double_names() -> None:
    """Names that come more than once and anomalies are counted in words."""
    rows = [
        *ann(online="12:00:00"),
        *ann(online="12:00:00"),
        {"employee": "Bob", "online": "12:00:00", "dnd": "x"},
    ]
    lines = told(rows)
    assert "1 name comes more than once; their rows are added up." in lines
    assert "anomalies: bad_value 1; docs/metrics.md says what each means." in lines


def test_what_did_not_answer_comes_with_an_advice() -> None:
    """A failed window is its error in words and what to do about it."""
    spec = make_spec(windows=("today", "yesterday"))
    failure = Failure("Sales", "today", "JSON-RPC error -32000", RpcFailed.advice)
    lines = list(judge(Polled(first_snapshot(spec), [failure], 0.1)))
    assert lines == ["today: JSON-RPC error -32000. Check the project's id."]


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Australia/Lord_Howe"])
def test_the_right_zone_is_never_suspect(zone: str) -> None:
    """Zones at odd offsets from UTC are not mistaken for others."""
    elapsed = {"Asia/Kathmandu": "17:45:00", "Australia/Lord_Howe": "23:00:00"}[zone]
    assert told(ann(online=elapsed), zone=zone)[:1] == ["today: 1 employee."]
    assert not any("look like" in line for line in told(ann(online=elapsed), zone=zone))

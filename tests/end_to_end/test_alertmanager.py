"""A real Alertmanager with the shipped example: one cause is one message, and nights are quiet."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.alerting import SHIPPED, alert, alertmanager
from tests.support.processes import wait_for

# A refused key of the custom statuses alone: the reports are answered.
LIST = "RingostatAuthFailed of a list"
ALERTS = frozenset(SHIPPED) | {LIST}
TEAM = frozenset(name for name, rule in SHIPPED.items() if "audience" in rule["labels"])
FOLLOWS = TEAM | {
    "RingostatDataStale",
    "RingostatReportFrozen",
    "RingostatZoneSuspect",
    "RingostatEmployeesVanished",
    "RingostatAnomaliesRising",
    "RingostatPeopleDown",
}
SILENCES: dict[str, frozenset[str]] = {
    "RingostatAbsent": ALERTS - {"RingostatAbsent"},
    "RingostatExporterDown": ALERTS - {"RingostatExporterDown", "RingostatAbsent"},
    "RingostatProjectDown": FOLLOWS,
    "RingostatAuthFailed": FOLLOWS | {LIST},
    "RingostatDataStale": TEAM,
    "RingostatReportFrozen": TEAM,
    "RingostatZoneSuspect": TEAM,
    "RingostatNobodyOnline": frozenset(
        {"RingostatNotCome", "RingostatTeamUnavailable", "RingostatDepartmentUnavailable"}
    ),
}
Settings = dict[str, Any]


def of_pair(pair: tuple[str, str]) -> list[dict[str, str]]:
    """Both alerts under a job of the pair's own; `role` says which is meant to be silenced."""
    return [
        alert("RingostatAuthFailed", job="/".join(pair), role=role, list="custom statuses")
        if name == LIST
        else alert(name, job="/".join(pair), role=role)
        for name, role in zip(pair, ("cause", "other"), strict=True)
    ]


def test_each_alert_silences_what_follows_of_it_and_nothing_else(tmp_path: Path) -> None:
    """Every pair of alerts."""
    pairs = [(cause, other) for cause in ALERTS for other in ALERTS if cause != other]
    expected = {"/".join(pair) for pair in pairs if pair[1] in SILENCES.get(pair[0], ())}
    assert len(expected) > 70
    with alertmanager(tmp_path) as manager:

        def silenced() -> set[str]:
            return {one["job"] for one in manager.inhibited() if one["role"] == "other"}

        manager.post([labels for pair in pairs for labels in of_pair(pair)])
        wait_for(lambda: len(silenced()) >= len(expected), 20, "silence")
        assert silenced() == expected


def test_another_project_and_another_exporter_are_told_all_the_same(tmp_path: Path) -> None:
    """What is down silences its own alone; three projects that are down are one message."""
    sales = alert("RingostatProjectDown", reason="timeout")
    with alertmanager(tmp_path, no_interval_is_now) as manager:
        manager.post(
            [
                sales,
                sales | {"project": "Support"},
                sales | {"project": "Desk"},
                alert("RingostatDataStale"),
                alert("RingostatNobodyOnline"),
                alert("RingostatNobodyOnline", project="Other"),
                alert("RingostatOverLimit", instance="b:10105"),
            ]
        )
        wait_for(lambda: len(manager.told.names("team-lead")) >= 2, 20, "the team lead")
        wait_for(lambda: len(manager.told.names("operations")) >= 3, 20, "operations")
        time.sleep(2)  # a message too many would have come by now
        told = manager.told.messages
    operations = [alerts for to, alerts in told if to == "operations"]
    assert [sorted(one["project"] for one in alerts) for alerts in operations] == [
        ["Desk", "Sales", "Support"]
    ]
    assert {one["reason"] for one in operations[0]} == {"timeout"}
    team = [alerts for to, alerts in told if to == "team-lead"]
    assert sorted((one["alertname"], one["project"]) for alerts in team for one in alerts) == [
        ("RingostatNobodyOnline", "Other"),
        ("RingostatOverLimit", "Sales"),
    ]


def place_where_it_is(hour: int) -> str:
    """A zone whose clock shows this hour, 0 to 23, now."""
    ahead = hour - datetime.now(UTC).hour  # noqa: TID251 - Alertmanager's clock is the real one
    ahead = (ahead + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}"


def set_intervals(settings: Settings, now: str | None) -> None:
    """Moves the shipped intervals so that one of them, or none, is now."""
    places = {name: place_where_it_is(12) for name in ("weekends", "holidays")}
    places["nights"] = place_where_it_is(2 if now == "nights" else 12)
    noon = datetime.now(ZoneInfo(places["weekends"]))  # noqa: TID251
    for interval in settings["time_intervals"]:
        name = interval["name"]
        day = noon if name == now else noon + timedelta(days=3)
        for times in interval["time_intervals"]:
            times["location"] = places[name]
            if "weekdays" in times:
                times["weekdays"] = [f"{day:%A}".lower()]
            if "months" in times:
                times |= {"months": [f"{day:%B}".lower()], "days_of_month": [str(day.day)]}
                times.pop("years", None)


def no_interval_is_now(settings: Settings) -> None:
    set_intervals(settings, None)


def only(name: str) -> Callable[[Settings], None]:
    return lambda settings: set_intervals(settings, name)


@pytest.mark.parametrize("interval", ["nights", "weekends", "holidays"])
def test_the_team_lead_has_nights_weekends_and_holidays(tmp_path: Path, interval: str) -> None:
    """What is critical is told at any time, the rest of operations' not at night."""
    with alertmanager(tmp_path, only(interval)) as manager:
        manager.post(
            [
                alert("RingostatNobodyOnline", project="Other"),
                alert("RingostatDataStale"),
                alert("RingostatAuthFailed", project="Support", reason="auth"),
            ]
        )
        expected = ["RingostatAuthFailed"] + ["RingostatDataStale"] * (interval != "nights")
        wait_for(lambda: manager.told.names("operations") == expected, 20, "operations")
        time.sleep(2)
        assert manager.told.names("operations") == expected
        assert manager.told.names("team-lead") == []


def test_what_still_holds_in_the_morning_is_told_then(tmp_path: Path) -> None:
    """The same alerts, once it is day: Alertmanager is told to read the intervals again."""
    with alertmanager(tmp_path, only("nights")) as manager:
        manager.post([alert("RingostatDataStale"), alert("RingostatAuthFailed", project="B")])
        wait_for(lambda: manager.told.names("operations"), 20, "operations")
        assert manager.told.names("operations") == ["RingostatAuthFailed"]
        manager.read_again(no_interval_is_now)
        both = ["RingostatAuthFailed", "RingostatDataStale"]
        wait_for(lambda: manager.told.names("operations") == both, 20, "the morning")

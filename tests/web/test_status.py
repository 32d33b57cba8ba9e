"""What the status page says of a project."""

from dataclasses import replace

import pytest

from exporter.errors import KeyRefused, reasons
from exporter.instant import Instant
from exporter.polling.updates import apply_catalog, apply_failure, apply_report, first_snapshot
from exporter.polling.window import Window
from exporter.web.status import ADVICE, in_words, look_at
from tests.support.exporting import make_spec

NOON = Instant(1774440000.0, 1000.0)
TODAY = Window("today")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 s"),
        (45.4, "45 s"),
        (119, "119 s"),
        (720, "12 min"),
        (4080, "1 h 8 min"),
        (8100, "2 h 15 min"),
        (273600, "3 d 4 h"),
    ],
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_every_reason_has_an_advice() -> None:
    assert set(ADVICE) == set(reasons())
    assert all(text.endswith(".") for text in ADVICE.values())


def test_a_project_from_its_first_moment_to_a_failure() -> None:
    plan = make_spec()
    snapshot = first_snapshot(plan)
    view = look_at(snapshot, NOON)
    assert (view.state, view.age, view.next_poll, view.employees) == (
        "waiting",
        "never",
        "now",
        None,
    )
    snapshot = apply_catalog(snapshot, plan, [{"id": 7, "title": "At lunch"}], NOON)
    rows = [
        {"employee": "Ann", "online": "03:00:00", "offline": "09:00:00"},
        {"employee": "Bob", "speaking": "02:00:00", "7": "01:00:00"},
    ]
    snapshot = apply_report(
        snapshot, plan, TODAY, rows, planned=NOON.wall, sent=NOON.wall, now=NOON
    )
    snapshot = replace(snapshot, next_poll=NOON.wall + 50)
    view = look_at(snapshot, Instant(NOON.wall + 10, NOON.age + 10))
    assert (view.state, view.age, view.next_poll, view.employees) == (
        "up",
        "10 s ago",
        "in 40 s",
        2,
    )
    assert [(s.status, s.style, s.percent) for s in view.shares] == [
        ("speaking", "speaking", 33.33),
        ("online", "online", 50.0),
        ("At lunch", "custom", 16.67),
    ]
    assert "Ann" not in repr(view)
    failed = apply_failure(snapshot, TODAY, "getSipStatusDailyReport", KeyRefused("HTTP 401"))
    view = look_at(failed, Instant(NOON.wall + 400, NOON.age + 400))
    assert (view.state, view.problem, view.employees) == ("down", "today: HTTP 401", None)
    assert view.advice == "Check auth_key: copy it anew from Ringostat's settings."
    assert view.shares == []

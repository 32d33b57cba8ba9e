"""What the status page says of a project."""

from dataclasses import replace
from typing import Any

import pytest

from exporter.errors import KeyRefused, RpcFailed
from exporter.files import FileValue
from exporter.instant import Instant
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot, respecified
from exporter.polling.status_rules import StatusRule
from exporter.polling.window import TODAY
from exporter.ringostat.names import EmployeeFilter
from exporter.ringostat.pseudonyms import Pseudonyms, read_pseudonym_key
from exporter.web.status import FailureView, in_hours, in_words, project_view
from exporter.web.team_sums import sum_of_team
from exporter.web.translations import translations
from tests.support.answers import NOON, later, with_catalog, with_report
from tests.support.exporting import make_spec
from tests.support.pseudonyms import KEY


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
    """A duration is shown in its two largest units."""
    assert in_words(seconds) == words


def test_a_project_from_its_first_moment_to_a_failure() -> None:
    """The view of a project before its first poll, after a report, and after a failure."""
    snapshot = first_snapshot(make_spec())
    view = project_view(snapshot, NOON)
    assert (view.state, view.age, view.next_poll, view.employees) == (
        "waiting",
        "never",
        "now",
        None,
    )
    snapshot = with_catalog(snapshot, [{"id": 7, "title": "At lunch"}])
    rows = [
        {"employee": "Ann", "online": "03:00:00", "offline": "09:00:00"},
        {"employee": "Bob", "speaking": "02:00:00", "7": "01:00:00"},
    ]
    snapshot = replace(with_report(snapshot, rows), next_poll=NOON.wall + 50)
    view = project_view(snapshot, Instant(NOON.wall + 10, NOON.age + 10))
    assert (view.state, view.age, view.next_poll, view.employees) == (
        "up",
        "10 s ago",
        "in 40 s",
        2,
    )
    assert [(s.word, s.kind, s.amount, s.percent) for s in view.day] == [
        ("speaking", "call", "2 h 0 min", 33.33),
        ("online", "available", "3 h 0 min", 50.0),
        ("At lunch", "other", "1 h 0 min", 16.67),
    ]
    assert view.now == []
    assert "Ann" not in repr(view)
    failed = ReportQuery(TODAY).fail(snapshot, KeyRefused("HTTP 401").problem)
    view = project_view(failed, Instant(NOON.wall + 400, NOON.age + 400))
    assert (view.state, view.employees, view.day) == ("down", None, [])
    assert view.failures == [
        FailureView(
            "Today",
            "Ringostat refuses the key",
            "HTTP 401",
            "Check auth_key: copy it anew from Ringostat's settings.",
            "ringostatauthfailed",
        )
    ]


def test_what_the_api_said_is_shown_but_where_pseudonyms_hide_names() -> None:
    """It may name somebody; the code and the advice stay."""
    problem = RpcFailed("JSON-RPC error 5", "Ann Lee has left").problem
    shown = {}
    for key in (None, FileValue(Pseudonyms(KEY), read_pseudonym_key)):
        failed = ReportQuery(TODAY).fail(first_snapshot(make_spec(pseudonyms=key)), problem)
        view = project_view(failed, NOON)
        (failure,) = view.failures
        shown[key is not None] = failure.detail
        assert failure.advice == "Check the project's id."
    assert shown == {False: "JSON-RPC error 5: Ann Lee has left", True: "JSON-RPC error 5"}


def polled_twice(**changes: Any) -> ProjectSnapshot:
    """A team of which two speak, one is at lunch, one offline, and of one it is not known."""
    snapshot = with_catalog(first_snapshot(make_spec(**changes)), [{"id": 7, "title": "At lunch"}])
    for minute in range(2):
        grown = f"01:0{minute}:00"
        rows = [
            {"employee": "Ann", "speaking": grown, "offline": "01:00:00"},
            {"employee": "Bob", "speaking": grown, "offline": "01:00:00"},
            {"employee": "Cyd", "7": grown, "offline": "01:00:00"},
            {"employee": "Dan", "online": "01:00:00", "offline": grown},
            {"employee": "Eve", "online": "01:00:00" if minute else "?", "offline": "01:00:00"},
        ]
        snapshot = with_report(snapshot, rows, at=later(60 * minute))
    return snapshot


def now_of(snapshot: ProjectSnapshot, seconds: float) -> list[tuple[str, str, str]]:
    """Who is on what so many seconds after the second poll."""
    view = project_view(snapshot, later(60 + seconds))
    return [(status.amount, status.word, status.kind) for status in view.now]


def test_how_many_are_on_what_now() -> None:
    """By the kind of the status; of whom it is not known is said as well."""
    assert now_of(polled_twice(), 5) == [
        ("2", "speaking", "call"),
        ("1", "At lunch", "other"),
        ("1", "offline", "offline"),
        ("1", "not known", "unknown"),
    ]
    rules = (StatusRule("At lunch", "break"),)
    assert now_of(polled_twice(statuses=rules), 5)[1] == ("1", "At lunch", "break")


def test_who_is_on_what_ends_with_the_metric() -> None:
    """3.5 intervals after the poll that showed it, as ringostat_employee_current_status does."""
    assert now_of(polled_twice(), 209) != []
    assert now_of(polled_twice(), 211) == []


@pytest.mark.parametrize("changes", [{"presence": False}, {"windows": ("yesterday",)}])
def test_where_presence_is_not_asked_for_nothing_is_said_of_now(changes: dict[str, Any]) -> None:
    """Neither without `presence` nor without the window `today`."""
    assert now_of(polled_twice(**changes), 5) == []


def test_who_is_hidden_does_not_count() -> None:
    """A reload of the filter holds at once, also in what was summed before."""
    snapshot = polled_twice()
    sums = sum_of_team(snapshot)
    hidden = respecified(
        snapshot, replace(snapshot.spec, shown=EmployeeFilter(exclude=("Ann|Cyd|Eve",)))
    )
    assert sum_of_team(hidden, sums).now.people == {"speaking": 1, "offline": 1}
    assert now_of(hidden, 5) == [("1", "speaking", "call"), ("1", "offline", "offline")]


def test_what_was_summed_is_kept_while_the_poll_is_the_newest() -> None:
    """The next poll is summed anew."""
    snapshot = polled_twice()
    sums = sum_of_team(snapshot)
    assert sum_of_team(snapshot, sums).now is sums.now
    rows = [{"employee": "Ann", "speaking": "01:02:00", "offline": "01:00:00"}]
    after = with_report(snapshot, rows, at=later(120))
    assert sum_of_team(after, sums).now.people == {"speaking": 1}


def test_hours_of_many_are_never_days() -> None:
    """The whole team's time is no time that passed."""
    assert (in_hours(213_780), in_hours(780), in_hours(3_600)) == (
        "59 h 23 min",
        "13 min",
        "1 h 0 min",
    )


def test_a_project_in_ukrainian() -> None:
    """Built-in statuses are translated; what the account named itself is left as it is."""
    view = project_view(polled_twice(), later(65), texts=translations(["uk"]))
    assert [status.word for status in view.now] == ["розмовляє", "At lunch", "офлайн", "невідомо"]
    assert (view.window, view.age, view.next_poll) == ("Сьогодні", "5 с тому", "зараз")

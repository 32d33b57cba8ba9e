"""What the status page says of a project."""

from dataclasses import replace

import pytest

from exporter.errors import KeyRefused, RpcFailed
from exporter.files import FileValue
from exporter.instant import Instant
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import first_snapshot
from exporter.polling.window import TODAY
from exporter.ringostat.pseudonyms import Pseudonyms, read_pseudonym_key
from exporter.web.status import FailureView, in_words, project_view
from tests.support.answers import NOON, with_catalog, with_report
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

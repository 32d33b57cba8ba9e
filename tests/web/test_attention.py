"""Which projects need a person, and how the page says so."""

from dataclasses import replace

import pytest

from exporter.errors import AccessForbidden, KeyRefused, TimedOut
from exporter.polling.list_queries import CatalogQuery, SipAccountsQuery, StaffQuery
from exporter.polling.query import Query
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import ProjectSnapshot, first_snapshot, respecified
from exporter.polling.window import TODAY, YESTERDAY
from exporter.web.attention import by_need, failures_of, state_of, worst
from exporter.web.overview import Overview, overview
from exporter.web.runbook import runbook_page
from exporter.web.status import project_view
from exporter.web.team_sums import sum_of_team
from exporter.web.translations import ENGLISH
from tests.support.answers import NOON, with_report
from tests.support.exporting import make_spec

ROWS = [{"employee": "Ann", "online": "01:00:00"}]


def project(name: str = "Sales", number: int = 1) -> ProjectSnapshot:
    """A project that was not polled yet and is asked everything."""
    return first_snapshot(
        make_spec(
            name=name,
            project_id=number,
            windows=("today", "yesterday"),
            staff=True,
            sip_accounts=True,
        )
    )


def healthy(name: str = "Sales", number: int = 1) -> ProjectSnapshot:
    """One whose reports came."""
    return with_report(with_report(project(name, number), ROWS), ROWS, YESTERDAY)


def failing(snapshot: ProjectSnapshot, *queries: Query) -> ProjectSnapshot:
    """One of whose questions some fail."""
    for query in queries:
        snapshot = query.fail(snapshot, TimedOut("no whole answer in time").problem)
    return snapshot


@pytest.mark.parametrize(
    ("snapshot", "state", "failed"),
    [
        (project(), "waiting", []),
        (healthy(), "up", []),
        (failing(healthy(), ReportQuery(YESTERDAY)), "down", ["yesterday"]),
        (failing(project(), ReportQuery(TODAY)), "down", ["today"]),
        (failing(healthy(), CatalogQuery()), "partly", ["custom statuses"]),
        (failing(healthy(), StaffQuery()), "partly", ["staff list"]),
        (failing(healthy(), SipAccountsQuery()), "partly", ["SIP accounts"]),
        (
            failing(healthy(), StaffQuery(), ReportQuery(TODAY)),
            "down",
            ["today", "staff list"],
        ),
    ],
)
def test_whatever_fails_needs_a_person(
    snapshot: ProjectSnapshot, state: str, failed: list[str]
) -> None:
    """A report, the catalog, the staff list or the SIP accounts; reports are named first."""
    assert state_of(snapshot) == state
    assert [failure.query.title for failure in failures_of(snapshot)] == failed


def test_what_is_asked_no_more_needs_nobody() -> None:
    """A reload that turns the staff list off ends its failure."""
    snapshot = failing(healthy(), StaffQuery())
    assert state_of(respecified(snapshot, replace(snapshot.spec, staff=False))) == "up"


def test_the_failing_ones_come_first() -> None:
    """Each state in the order of the configuration."""
    snapshots = [
        healthy("A"),
        project("B"),
        failing(healthy("C"), StaffQuery()),
        failing(healthy("D"), ReportQuery(TODAY)),
        healthy("E"),
        failing(healthy("F"), ReportQuery(TODAY)),
    ]
    assert [snapshot.spec.name for _, snapshot in by_need(snapshots)] == list("DFCBAE")


def test_the_worst_state_is_that_of_the_page() -> None:
    """Without any project it is up."""
    assert worst(["up", "waiting", "partly"]) == "partly"
    assert worst(["partly", "down"]) == "down"
    assert worst(["up", "waiting"]) == "waiting"
    assert worst([]) == "up"


def page_of(snapshots: list[ProjectSnapshot]) -> Overview:
    return overview(snapshots, NOON, sum_of_team, ENGLISH)


def test_ten_projects_that_need_nobody_are_shown_whole() -> None:
    """The eleventh is one line; a failing one is never."""
    good = [healthy(f"Good {number}", number) for number in range(12)]
    bad = [failing(healthy(f"Bad {n}", 100 + n), CatalogQuery()) for n in range(11)]
    page = page_of([*good, *bad])
    assert page.heading == "11 of 23 projects need you"
    assert [view.name for view in page.projects] == [
        *(f"Bad {number}" for number in range(11)),
        *(f"Good {number}" for number in range(10)),
    ]
    assert [(view.name, view.state, view.age) for view in page.brief] == [
        ("Good 10", "up", "0 s ago"),
        ("Good 11", "up", "0 s ago"),
    ]
    assert [view.day for view in page.brief] == [[], []]


def test_a_page_on_which_nobody_is_needed_says_so() -> None:
    """Also where there is no project, as on a shard of many."""
    assert page_of([healthy()]).heading == "No project needs you"
    assert page_of([]) == Overview("No project needs you", "up", [], [])


def test_failures_that_are_alike_are_said_once() -> None:
    """A refused key fails every question; only where the advice differs it is said apart."""
    snapshot = project()
    for query in (ReportQuery(TODAY), ReportQuery(YESTERDAY), CatalogQuery(), StaffQuery()):
        snapshot = query.fail(snapshot, KeyRefused("HTTP 401").problem)
    first, second = project_view(snapshot, NOON).failures
    assert first.titles == "Today · Yesterday · Custom statuses"
    assert second.titles == "Staff list"
    assert first.advice == "Check auth_key: copy it anew from Ringostat's settings."
    assert second.advice.endswith("staff: false does without.")


@pytest.mark.parametrize("query", [ReportQuery(TODAY), CatalogQuery(), StaffQuery()])
@pytest.mark.parametrize("error", [KeyRefused, AccessForbidden, TimedOut])
def test_each_failure_leads_to_a_section_of_the_runbook(
    query: Query, error: type[TimedOut]
) -> None:
    """The anchor of the link is there."""
    failed = query.fail(project(), error("HTTP 401").problem)
    (failure,) = project_view(failed, NOON).failures
    assert f'<h2 id="{failure.anchor}">' in runbook_page().decode()

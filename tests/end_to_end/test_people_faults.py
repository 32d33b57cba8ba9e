"""Faults of the staff list and the SIP corners: counted, told, and never anybody else's matter."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.documented import one
from tests.support.exporting import SECONDS, select
from tests.support.people_api import (
    ONLINE,
    REPORT,
    SPEAKING,
    STAFF,
    Reply,
    bare,
    hang,
    html,
    rpc,
    rpc_error,
    status,
)
from tests.support.people_pages import People, bad_staff, departments, errors_of, people_of
from tests.support.people_run import (
    EMAIL,
    EXTENSION,
    PHONE,
    PRIVATE,
    Case,
    Live,
    Polled,
    live,
    person,
    poll_once,
    rows,
)

ANN = person(3, "Ann", "demo_ann", departments=[{"id": 12, "name": "Sales"}])
BOTH = {"staff": True, "sip_accounts": True}
OWN = {"departments": [{"name": "Desk", "employees": ["Ann"]}]}
GOOD: dict[str, Reply] = {
    STAFF: rpc({"3": ANN}),
    REPORT: rpc(rows("Ann", "Bob")),
    ONLINE: bare(["demo_ann"]),
    SPEAKING: bare([]),
}
TOLD = f"{EMAIL} {PHONE} {EXTENSION} Ann demo_ann"
SUCCESS = "ringostat_report_last_success_timestamp_seconds"
# Without a staff list: own departments, and nobody owns an account.
WITHOUT = People(
    departments=departments(Ann=["Desk"], Bob=["(none)"]),
    accounts={("demo_ann", ""): (1.0, 0.0)},
    staff_up=0,
    sip_up=1,
)
WHOLE = People(
    {"Ann": "3"},
    departments(Ann=["Sales", "Desk"], Bob=["(none)"]),
    {("demo_ann", "Ann"): (1.0, 0.0)},
    1,
    1,
    1,
)

# What the staff list is answered, and the reason of the failure.
FAILURES: dict[str, tuple[Reply, str]] = {
    "401": (status(401, TOLD), "auth"),
    "403": (status(403, TOLD), "forbidden"),
    "400": (status(400, TOLD), "http_4xx"),
    "302": (status(302, Location=f"http://127.0.0.1:9/{PHONE}"), "redirect"),
    "html": (html(TOLD), "decode"),
    "text": (status(200, TOLD), "decode"),
    "invalid params": (rpc_error("Invalid params"), "rpc_error"),
    "an error that tells": (rpc_error(f"incorrect field {TOLD}"), "rpc_error"),
    "other id": (bare({"jsonrpc": "2.0", "id": TOLD, "result": [ANN]}), "schema"),
    "no result": (bare({"jsonrpc": "2.0", "reply": [ANN]}), "schema"),
    "a text as result": (rpc(TOLD), "schema"),
    "mostly bad": (rpc([ANN, TOLD, 7, {"email": EMAIL, "phone": PHONE}]), "schema"),
    "mostly bad, keyed": (rpc({"3": ANN, EMAIL: None, PHONE: [EXTENSION]}), "schema"),
    "mostly bad, wrapped": (rpc({"staff": [ANN, EMAIL, PHONE]}), "schema"),
}
CASES = [
    Case(name, {**GOOD, STAFF: reply}, OWN, WITHOUT, {(STAFF, reason): 1}, None)
    for name, (reply, reason) in FAILURES.items()
]


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    """One run with a project for each fault."""
    return poll_once(tmp_path_factory.mktemp("faults"), *CASES, sip_interval="5m", **BOTH)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_staff_list_that_fails_is_nobody_elses_matter(polled: Polled, case: Case) -> None:
    """Its own `up` is 0 and its error counted; reports, accounts and own departments are there."""
    page = polled.samples
    assert people_of(page, case.name) == WITHOUT
    assert people_of(polled.openmetrics_samples, case.name) == WITHOUT
    assert errors_of(page, case.name) == case.errors
    assert one(page, "ringostat_up", project=case.name) == 1
    assert one(page, "ringostat_custom_statuses_up", project=case.name) == 1
    assert one(page, SECONDS, project=case.name, employee="Bob", status="online") == 3600
    assert bad_staff(page, case.name) == 0


def test_every_reason_of_the_new_methods_is_0_from_the_first_exposition(polled: Polled) -> None:
    """An increase from nothing is seen: the series are there before the first failure."""
    for corner in (STAFF, ONLINE, SPEAKING):
        labels = {"project": CASES[0].name, "method": corner}
        known = select(polled.samples, "ringostat_poll_errors_total", **labels)
        catalog = {**labels, "method": "getCustomStatuses"}
        assert len(known) == len(select(polled.samples, "ringostat_poll_errors_total", **catalog))


def test_faults_tell_nobody_of_people(polled: Polled) -> None:
    """No page and no debug line has an e-mail, phone or extension; no line a name or login."""
    pages = (polled.text + polled.openmetrics + polled.status).decode()
    assert [word for word in PRIVATE if word in pages] == []
    assert [word for word in (*PRIVATE, "demo_ann", "KEY-canary") if word in polled.log] == []
    for case in CASES:
        assert f'"{case.name}"' in polled.log or f"project={case.name}" in polled.log


def successes_of(found: Live, project: str, seconds: float) -> list[float]:
    """The last success of `today`, each time that it had advanced."""
    end = time.monotonic() + seconds  # noqa: TID251 - real programs live in real time
    seen: list[float] = []
    while time.monotonic() < end:  # noqa: TID251
        moment = one(found.scrape(), SUCCESS, project=project, window="today")
        assert moment is not None
        seen += [moment] if moment not in seen else []
        time.sleep(0.1)
    return seen


def test_a_corner_that_hangs_or_asks_for_patience_leaves_reports_their_pace(
    tmp_path: Path,
) -> None:
    """No two reports are over 3.5 intervals apart (a current status would end), and all is up."""
    patience = status(429, TOLD, Retry_After="1")
    faults: dict[str, dict[str, Reply]] = {
        "staff hangs": {STAFF: hang},
        "online hangs": {ONLINE: hang},
        "speaking hangs": {SPEAKING: hang},
        "staff 429": {STAFF: patience},
        "speaking 429": {SPEAKING: patience},
    }
    cases = [Case(name, {**GOOD, **answers}, OWN) for name, answers in faults.items()]
    good = Case("good", GOOD, OWN, WHOLE)
    pace = {"interval": "3s", "staff_interval": "1s", "sip_interval": "1s"}
    with live(tmp_path, *cases, good, **pace, **BOTH) as found:
        assert len(successes_of(found, "good", 9)) >= 3
        page, now = found.scrape(), time.monotonic()  # noqa: TID251
        for name, answers in faults.items():
            (corner,) = answers
            reason = "timeout" if "hangs" in name else "rate_limited"
            assert errors_of(page, name).keys() == {(corner, reason)}
            assert one(page, "ringostat_up", project=name) == 1
            reports = [*found.account(name).times(REPORT), now]
            assert len(reports) > 2
            assert max(after - before for before, after in pairwise(reports)) < 3.5 * 3, name
        assert people_of(page, "good") == WHOLE
        assert errors_of(page, "good") == {}
        assert found.account("good").most_in_flight == 1
        assert not [word for word in PRIVATE if word in found.pages()]
    log = "\n".join(found.running.lines)
    assert [word for word in (*PRIVATE, "demo_ann") if word in log] == []

"""SIP accounts now: whose they are, both lists together or not at all, and for how long."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.exporting import select
from tests.support.people_api import ONLINE, REPORT, SPEAKING, STAFF, bare, html, rpc, status
from tests.support.people_pages import People, departments, errors_of, people_of
from tests.support.people_run import Case, Live, Polled, key_of, live, person, poll_once, rows
from tests.support.processes import wait_for
from tests.support.real import soaking

ANN = person(3, "Ann", "demo_ann", "demo_ann_mob")
STAFF_OF_ANN = {STAFF: rpc({"3": ANN}), REPORT: rpc(rows("Ann"))}
OWN = {("demo_ann", "Ann"): (0.0, 0.0), ("demo_ann_mob", "Ann"): (0.0, 0.0)}
ALONE = {"sip_accounts": True}
BOTH = {"sip_accounts": True, "staff": True}


def lists(online: object, speaking: object) -> dict[str, Any]:
    return {ONLINE: bare(online), SPEAKING: bare(speaking)}


def of_ann(name: str, online: object, speaking: object, **accounts: tuple[float, float]) -> Case:
    """A project whose staff list knows Ann and her two accounts; the others are nobody's."""
    own = {("demo_ann", "Ann"), ("demo_ann_mob", "Ann")}
    named = {login: (login, "Ann" if (login, "Ann") in own else "") for login in accounts}
    told = OWN | {named[login]: flags for login, flags in accounts.items()}
    return Case(
        name,
        {**STAFF_OF_ANN, **lists(online, speaking)},
        BOTH,
        People({"Ann": "3"}, departments(Ann=["(none)"]), told, 1, 1, 0),
    )


def alone(name: str, online: object, speaking: object, **accounts: tuple[float, float]) -> Case:
    """A project that asks for no staff list: nobody's account has a known owner."""
    told = {(login, ""): flags for login, flags in accounts.items()}
    return Case(name, lists(online, speaking), ALONE, People(accounts=told, sip_up=1))


CASES = [
    of_ann("nobody is online", [], []),
    of_ann("one is online", ["demo_ann"], [], demo_ann=(1, 0)),
    of_ann("who speaks is in both", ["demo_ann"], ["demo_ann"], demo_ann=(1, 1)),
    of_ann("who speaks is online", [], ["demo_ann_mob"], demo_ann_mob=(1, 1)),
    of_ann("a login of nobody", ["demo_door"], ["demo_gate"], demo_door=(1, 0), demo_gate=(1, 1)),
    of_ann("twice in a list", ["demo_ann", "demo_ann"], [], demo_ann=(1, 0)),
    of_ann("half is bad", ["demo_ann", None], [7, "demo_ann"], demo_ann=(1, 1)),
    alone("without staff", ["demo_ann"], ["demo_bob"], demo_ann=(1, 0), demo_bob=(1, 1)),
    Case(
        "staff alone",
        STAFF_OF_ANN,
        {"staff": True},
        People({"Ann": "3"}, departments(Ann=["(none)"]), staff_up=1, unlisted=0),
    ),
    Case(
        "neither",
        {REPORT: rpc(rows("Ann"))},
        expected=People(departments=departments(Ann=["(none)"])),
    ),
]

# What each list is answered, and the reason of the failure.
FAILURES: dict[str, tuple[Any, str]] = {
    "401": (status(401), "auth"),
    "403": (status(403), "forbidden"),
    "404": (status(404), "http_4xx"),
    "html": (html(), "decode"),
    "no list": (bare("demo_ann"), "schema"),
    "mostly bad": (bare(["demo_ann", 1, None]), "schema"),
}
FAULTY = [
    Case(
        f"{corner.removeprefix('sipstatus/')} {kind}",
        {**STAFF_OF_ANN, **lists(["demo_ann"], ["demo_ann"]), corner: reply},
        BOTH,
        errors={(corner, reason): 1},
    )
    for corner in (ONLINE, SPEAKING)
    for kind, (reply, reason) in FAILURES.items()
]


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    """One run with a project for each case; each list is asked once."""
    return poll_once(tmp_path_factory.mktemp("sip"), *CASES, *FAULTY, sip_interval="5m")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_sample_of_the_sip_families(polled: Polled, case: Case) -> None:
    """Text and OpenMetrics say exactly what the two lists and the staff list say."""
    assert people_of(polled.samples, case.name) == case.expected
    assert people_of(polled.openmetrics_samples, case.name) == case.expected
    assert errors_of(polled.samples, case.name) == {}


@pytest.mark.parametrize("case", FAULTY, ids=lambda case: case.name)
def test_one_list_that_fails_is_no_poll_and_nothing_else_fails(polled: Polled, case: Case) -> None:
    """No account is online or offline by half an answer; `up` and the staff list are as before."""
    found = people_of(polled.samples, case.name)
    assert (found.sip_up, found.staff_up, found.ids) == (0, 1, {"Ann": "3"})
    assert found.accounts == {}
    assert errors_of(polled.samples, case.name) == case.errors
    assert set(select(polled.samples, "ringostat_up", project=case.name).values()) == {1}


def test_the_lists_are_asked_as_they_are_documented(polled: Polled) -> None:
    """GET without a body, the key in a header, an agent; every failed one only once."""
    for corner in (ONLINE, SPEAKING):
        account = polled.accounts[key_of("one is online")]
        (request,) = [one for one in account.asked if one.corner == corner]
        assert request.body == b""
        assert request.headers["user-agent"]
    assert polled.strays == ()


def test_a_project_that_did_not_ask_for_it_is_asked_nothing(polled: Polled) -> None:
    """Neither the staff list nor the lists of accounts are on by default."""
    corners = {asked.corner for asked in polled.accounts[key_of("neither")].asked}
    assert not corners & {STAFF, ONLINE, SPEAKING}


def poll_again(found: Live, name: str, corner: str, seconds: float = 10) -> None:
    """Returns after two further requests to a corner: the first answer is on the page by then."""
    account = found.account(name)
    before = len(account.times(corner))
    wait_for(lambda: len(account.times(corner)) >= before + 2, seconds, f"{corner} again")


@pytest.mark.parametrize("failing", [ONLINE, SPEAKING])
def test_while_one_list_fails_the_previous_accounts_stay_whole(
    tmp_path: Path, failing: str
) -> None:
    """Nothing of the list that still answers is shown; both are again when both are had.

    Under `make soak` also that they go 60 s after the last good answer, not before.
    """
    case = of_ann("Sales", ["demo_ann"], ["demo_ann"])
    shown = OWN | {("demo_ann", "Ann"): (1.0, 1.0)}
    changed = {ONLINE: bare(["demo_ann_mob"]), SPEAKING: bare(["demo_ann_mob"])}
    with live(tmp_path, case, interval="1s", sip_interval="1s") as found:
        account = found.account("Sales")
        account.answers |= {**changed, failing: html()}
        failed = time.monotonic()  # noqa: TID251 - real programs live in real time
        wait_for(lambda: found.people("Sales").sip_up == 0, 5, "failed")
        poll_again(found, "Sales", failing)
        lasts = soaking(57, 2)
        while time.monotonic() - failed < lasts:  # noqa: TID251
            assert found.people("Sales").accounts == shown
            time.sleep(0.2)
        if lasts > 50:
            wait_for(lambda: found.people("Sales").accounts == {}, 6, "gone after 60 s")
        assert errors_of(found.scrape(), "Sales").keys() == {(failing, "decode")}
        assert set(select(found.scrape(), "ringostat_up").values()) == {1}
        account.answers |= changed
        wait_for(lambda: found.people("Sales").sip_up == 1, soaking(70, 20), "recovered")
        assert found.people("Sales").accounts == OWN | {("demo_ann_mob", "Ann"): (1.0, 1.0)}


def test_a_login_that_left_the_lists_and_the_staff_is_gone(tmp_path: Path) -> None:
    """What the newest lists do not name and nobody owns has no series."""
    case = alone("Sales", ["demo_ann", "demo_bob"], [])
    with live(tmp_path, case, sip_interval="1s") as found:
        assert found.people("Sales").accounts.keys() == {("demo_ann", ""), ("demo_bob", "")}
        found.account("Sales").answers |= lists(["demo_bob"], [])
        wanted = {("demo_bob", ""): (1.0, 0.0)}
        wait_for(lambda: found.people("Sales").accounts == wanted, 5, "gone")
        wait_for(lambda: min(requests_of(found)) > 1, 5, "counted")


def requests_of(found: Live) -> list[float]:
    """How many attempts the exporter counts at each of the two lists."""
    page = found.scrape()
    name = "ringostat_api_requests_total"
    return [sum(select(page, name, method=corner).values()) for corner in (ONLINE, SPEAKING)]

"""The staff list over time: what is shown while it fails, changes and comes back."""

import signal
import time
from pathlib import Path

from tests.support.documented import one
from tests.support.people_api import (
    ONLINE,
    REPORT,
    SPEAKING,
    STAFF,
    Reply,
    bare,
    html,
    rpc,
    status,
)
from tests.support.people_pages import People, bad_staff, departments, errors_of
from tests.support.people_run import Case, key_of, live, person, rows, write
from tests.support.processes import wait_for

SALES = {"id": 12, "name": "Sales"}
ANN = person(3, "Ann", "demo_ann", departments=[SALES])
CYD = person(4, "Cyd", "demo_cyd", departments=[SALES])
GOOD: dict[str, Reply] = {
    STAFF: rpc({"3": ANN, "4": CYD}),
    REPORT: rpc(rows("Ann", "Bob")),
    ONLINE: bare(["demo_ann"]),
    SPEAKING: bare([]),
}
SETTINGS = {
    "staff": True,
    "staff_interval": "1s",
    "sip_accounts": True,
    "departments": [{"name": "Desk", "employees": ["Ann"]}],
}
WHOLE = People(
    {"Ann": "3", "Cyd": "4"},
    departments(Ann=["Sales", "Desk"], Bob=["(none)"], Cyd=["Sales"]),
    {("demo_ann", "Ann"): (1.0, 0.0), ("demo_cyd", "Cyd"): (0.0, 0.0)},
    1,
    1,
    1,
)


def test_a_staff_list_that_is_stale_takes_along_all_it_told(tmp_path: Path) -> None:
    """3 intervals after the last good answer; own departments, `(none)` and the accounts stay.

    A failure before that changes no value but `up`, and a good answer brings everything back.
    """
    left = People(
        departments=departments(Ann=["Desk"], Bob=["(none)"]),
        accounts={("demo_ann", ""): (1.0, 0.0)},
        staff_up=0,
        sip_up=1,
    )
    with live(tmp_path, Case("Sales", GOOD, SETTINGS), interval="1s") as found:
        assert found.people("Sales") == WHOLE
        account = found.account("Sales")
        account.answers[STAFF] = html()
        last_good = account.times(STAFF)[-1]
        wait_for(lambda: found.people("Sales").staff_up == 0, 5, "failed")
        kept = found.people("Sales")
        assert (kept.ids, kept.departments) == (WHOLE.ids, WHOLE.departments)
        assert (kept.accounts, kept.unlisted) == (WHOLE.accounts, WHOLE.unlisted)
        wait_for(lambda: found.people("Sales") == left, 6, "stale")
        assert time.monotonic() - last_good > 2.5  # noqa: TID251 - real programs, real time
        assert one(found.scrape(), "ringostat_up") == 1
        assert errors_of(found.scrape(), "Sales").keys() == {(STAFF, "decode")}
        account.answers[STAFF] = GOOD[STAFF]
        wait_for(lambda: found.people("Sales") == WHOLE, 20, "back")


def test_each_answer_is_shown_whole_and_nothing_of_the_one_before(tmp_path: Path) -> None:
    """Who left the list, moved or was renamed is seen so at the next answer, never in between."""
    moved = person(3, "Ann", "demo_ann_new", departments=[{"id": 15, "name": "Night desk"}])
    renamed = person(4, "Cyd Lee", "demo_cyd")
    then = People(
        {"Ann": "3", "Cyd Lee": "4"},
        departments(Ann=["Night desk", "Desk"], Bob=["(none)"], Cyd_Lee=["(none)"]),
        {
            ("demo_ann", ""): (1.0, 0.0),
            ("demo_ann_new", "Ann"): (0.0, 0.0),
            ("demo_cyd", "Cyd Lee"): (0.0, 0.0),
        },
        1,
        1,
        1,
    )
    with live(tmp_path, Case("Sales", GOOD, SETTINGS), sip_interval="5m") as found:
        assert found.people("Sales") == WHOLE
        found.account("Sales").answers[STAFF] = rpc([moved, renamed])
        seen = []

        def changed() -> bool:
            seen.append(found.people("Sales"))
            return seen[-1] != WHOLE

        wait_for(changed, 5, "the new list", pause=0.0)
        assert seen[-1] == then


def test_bad_entries_are_counted_at_each_poll(tmp_path: Path) -> None:
    """Each is one anomaly a poll, and the poll is a good one."""
    answers = {**GOOD, STAFF: rpc([ANN, CYD, 7, person(5, None)])}
    with live(tmp_path, Case("Sales", answers, SETTINGS)) as found:
        account = found.account("Sales")
        wait_for(lambda: len(account.times(STAFF)) >= 3, 6, "three polls")
        wait_for(lambda: (bad_staff(found.scrape(), "Sales") or 0) >= 4, 5, "counted")
        assert (bad_staff(found.scrape(), "Sales") or 0) % 2 == 0
        assert found.people("Sales") == WHOLE
        assert errors_of(found.scrape(), "Sales") == {}


def test_presence_does_not_need_the_staff_list(tmp_path: Path) -> None:
    """With `presence: false` and no report rows the staff list alone names people."""
    settings = {**SETTINGS, "presence": False, "sip_accounts": False}
    answers = {**GOOD, REPORT: rpc([])}
    with live(tmp_path, Case("Sales", answers, settings)) as found:
        assert found.people("Sales") == People(
            {"Ann": "3", "Cyd": "4"},
            departments(Ann=["Sales", "Desk"], Cyd=["Sales"]),
            staff_up=1,
            unlisted=0,
        )


def test_who_was_in_a_stale_report_alone_is_in_no_department(tmp_path: Path) -> None:
    """Once no window names them any more; those of the staff list stay, nobody is unlisted."""
    settings = {**SETTINGS, "sip_accounts": False, "stale_after": "3s"}
    with live(tmp_path, Case("Sales", GOOD, settings), interval="1s") as found:
        assert found.people("Sales").departments == WHOLE.departments
        found.account("Sales").answers[REPORT] = html()
        left = People(
            WHOLE.ids, departments(Ann=["Sales", "Desk"], Cyd=["Sales"]), {}, 1, None, None
        )
        wait_for(lambda: found.people("Sales") == left, 8, "stale")


def test_a_new_name_of_a_project_moves_its_people_in_one_scrape(tmp_path: Path) -> None:
    """No answer is waited for; the counters move along."""
    case = Case("Sales", {**GOOD, STAFF: rpc([ANN, CYD, 7])}, {**SETTINGS, "staff_interval": "1h"})
    with live(tmp_path, case, sip_interval="5m") as found:
        assert found.people("Sales") == WHOLE
        renamed = Case("Office", settings={**case.settings, "auth_key": key_of("Sales")})
        write(tmp_path, found.api.url, [renamed], sip_interval="5m")
        found.running.send(signal.SIGHUP)
        wait_for(lambda: found.people("Sales") == People(), 5, "moved", pause=0.0)
        assert found.people("Office") == WHOLE
        assert bad_staff(found.scrape(), "Office") == 1
        assert len(found.account("Sales").times(STAFF)) == 1


def test_a_key_that_becomes_right_is_tried_at_once(tmp_path: Path) -> None:
    """A staff list that was refused is asked again at a reload, not minutes later."""
    refused = {**GOOD, STAFF: status(403), ONLINE: status(401)}
    case = Case("Sales", refused, SETTINGS)
    with live(tmp_path, case) as found:
        assert (found.people("Sales").staff_up, found.people("Sales").sip_up) == (0, 0)
        asked = len(found.account("Sales").times(STAFF))
        time.sleep(2.5)  # over two staff intervals: a refused key waits longer
        assert len(found.account("Sales").times(STAFF)) == asked
        found.account("Sales").answers |= GOOD
        found.running.send(signal.SIGHUP)
        wait_for(lambda: found.people("Sales") == WHOLE, 5, "asked at once")
        assert errors_of(found.scrape(), "Sales") == {(STAFF, "forbidden"): 1, (ONLINE, "auth"): 1}

"""The staff list in every shape: who is who and in which department, as the real program says."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.exporting import select
from tests.support.people_api import ONLINE, REPORT, SPEAKING, STAFF, bare, rpc
from tests.support.people_pages import People, bad_staff, departments, errors_of, people_of
from tests.support.people_run import (
    PHONE,
    PRIVATE,
    UNTYPED,
    Case,
    Polled,
    key_of,
    person,
    poll_once,
    rows,
)

SALES, NIGHT = {"id": 12, "name": "Sales"}, {"id": 15, "name": "Night desk"}
ANN = person(3, "Ann Lee", "demo_ann", departments=[SALES])
BOB = person(20, "Bob", "demo_bob", "demo_bob_mob", departments=[SALES, NIGHT])
SIP: dict[str, Any] = {ONLINE: bare(["demo_ann"]), SPEAKING: bare(["demo_bob"])}
# What is expected of every shape that says the same as the documented example.
SAME = People(
    ids={"Ann Lee": "3", "Bob": "20"},
    departments=departments(Ann_Lee=["Sales"], Bob=["Sales", "Night desk"]),
    accounts={
        ("demo_ann", "Ann Lee"): (1, 0),
        ("demo_bob", "Bob"): (1, 1),
        ("demo_bob_mob", "Bob"): (0, 0),
    },
    staff_up=1,
    sip_up=1,
    unlisted=0,
)


def in_departments(ann: object, bob: object) -> list[dict[str, Any]]:
    return [ANN | {"departments": ann}, BOB | {"departments": bob}]


def with_directions(ann: object, bob: object) -> list[dict[str, Any]]:
    return [ANN | {"directions": ann}, BOB | {"directions": bob}]


def sip(*logins: str) -> list[dict[str, object]]:
    return [{"type": "sip", "direction": login, "status": True} for login in logins]


# Shapes that say the same.
SHAPES: dict[str, object] = {
    "keyed by id": {"3": ANN, "20": BOB},
    "list": [ANN, BOB],
    "wrapper staff": {"staff": [ANN, BOB]},
    "wrapper employees, keyed": {"employees": {"3": ANN, "20": BOB}},
    "wrapper items": {"items": [ANN, BOB]},
    "wrapper with a total": {"items": [ANN, BOB], "total": 2},
    "ids as strings": [ANN | {"staffId": "3"}, BOB | {"staffId": "20"}],
    "ids only as keys": {
        "3": {key: value for key, value in ANN.items() if key not in ("id", "staffId")},
        "20": {key: value for key, value in BOB.items() if key not in ("id", "staffId")},
    },
    "names to be cleaned": [ANN | {"fio": "  Ann \n\u00a0Lee"}, BOB],
    "departments by title": in_departments(
        [{"id": 12, "title": "Sales"}],
        [{"id": 12, "title": "Sales"}, {"id": 15, "title": "Night desk"}],
    ),
    "departments keyed by id": in_departments({"12": SALES}, {"12": SALES, "15": NIGHT}),
    "departments keyed, names alone": in_departments(
        {"12": {"name": "Sales"}}, {"12": "Sales", "15": "Night desk"}
    ),
    "departments to be cleaned": in_departments(
        [SALES, {"id": 12, "name": " Sales "}], [SALES, {"id": 15, "name": "Night\t desk\n"}]
    ),
    "directions flat": with_directions(
        [*sip("demo_ann"), {"type": "phone", "direction": PHONE}], sip("demo_bob", "demo_bob_mob")
    ),
    "directions strings": with_directions(["demo_ann", *UNTYPED], ["demo_bob", "demo_bob_mob"]),
    "directions strings in main": with_directions(
        {"main": ["demo_ann"], "additional": []},
        {"main": ["demo_bob"], "additional": ["demo_bob_mob", *UNTYPED]},
    ),
}


def same(name: str, staff: object) -> Case:
    return Case(name, {STAFF: rpc(staff), REPORT: rpc(rows("Ann Lee", "Bob")), **SIP}, {}, SAME)


def differing(name: str, staff: object, *names: str, **expected: Any) -> Case:
    """A case whose people, or what is known of them, differ from the example."""
    shown = names or ("Ann Lee", "Bob")
    answers = {STAFF: rpc(staff), REPORT: rpc(rows(*shown)), **SIP}
    return Case(name, answers, {}, replace(SAME, **expected))


NOBODY_OWNS = {("demo_ann", ""): (1, 0), ("demo_bob", ""): (1, 1)}
NOBODY = {
    "ids": {},
    "departments": departments(Ann_Lee=["(none)"], Bob=["(none)"]),
    "accounts": NOBODY_OWNS,
    "unlisted": 2,
}
NO_DEPARTMENT = departments(Ann_Lee=["(none)"], Bob=["(none)"])
TWINS = [
    person(20, "Ann Lee", "demo_ann", departments=[SALES]),
    person(3, "Ann Lee", "demo_bob", departments=[NIGHT]),
]

CASES = [
    *(same(name, staff) for name, staff in SHAPES.items()),
    differing(
        "departments as numbers",
        in_departments([12], [12, "15"]),
        departments=departments(Ann_Lee=["12"], Bob=["12", "15"]),
    ),
    differing(
        "departments without a name",
        in_departments([{"id": 12}], [{"id": 12, "name": None}, {"id": 15, "title": ""}]),
        departments=departments(Ann_Lee=["12"], Bob=["12", "15"]),
    ),
    differing("departments empty", in_departments([], {}), departments=NO_DEPARTMENT),
    differing("departments null", in_departments(None, None), departments=NO_DEPARTMENT),
    differing(
        "departments absent",
        [
            {key: value for key, value in entry.items() if key != "departments"}
            for entry in (ANN, BOB)
        ],
        departments=NO_DEPARTMENT,
    ),
    differing(
        "three departments",
        in_departments([SALES, NIGHT, {"id": 7, "name": "Цілодобово"}], [SALES]),
        departments=departments(Ann_Lee=["Sales", "Night desk", "Цілодобово"], Bob=["Sales"]),
    ),
    differing(
        "two of one name",
        TWINS,
        "Ann Lee",
        ids={"Ann Lee": "3,20"},
        departments=departments(Ann_Lee=["Sales", "Night desk"]),
        accounts={("demo_ann", "Ann Lee"): (1, 0), ("demo_bob", "Ann Lee"): (1, 1)},
    ),
    differing(
        "directions absent",
        [person(3, "Ann Lee", directions=...), person(20, "Bob", directions=None)],
        departments=NO_DEPARTMENT,
        accounts=NOBODY_OWNS,
    ),
    differing(
        "unlisted and not in the report",
        [ANN],
        "Bob",
        "Cyd",
        ids={"Ann Lee": "3"},
        departments=departments(Ann_Lee=["Sales"], Bob=["(none)"], Cyd=["(none)"]),
        accounts={("demo_ann", "Ann Lee"): (1, 0), ("demo_bob", ""): (1, 1)},
        unlisted=2,
    ),
    differing("nobody, a list", [], **NOBODY),
    differing("nobody, an object", {}, **NOBODY),
    differing("nobody, null", None, **NOBODY),
    replace(same("half is bad", [ANN, BOB, 7, "text"]), anomalies=2),
    replace(same("no name or a bad one", [ANN, BOB, {"staffId": 5}, person(6, 7)]), anomalies=2),
    replace(
        differing(
            "bad departments",
            in_departments(True, [[], 1.5, SALES]),
            departments=departments(Ann_Lee=["(none)"], Bob=["Sales"]),
        ),
        anomalies=None,
    ),
    replace(
        differing(
            "bad directions",
            with_directions(7, {"main": 7, "additional": [None, *sip("demo_bob")]}),
            accounts={("demo_ann", ""): (1, 0), ("demo_bob", "Bob"): (1, 1)},
        ),
        anomalies=None,
    ),
]


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    """One run with a project for each case."""
    return poll_once(tmp_path_factory.mktemp("staff"), *CASES, staff=True, sip_accounts=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_sample_of_the_people_families(polled: Polled, case: Case) -> None:
    """Text and OpenMetrics say exactly what the staff list says, and nothing failed."""
    assert people_of(polled.samples, case.name) == case.expected
    assert people_of(polled.openmetrics_samples, case.name) == case.expected
    assert errors_of(polled.samples, case.name) == {}
    assert set(select(polled.samples, "ringostat_up", project=case.name).values()) == {1}
    found = bad_staff(polled.samples, case.name)
    assert found == case.anomalies if case.anomalies is not None else found


def test_info_families_have_their_types(polled: Polled) -> None:
    """They are gauges in text and infos in OpenMetrics, under the name without `_info`."""
    for name in ("ringostat_employee", "ringostat_employee_department"):
        assert f"# TYPE {name}_info gauge\n".encode() in polled.text
        assert f"# TYPE {name} info\n".encode() in polled.openmetrics
    for name in ("staff_up", "sip_accounts_up", "sip_account_online", "sip_account_speaking"):
        assert f"# TYPE ringostat_{name} gauge\n".encode() in polled.text


def test_the_staff_list_is_asked_as_it_is_documented(polled: Polled) -> None:
    """POST, JSON-RPC with the project and full departments, the key in a header, an agent."""
    asked = [one for one in polled.accounts[key_of("list")].asked if one.corner == STAFF]
    (request,) = asked
    number = [case.name for case in CASES].index("list") + 1
    assert request.rpc["params"] == {"projectId": number, "departmentsFullFormat": True}
    assert request.rpc["jsonrpc"] == "2.0"
    assert request.headers["user-agent"]
    assert polled.strays == ()


def test_nobody_sees_an_email_a_phone_or_an_extension(polled: Polled) -> None:
    """They are in no page and no debug line; names and logins are in no line of the log."""
    pages = (polled.text + polled.openmetrics + polled.status).decode()
    for word in PRIVATE:
        assert word not in pages
        assert word not in polled.log
    for word in ("Ann Lee", "demo_ann", "demo_bob", "KEY-canary"):
        assert word not in polled.log

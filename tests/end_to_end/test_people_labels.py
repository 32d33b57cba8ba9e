"""Odd names, departments, ids and logins: clean labels, and one label a person everywhere."""

import hashlib
from typing import Any

import pytest

from tests.support.exporting import SECONDS, select
from tests.support.people_api import ONLINE, REPORT, SPEAKING, STAFF, Asked, bare, rpc, status
from tests.support.people_pages import People, bad_staff, departments, errors_of, people_of
from tests.support.people_run import Case, Polled, person, poll_once, rows

LONG = "Ann " + "x" * 300
LONG_LABEL = f"{LONG[:191]}…{hashlib.sha256(LONG.encode()).hexdigest()[:8]}"
BOTH = {"staff": True, "sip_accounts": True}


def alone(name: str, entry: dict[str, Any], label: str, *words: str, **more: Any) -> Case:
    """A project of one person, who is in the report under the same name."""
    answers = {STAFF: rpc([entry]), REPORT: rpc(rows(entry["fio"])), **more.pop("answers", {})}
    expected = People(
        {label: more.pop("id", "3")},
        {label: frozenset(words or {"(none)"})},
        more.pop("accounts", {}),
        1,
        1,
        0,
    )
    return Case(name, answers, BOTH, expected, **more)


CASES = [
    alone("long", person(3, LONG), LONG_LABEL),
    alone("escapes", person(3, 'A "B" \\ C'), 'A "B" \\ C'),
    alone("control", person(3, "A\x00B\x7f"), "A\ufffdB\ufffd"),
    alone("surrogate", person(3, "A\ud800B"), "A\ufffdB"),
    alone("composed", person(3, "Cafe\u0301"), "Café"),
    alone(
        "departments",
        person(3, "Ann", departments=[{"id": 1, "name": 'A "B" \\ C\n'}, {"id": 2, "name": LONG}]),
        "Ann",
        'A "B" \\ C',
        LONG_LABEL,
    ),
    alone(
        "department of control characters",
        person(3, "Ann", departments=[{"id": 1, "name": "A\x00\ud800"}]),
        "Ann",
        "A\ufffd\ufffd",
    ),
    alone(
        "two departments of one name",
        person(3, "Ann", departments=[{"id": 1, "name": "Sales"}, {"id": 2, "name": "Sales"}]),
        "Ann",
        "Sales",
    ),
    alone("an id that no float holds", person(2**53 + 1, "Ann"), "Ann", id=str(2**53 + 1)),
    alone(
        "logins to be cleaned",
        person(3, "Ann", " demo_ann ", "demo_ann"),
        "Ann",
        answers={ONLINE: bare(["demo_ann\n"]), SPEAKING: bare([])},
        accounts={("demo_ann", "Ann"): (1, 0)},
    ),
    alone(
        "a phone is no account, whatever it looks like",
        person(3, "Ann", directions=[{"type": "phone", "direction": "demo_desk"}]),
        "Ann",
    ),
    Case(
        "the same person twice",
        {STAFF: rpc([person(3, "Ann"), person(3, "Ann")]), REPORT: rpc(rows("Ann"))},
        BOTH,
        People({"Ann": "3"}, departments(Ann=["(none)"]), {}, 1, 1, 0),
    ),
    Case(
        "two rows of one name",
        {STAFF: rpc([person(3, "Ann")]), REPORT: rpc(rows("Ann", " Ann ", "Bob", "Bob"))},
        BOTH,
        People({"Ann": "3"}, departments(Ann=["(none)"], Bob=["(none)"]), {}, 1, 1, 1),
    ),
    Case(
        "a byte order mark",
        {ONLINE: status(200, '\ufeff["demo_ann"]'), SPEAKING: status(200, "[]")},
        BOTH,
        People(accounts={("demo_ann", ""): (1, 0)}, staff_up=1, sip_up=1, unlisted=0),
    ),
]


def twice(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    """A staff list with a key twice in one object."""
    return 200, {}, b'{"id": %d, "result": {"3": {}, "3": {}}}' % asked.rpc["id"]


PACKED = status(200, "[]", Content_Encoding="br")
BROKEN = [
    Case("key twice", {STAFF: twice}, BOTH, errors={(STAFF, "decode"): 1}),
    Case("deep", {ONLINE: status(200, "[" * 200_000)}, BOTH, errors={(ONLINE, "decode"): 1}),
    Case("nan", {SPEAKING: status(200, "[NaN]")}, BOTH, errors={(SPEAKING, "decode"): 1}),
    Case("empty", {SPEAKING: status(200, "")}, BOTH, errors={(SPEAKING, "decode"): 1}),
    Case("moved", {ONLINE: status(302, Location="/")}, BOTH, errors={(ONLINE, "redirect"): 1}),
    Case("packed", {ONLINE: PACKED}, BOTH, errors={(ONLINE, "encoding"): 1}),
    Case("large", {STAFF: status(200, "x" * 2_097_153)}, BOTH, errors={(STAFF, "too_large"): 1}),
]


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Polled:
    """One run with a project for each case."""
    return poll_once(tmp_path_factory.mktemp("labels"), *CASES, *BROKEN, sip_interval="5m")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_person_has_one_clean_label_everywhere(polled: Polled, case: Case) -> None:
    """The staff list's label is the report's, so that they can be joined."""
    assert people_of(polled.samples, case.name) == case.expected
    assert people_of(polled.openmetrics_samples, case.name) == case.expected
    assert errors_of(polled.samples, case.name) == {}
    assert bad_staff(polled.samples, case.name) == 0
    shown = {
        dict(labels)["employee"]
        for _, labels in select(polled.samples, SECONDS, project=case.name)
    }
    assert shown <= case.expected.departments.keys()


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_bodies_are_read_as_carefully_as_reports(polled: Polled, case: Case) -> None:
    """Each is the failure that it would be for a report, once, and `up` is 1."""
    assert errors_of(polled.samples, case.name) == case.errors
    assert set(select(polled.samples, "ringostat_up", project=case.name).values()) == {1}

"""The staff list of the simulated API, in each shape."""

from collections.abc import Callable
from typing import Any

import pytest

from exporter.simulator.faults import SIP_ONLINE, SIP_SPEAKING, STAFF
from exporter.simulator.staff_list import SHAPES
from tests.support.canaries import canaries
from tests.support.simulated import KEY, NOON, call, make_api


def _result(shape: str = "keyed", project_id: int = 68861, **params: Any) -> Any:
    reply = call(make_api(staff_shape=shape), STAFF, project_id, **params).json()
    assert (reply["jsonrpc"], reply["id"]) == ("2.0", 5)
    return reply["result"]


def test_by_default_it_is_the_shape_that_was_seen() -> None:
    """An object keyed by staffId, departments of id and name, directions main and additional."""
    found = _result()
    assert len(found) == 13
    assert found["6886102"] == {
        "id": 82,
        "staffId": 6886102,
        "fio": "Taras Bondarenko",
        "email": "taras@canary.example",
        "phone": "380990000202",
        "extensionNumber": "97202",
        "departments": [{"id": 12, "name": "Sales 1"}],
        "directions": {
            "main": [{"type": "sip", "direction": "sales_taras", "status": True}],
            "additional": [
                {"type": "sip", "direction": "sales_taras_mob", "status": False},
                {"type": "phone", "direction": "380990000202"},
            ],
        },
    }
    both = [{"id": 12, "name": "Sales 1"}, {"id": 15, "name": "Sales 2"}]
    assert found["6886110"]["departments"] == both
    assert found["6886113"]["departments"] == []


@pytest.mark.parametrize("full", [False, None, "true", 1])
def test_departments_are_numbers_unless_the_full_format_is_asked_for(full: object) -> None:
    found = _result(departmentsFullFormat=full)
    assert found["6886110"]["departments"] == [12, 15]


def test_names_are_the_reports() -> None:
    """Also those that two people share."""
    api = make_api()
    for desk in api.centre.desks.values():
        names = [entry["fio"] for entry in _result(project_id=desk.project_id).values()]
        assert names == [person.name for person in desk.people]


@pytest.mark.parametrize("project_id", [68861, 39071])
def test_status_is_true_of_accounts_that_are_online_or_speak(project_id: int) -> None:
    api = make_api(NOON)
    key = f"{KEY}-{project_id}"
    lists = [call(api, method, key=key).json() for method in (SIP_ONLINE, SIP_SPEAKING)]
    told = {}
    for entry in _result(project_id=project_id).values():
        for direction in entry["directions"]["main"] + entry["directions"]["additional"]:
            if direction["type"] == "sip":
                told[direction["direction"]] = direction["status"]
    assert {login for login, status in told.items() if status} == {*lists[0], *lists[1]}
    assert set(told.values()) == {True, False}


_TARAS = "6886102"
_LOGINS = ["sales_taras", "sales_taras_mob"]
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "keyed": lambda found: found[_TARAS]["staffId"] == int(_TARAS),
    "list": lambda found: found[1]["staffId"] == int(_TARAS),
    "wrapped": lambda found: found["staff"][_TARAS]["staffId"] == int(_TARAS),
    "employees": lambda found: found["employees"][_TARAS]["staffId"] == int(_TARAS),
    "items": lambda found: found["items"][1]["staffId"] == int(_TARAS),
    "department-ids": lambda found: found[_TARAS]["departments"] == [12],
    "department-names": lambda found: found[_TARAS]["departments"] == ["Sales 1"],
    "departments-keyed": lambda found: found[_TARAS]["departments"] == {"12": "Sales 1"},
    "titles": lambda found: found[_TARAS]["departments"] == [{"id": 12, "title": "Sales 1"}],
    "plain-directions": lambda found: found[_TARAS]["directions"] == [*_LOGINS, "380990000202"],
    "flat-directions": lambda found: (
        [one["direction"] for one in found[_TARAS]["directions"]] == [*_LOGINS, "380990000202"]
    ),
    "status-on-employee": lambda found: (
        found[_TARAS]["status"] is True
        and found[_TARAS]["directions"]["main"] == [{"type": "sip", "direction": "sales_taras"}]
    ),
    "text-ids": lambda found: (
        found[_TARAS]["staffId"] == _TARAS
        and found[_TARAS]["departments"] == [{"id": "12", "name": "Sales 1"}]
    ),
    "nulls": lambda found: (
        found[_TARAS]["email"] is found["6886113"]["departments"] is None
        and found[_TARAS]["directions"]["additional"] is None
    ),
    "bad-entries": lambda found: (
        len(found) == 16 and found["1"] is None and "fio" not in found["2"]
    ),
    "leavers": lambda found: len(found) == 14 and found["99"]["fio"] == "Former Colleague",
    "unlisted": lambda found: len(found) == 12 and "6886101" not in found,
}


def test_every_shape_is_checked() -> None:
    assert set(_CHECKS) | {"nobody"} == set(SHAPES)


@pytest.mark.parametrize("shape", _CHECKS)
def test_a_shape_on_request(shape: str) -> None:
    assert _CHECKS[shape](_result(shape))


def test_nobody_is_an_error() -> None:
    reply = call(make_api(staff_shape="nobody"), STAFF).json()
    assert reply["error"]["message"] == "User does not exist"
    assert "result" not in reply


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape not in ("nobody", "nulls")])
def test_contacts_are_in_the_answer_as_canaries(shape: str) -> None:
    """So that a test which looks for them in the exporter's output looks for what was sent."""
    text = call(make_api(staff_shape=shape), STAFF).text
    for contact in ("olena@canary.example", "380990000201", "97201"):
        assert (contact in canaries(text)) is (shape != "unlisted")

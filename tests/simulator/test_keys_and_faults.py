"""Which key opens what, and which faults strike which method."""

import re
from typing import Any

import pytest

from exporter.cli import run
from exporter.clock import SystemClock
from exporter.commands.simulate import make_api as api_of_flags
from exporter.flags import resolve
from exporter.options import SIMULATE
from exporter.simulator.api import FAULTS, project_key
from exporter.simulator.centre import Centre
from exporter.simulator.faults import CATALOG, METHODS, REPORT, SIP_ONLINE, STAFF, Faults
from exporter.simulator.staff_list import SHAPES
from tests.support.simulated import KEY, NOON, call, make_api

RPC = [method for method in METHODS if not method.startswith("sipstatus/")]
SIP = [method for method in METHODS if method not in RPC]
DAYS: Any = {"filter": {"from": "2026-03-25", "to": "2026-03-25"}}


@pytest.mark.parametrize("method", RPC)
def test_a_projects_key_opens_its_own_project_alone(method: str) -> None:
    api = make_api()
    own = project_key(KEY, 68861)
    assert own == "demo-key-68861"
    assert "result" in call(api, method, 68861, own, **DAYS).json()
    assert call(api, method, 39071, own, **DAYS).status_code == 403
    assert "result" in call(api, method, 39071, **DAYS).json()


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", ["", "demo", "demo-key-1", "demo-key-", "DEMO-KEY"])
def test_a_wrong_key_is_401(method: str, key: str) -> None:
    assert call(make_api(), method, key=key, **DAYS).status_code == 401


@pytest.mark.parametrize("word", ["staff", "sip"])
def test_what_is_forbidden_is_403_for_every_key(word: str) -> None:
    """The other methods answer; a wrong key is still 401."""
    api = make_api(forbidden=frozenset({word}))
    forbidden = {"staff": [STAFF], "sip": SIP}[word]
    for method in METHODS:
        status = 403 if method in forbidden else 200
        for key in (KEY, f"{KEY}-68861"):
            assert call(api, method, key=key, **DAYS).status_code == status
        assert call(api, method, key="x", **DAYS).status_code == 401


@pytest.mark.parametrize("method", [STAFF, *SIP])
@pytest.mark.parametrize(
    "fault", [one for one in FAULTS if one not in ("hang", "drip", "cut", "frozen")]
)
def test_faults_strike_staff_and_sip_too(method: str, fault: str) -> None:
    answer = call(make_api(faults=Faults((fault,))), method)
    if fault.isdecimal():
        assert answer.status_code == int(fault)
    elif fault == "rpc-error":
        assert answer.json()["error"]["code"] == -32603
    else:
        with pytest.raises(ValueError, match=r"Expecting|Extra"):
            answer.json()


@pytest.mark.parametrize("method", [STAFF, *SIP])
def test_a_frozen_answer_stands_still(method: str) -> None:
    """Six hours later it is what it was; without the fault it is not."""
    faults = Faults(("frozen",))
    earlier = call(make_api(faults=faults), method).json()
    assert call(make_api(NOON + 21600, faults=faults), method).json() == earlier
    assert call(make_api(NOON + 21600), method).json() != earlier


@pytest.mark.parametrize("struck", METHODS)
def test_a_fault_of_a_method_leaves_the_others_alone(struck: str) -> None:
    api = make_api(faults=Faults(("500",), methods=frozenset({struck})))
    for method in METHODS:
        status = 500 if method == struck else 200
        assert call(api, method, **DAYS).status_code == status


@pytest.mark.parametrize("method", SIP)
def test_a_fault_of_a_project_strikes_the_lists_of_its_key(method: str) -> None:
    """The shared key is no project's."""
    api = make_api(faults=Faults(("500",), projects=frozenset({68861})))
    statuses = [call(api, method, key=key).status_code for key in (f"{KEY}-68861", f"{KEY}-39071")]
    assert statuses == [500, 200]
    assert call(api, method).status_code == 200


def test_flags_say_what_is_forbidden_in_which_shape_and_which_methods_fail() -> None:
    """All of them together, as the command makes the API of them."""
    given = {
        "auth_key": "K",
        "fault": ["503"],
        "fault_method": [CATALOG, SIP_ONLINE],
        "forbid": ["sip"],
        "staff_shape": "list",
    }
    api = api_of_flags(resolve(SIMULATE, given, {}), Centre(), SystemClock())
    assert isinstance(call(api, STAFF, key="K").json()["result"], list)
    statuses = [call(api, method, key="K-68861", **DAYS).status_code for method in METHODS]
    assert dict(zip(METHODS, statuses, strict=True)) == {
        CATALOG: 503,
        REPORT: 200,
        STAFF: 200,
        SIP[0]: 503,
        SIP[1]: 403,
    }


@pytest.mark.parametrize(
    ("argument", "text"),
    [
        ("--fault.method=getAll", "--fault.method=getAll: must be one of getCustomStatuses, "),
        ("--forbid=report", "--forbid=report: must be one of staff, sip\n"),
        ("--staff.shape=odd", "--staff.shape=odd: must be one of keyed, list, "),
    ],
)
def test_a_word_that_is_none_is_a_usage_error(
    capsys: pytest.CaptureFixture[str], argument: str, text: str
) -> None:
    assert run(["simulate", argument], {}) == 2
    assert text in capsys.readouterr().err


def test_the_help_names_every_method_shape_and_fault(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["simulate", "--help"], {})
    words = set(re.findall(r"[A-Za-z0-9/-]+", capsys.readouterr().out))
    assert {*METHODS, *SHAPES, *FAULTS, "staff", "sip", "demo-key-68861"} <= words

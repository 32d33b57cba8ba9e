"""The lists of /sipstatus/*."""

import pytest

from exporter.simulator.centre import Centre
from exporter.simulator.faults import SIP_ONLINE, SIP_SPEAKING
from exporter.simulator.spans import ONLINE, SPEAKING
from tests.support.simulated import KEY, NOON, call, make_api, send


def _expected(project_id: int, moment: float) -> dict[str, str]:
    centre = Centre()
    desk = centre.desks[project_id]
    return {
        login: status
        for index in range(len(desk.people))
        for login, status in centre.accounts_at(desk, index, moment).items()
    }


@pytest.mark.parametrize(("project_id", "both"), [(68861, False), (39071, True), (52417, False)])
def test_the_lists_say_who_is_online_and_who_speaks(project_id: int, both: bool) -> None:
    """Over a day. Only some desks list who speaks as online; all others are in neither list."""
    seen = set()
    for quarter in range(96):
        moment = NOON + quarter * 900
        statuses = _expected(project_id, moment)
        seen |= set(statuses.values())
        api = make_api(moment)
        online, speaking = (
            call(api, method, key=f"{KEY}-{project_id}").json()
            for method in (SIP_ONLINE, SIP_SPEAKING)
        )
        assert speaking == [login for login in statuses if statuses[login] == SPEAKING]
        expected = [ONLINE, SPEAKING] if both else [ONLINE]
        assert online == [login for login in statuses if statuses[login] in expected]
    assert {ONLINE, SPEAKING, "dnd", "offline", "Break"} <= seen


@pytest.mark.parametrize("method", [SIP_ONLINE, SIP_SPEAKING])
def test_the_shared_key_lists_the_accounts_of_all_desks(method: str) -> None:
    """At 10:55 in Kyiv, when people of several desks work."""
    api = make_api(1774428900)
    lists = [call(api, method, key=f"{KEY}-{number}").json() for number in api.centre.desks]
    assert all(isinstance(one, list) for one in lists)
    together = call(api, method).json()
    assert together == [login for one in lists for login in one]
    assert len({login.partition("_")[0] for login in together}) > 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/sipstatus/online", 404),
        ("PUT", "/sipstatus/online", 405),
        ("GET", "/sipstatus/offline", 405),
        ("GET", "/sipstatus/online/", 405),
        ("GET", "/api/json-rpc", 405),
        ("POST", "/other", 404),
    ],
)
def test_other_paths_and_verbs_are_refused(method: str, path: str, status: int) -> None:
    assert send(make_api(), method, path).status_code == status

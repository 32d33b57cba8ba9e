"""What the people tests rely on: the fake sees requests side by side, and clients that give up."""

import socket
import threading
import time

from tests.support.people_api import ONLINE, SPEAKING, PeopleApi, hang, people_api
from tests.support.processes import get, wait_for


def address(api: PeopleApi) -> str:
    return api.url.removeprefix("http://")


def test_two_requests_at_once_are_seen_and_two_in_a_row_are_not() -> None:
    """Else "never more than one in flight" could not fail."""
    with people_api() as api:
        one, two = api.add("one", {}), api.add("two", {})
        for _ in range(5):
            assert get(address(api), "/sipstatus/online", **{"Auth-key": "one"})[0] == 200
        threads = [
            threading.Thread(target=get, args=(address(api), path), kwargs={"Auth-key": "two"})
            for path in ("/sipstatus/online", "/sipstatus/speaking")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (one.most_in_flight, two.most_in_flight) == (1, 2)
        assert {asked.corner for asked in two.asked} == {ONLINE, SPEAKING}


def test_a_client_that_gave_up_is_no_longer_in_flight() -> None:
    """A hanging corner ends with its client, and what it asks next is one request."""
    with people_api() as api:
        account = api.add("one", {ONLINE: hang})
        host, port = address(api).split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b"GET /sipstatus/online HTTP/1.1\r\nAuth-key: one\r\n\r\n")
            wait_for(lambda: account.asked, 5, "asked")
            time.sleep(0.1)
        assert get(address(api), "/sipstatus/speaking", **{"Auth-key": "one"})[0] == 200
        assert account.most_in_flight == 1


def test_other_keys_paths_and_methods_are_not_answered() -> None:
    """A request that no corner has is kept for the test to see."""
    with people_api() as api:
        api.add("one", {})
        assert get(address(api), "/sipstatus/online")[0] == 401
        assert get(address(api), "/sipstatus/other", **{"Auth-key": "one"})[0] == 404
        assert get(address(api), "/sipstatus/online?project=1", **{"Auth-key": "one"})[0] == 404
        assert api.strays == ["GET /sipstatus/other", "GET /sipstatus/online?project=1"]

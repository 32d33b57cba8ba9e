"""The largest answers of the default limits: the process keeps its size, a neighbour its pace.

docs/faults.md#found-by-attacking-and-using-it, docs/contract.md#rule-6-isolated.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.support.http_api import Answer, api_of
from tests.support.processes import address_of, exporter, wait_for

MOST_BYTES = 200 << 20
PEOPLE = [{"employee": f"P{n}", "online": "01:00:00", "dnd": "00:10:00"} for n in range(5000)]
POLLS = 4


def newcomers(turn: int) -> bytes:
    """Nobody of them was in the report before."""
    people = [{"employee": f"P{turn}-{n}", "online": "01:00:00"} for n in range(5000)]
    return json.dumps(people).encode()


def filled(_turn: int) -> bytes:
    """Sixty people have one status each that nobody else has: zeros make 5,000 x 62 of them."""
    people = [{"employee": f"{'名' * 80}{n}", "online": "01:00:00"} for n in range(5000)]
    for n in range(60):
        people[n][f"{'狀' * 190}{n}"] = "00:00:01"
    return json.dumps(people, ensure_ascii=False).encode()


ANSWERS = {
    "empty keys": lambda _turn: b"[" + b'{"":0},' * 299_000 + b"{}]",
    "numbers": lambda _turn: b"[" + b"1e5," * 520_000 + b"1]",
    "lists": lambda _turn: b"[" + b"[]," * 690_000 + b"[]]",
    "one text": lambda _turn: b'["' + b"\\u0416" * 340_000 + b'"]',
    "as many people as may be": lambda _turn: json.dumps(PEOPLE).encode(),
    "5,000 new names a poll": newcomers,
    "zeros and long labels": filled,
}


def peak_bytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def shows_ann(address: str) -> bool:
    """Whether project 2 is on the page, which may be too large to be read whole."""
    wanted = b'ringostat_employee_status_seconds{employee="Ann",project="2",status="online"'
    with urlopen(f"http://{address}/metrics", timeout=60) as page:
        shown = [line.split()[-1] for line in page if line.startswith(wanted)]
    return shown == [b"3600.0"]


class Large:
    """Project 1 gets what is large, project 2 one person; counts what they ask."""

    def __init__(self, result: Callable[[int], bytes]) -> None:
        self.result = result
        self.asked = Counter[int]()

    def answer(self, asked: dict[str, Any]) -> Answer:
        result = b"[]"
        if asked["method"] != "getCustomStatuses":
            project = asked["params"]["projectId"]
            self.asked[project] += 1
            result = b'[{"employee": "Ann", "online": "01:00:00"}]'
            if project == 1:
                result = self.result(self.asked[project])
        return 200, {}, b'{"jsonrpc": "2.0", "id": %d, "result": %s}' % (asked["id"], result)


@pytest.mark.parametrize("kind", ANSWERS)
def test_under_200_mib_at_every_large_answer(kind: str, tmp_path: Path) -> None:
    """Four of them, a second apart: below 200 MiB at all times, and project 2 is polled on."""
    path = tmp_path / "config.yaml"
    large = Large(ANSWERS[kind])
    with api_of(large.answer) as url:
        projects = "".join(f"  - {{id: {n}, auth_key: k, interval: 1s}}\n" for n in (1, 2))
        path.write_text(f"api: {{base_url: '{url}'}}\nprojects:\n{projects}")
        with exporter(f"--config.file={path}", "--web.listen-address=127.0.0.1:0") as running:
            address = address_of(running)

            wait_for(lambda: min(large.asked[1], large.asked[2]) > POLLS or None, 60, "the polls")
            assert shows_ann(address)
            assert peak_bytes(running.popen.pid) < MOST_BYTES

"""How many names match the staff list, and how the others differ: counted, never named."""

import pytest

from exporter.commands.live import judge
from exporter.commands.live_people import Difference, differences
from exporter.commands.session import Polled
from exporter.errors import AccessForbidden, PollError, RpcFailed, TimedOut
from exporter.polling.list_queries import StaffQuery
from exporter.polling.snapshot import first_snapshot
from exporter.ringostat.names import EmployeeFilter
from tests.support.answers import with_report, with_sip_accounts, with_staff
from tests.support.exporting import make_spec, row

LISTED = ["Ann Lee", "Сергій Коваль", "Bob"]


@pytest.mark.parametrize(
    ("name", "difference"),
    [
        ("ann LEE", Difference.CAPITALS),
        ("Lee Ann", Difference.ORDER),
        ("lee ANN", Difference.ORDER),
        ("Аnn Lее", Difference.ALPHABETS),
        ("Сергій Іванович Коваль", Difference.WORDS),
        ("Bob Brown", Difference.ABSENT),
        ("Cyd", Difference.ABSENT),
    ],
)
def test_how_a_name_differs(name: str, difference: Difference) -> None:
    """One word in common is no likeness."""
    assert list(differences([name], LISTED)) == [difference]


def test_the_words_about_a_project() -> None:
    """No name is in them; whom the filter hides is not counted among the report's."""
    spec = make_spec(staff=True, shown=EmployeeFilter(exclude=("Bot",)))
    snapshot = with_staff(
        first_snapshot(spec),
        [
            {"staffId": 1, "fio": "Ann Lee", "directions": ["a_ann"]},
            {"staffId": 2, "fio": "Ann Lee"},
            {"staffId": 3, "fio": "Dan"},
        ],
    )
    rows = [row(name, online="12:00:00") for name in ("Ann Lee", "ANN LEE", "Cyd", "Bot")]
    snapshot = with_sip_accounts(with_report(snapshot, rows), ["a_ann", "a_x"], ["a_ann"])
    assert list(judge(Polled(snapshot, [], 0.1)))[1:] == [
        "staff list: 2 names.",
        "names of several people on it: 1; their ids are shown together.",
        "names of today's report on the staff list: 1 of 3; the others:",
        "  on the list with other capital letters: 1",
        "  on the list in no spelling: 1",
        "on the staff list and not in today's report: 1 name.",
        "SIP accounts: 2 online, 1 of them speaking; of 1 the owner is not known.",
    ]


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (
            AccessForbidden("HTTP 403"),
            "The key may not ask for it, or there is none; staff: false does without.",
        ),
        (
            RpcFailed("JSON-RPC error"),
            "The key may not ask for it, or there is none; staff: false does without.",
        ),
        (TimedOut("no answer"), TimedOut.advice),
    ],
)
def test_what_may_be_turned_off_says_so(error: PollError, advice: str) -> None:
    """A key without the right is no reason to do without the rest."""
    assert StaffQuery().advice(error.problem) == advice

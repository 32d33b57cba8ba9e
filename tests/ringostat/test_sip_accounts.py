"""The two bare lists of SIP logins."""

import pytest

from exporter.errors import SchemaMismatch, TooManyRows
from exporter.ringostat.sip_accounts import Logins, SipAccounts, parse_logins


@pytest.mark.parametrize(
    ("result", "names", "bad"),
    [
        (["demo_ann", "demo_bob"], {"demo_ann", "demo_bob"}, 0),
        ([], set(), 0),
        (None, set(), 0),
        ({}, set(), 0),
        ({"0": "demo_ann", "7": "demo_bob"}, {"demo_ann", "demo_bob"}, 0),
        ([" demo_ann ", "demo_ann"], {"demo_ann"}, 0),
        ([{"login": "demo_ann"}, {"direction": "demo_bob"}], {"demo_ann", "demo_bob"}, 0),
        (["demo_ann", 5], {"demo_ann"}, 1),
        (["demo_ann", None, "demo_bob"], {"demo_ann", "demo_bob"}, 1),
        (["demo_ann", "380440000000"], {"demo_ann"}, 1),
        (["demo_ann", "a@example.com"], {"demo_ann"}, 1),
    ],
)
def test_lists_in_every_shape(result: object, names: set[str], bad: int) -> None:
    """What could be a telephone number or an address is never taken for a login."""
    assert parse_logins(result, max_employees=9) == Logins(frozenset(names), bad)


@pytest.mark.parametrize(
    "result", ["demo_ann", 5, True, {"message": "Not allowed"}, [1, 2, "demo_ann"], {"1": 5}]
)
def test_what_is_no_list_of_logins(result: object) -> None:
    """An object with words is a message; over half malformed is no list."""
    with pytest.raises(SchemaMismatch):
        parse_logins(result, max_employees=9)


def test_a_list_of_more_accounts_than_there_can_be_is_refused_whole() -> None:
    """Four for each of max_employees."""
    every = [f"demo_{n}" for n in range(9)]
    assert len(parse_logins(every[:8], max_employees=2).names) == 8
    with pytest.raises(TooManyRows, match="9 accounts; 8 are read"):
        parse_logins(every, max_employees=2)


def test_an_account_that_speaks_is_online() -> None:
    """Whatever the first list says."""
    both = SipAccounts.of(Logins(frozenset({"a_x"}), 1), Logins(frozenset({"a_y"}), 2))
    assert both == SipAccounts(frozenset({"a_x", "a_y"}), frozenset({"a_y"}), 3)

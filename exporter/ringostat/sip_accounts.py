"""Which SIP accounts are online and which speak, now: two bare lists of logins. Pure.

Source: docs/api.md#sip-accounts.
"""

from dataclasses import dataclass

from exporter.errors import SchemaMismatch, TooManyRows
from exporter.ringostat.directions import read_login
from exporter.ringostat.shapes import entries_of, require_mostly_good

# Of `max_employees`: a desk phone, a mobile phone, and what nobody removed.
_ACCOUNTS_PER_EMPLOYEE = 4
_LOGINS = ("login", "direction", "account", "name")


@dataclass(frozen=True, slots=True)
class Logins:
    """One of the two lists.

    Attributes:
        names: Logins as clean labels.
        bad: Entries that could not be read.
    """

    names: frozenset[str]
    bad: int = 0


@dataclass(frozen=True, slots=True)
class SipAccounts:
    """Both lists of one poll.

    Attributes:
        online: Accounts that are reachable; one that speaks is, whatever the first list says.
        speaking: Accounts that take part in a call.
        bad: Entries that could not be read.
    """

    online: frozenset[str]
    speaking: frozenset[str]
    bad: int = 0

    @staticmethod
    def of(online: Logins, speaking: Logins) -> "SipAccounts":
        """The two lists together."""
        names = online.names | speaking.names
        return SipAccounts(names, speaking.names, online.bad + speaking.bad)


def parse_logins(result: object, *, max_employees: int) -> Logins:
    """One list: `["demo_ann", "demo_bob"]`; entries may be objects with a login.

    Raises:
        SchemaMismatch: No list, nor an object keyed by numbers (one with words is some message),
            or more than half of the entries are malformed.
        TooManyRows: More than four accounts for each of `max_employees`.
    """
    if isinstance(result, dict) and not all(key.isdecimal() for key in result):
        raise SchemaMismatch("the answer is an object and not a list of logins")
    entries = entries_of(result)
    limit = max_employees * _ACCOUNTS_PER_EMPLOYEE
    if len(entries) > limit:
        raise TooManyRows(
            f"the list has {len(entries)} accounts; {limit} are read: four for each of "
            "max_employees"
        )
    logins = [_login_of(entry) for entry in entries]
    names = frozenset(login for login in logins if login is not None)
    bad = logins.count(None)
    require_mostly_good(len(logins) - bad, len(logins), "SIP accounts")
    return Logins(names, bad)


def _login_of(entry: object) -> str | None:
    if isinstance(entry, dict):
        return next((login for key in _LOGINS if (login := read_login(entry.get(key)))), None)
    return read_login(entry)

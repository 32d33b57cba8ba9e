"""Who is in which department, and which SIP account is whose. Pure.

Each value here is a question to what is known, answered when it is iterated: two are equal if the
same is known, so that what is shown already need not be computed again.

Rules: docs/contract.md#7-people.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from exporter.polling.departments import OwnDepartments
from exporter.ringostat.names import ShownNames
from exporter.ringostat.sip_accounts import SipAccounts
from exporter.ringostat.staff import StaffList

NO_DEPARTMENT = "(none)"
_NONE = (NO_DEPARTMENT,)
_NOBODY = ""

# An employee's label, the text of one further label, and the value.
LabelledValue = tuple[str, str, int]


def departments_of(name: str, staff: StaffList | None, own: OwnDepartments) -> tuple[str, ...]:
    """The departments of a cleaned name: Ringostat's and the configuration's, none twice."""
    member = staff.members.get(name) if staff else None
    listed, others = member.departments if member else (), own.of(name)
    return tuple(dict.fromkeys((*listed, *others))) if others else listed


@dataclass(frozen=True, slots=True)
class StaffIds:
    """The ids of everybody whom the staff list names and who is shown.

    Attributes:
        staff: The staff list.
        names: Who is shown, under which label.
    """

    staff: StaffList
    names: ShownNames

    def __iter__(self) -> Iterator[LabelledValue]:
        return iter(self.names.in_order(self._samples()))

    def _samples(self) -> Iterator[LabelledValue]:
        for name, member in self.staff.members.items():
            if self.names.shows(name):
                yield self.names.label(name), member.ids, 1


@dataclass(frozen=True, slots=True)
class Memberships:
    """The departments of some people, of those who are shown; everybody has at least one.

    Attributes:
        people: Cleaned names, none twice.
        staff: What Ringostat knows; None where it is not known, or too old.
        own: The configuration's departments.
        names: Who is shown, under which label.
    """

    people: Collection[str]
    staff: StaffList | None
    own: OwnDepartments
    names: ShownNames

    def __iter__(self) -> Iterator[LabelledValue]:
        return iter(self.names.in_order(self._samples()))

    def _samples(self) -> Iterator[LabelledValue]:
        for name in self.people:
            if self.names.shows(name):
                label = self.names.label(name)
                for department in departments_of(name, self.staff, self.own) or _NONE:
                    yield label, department, 1


@dataclass(frozen=True, slots=True)
class AccountStates:
    """0 or 1 for each SIP account: is it online, or does it speak?

    Attributes:
        accounts: The newest two lists.
        speaking: Whether it is asked who speaks.
        staff: The newest staff list, however old it is; None before the first.
        fresh: Whether its accounts are shown as well, and owners named.
        names: Who is shown, under which label.
    """

    accounts: SipAccounts
    speaking: bool
    staff: StaffList | None
    fresh: bool
    names: ShownNames

    def __iter__(self) -> Iterator[LabelledValue]:
        return iter(self.names.in_order(self._samples()))

    def _samples(self) -> Iterator[LabelledValue]:
        active = self.accounts.speaking if self.speaking else self.accounts.online
        last_owners = self.staff.owners() if self.staff else {}
        owners = last_owners if self.fresh else {}
        for login in dict.fromkeys((*owners, *sorted(self.accounts.online))):
            # An account of somebody whom the filter hides is not shown, however old the list is.
            if all(map(self.names.shows, last_owners.get(login, ()))):
                owner = self._owner(owners.get(login, ()))
                yield owner, self.names.label(login), int(login in active)

    def _owner(self, names: tuple[str, ...]) -> str:
        """The owner's label; empty where nobody is known, or several people share the account."""
        return self.names.label(names[0]) if len(names) == 1 else _NOBODY

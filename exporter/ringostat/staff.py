"""Who exists in a project: the reply of `getProjectStaffListAndDirections`, read. Pure.

Source: docs/api.md#staff. Of the shape only parts are documented, so what is not known is read
where it can be, and counted as an anomaly where it cannot. E-mail addresses, phone numbers and
extensions are read over: nothing of them leaves this room.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from exporter.errors import TooManyRows
from exporter.ringostat.directions import read_logins
from exporter.ringostat.names import clean
from exporter.ringostat.shapes import entries_of, read_id, require_mostly_good
from exporter.ringostat.staff_departments import Departments, department_names, read_departments

_T = TypeVar("_T")
# The answer may stand in a wrapper of one of these names.
_WRAPPERS = ("staff", "employees", "items")
_NAMES = ("fio", "employee", "name")
_STAFF_ID, _INTERNAL_ID = "staffId", "id"
_LONGEST_KEY = 10**9
# Nobody is in so many departments, or has so many accounts; each is a series.
_MOST_PER_PERSON = 64


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Everybody of one cleaned name.

    Attributes:
        ids: Ringostat's staff id; where several share the name theirs, ascending, with commas.
        departments: Labels, in the order of the reply, none twice.
        logins: Of SIP accounts, likewise.
    """

    ids: str = ""
    departments: tuple[str, ...] = ()
    logins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffList:
    """A good answer about the staff, read; nobody is filtered out.

    Attributes:
        members: By cleaned name, as reports have it.
        bad: Entries, ids, departments and directions that could not be read.
    """

    members: Mapping[str, StaffMember]
    bad: int = 0

    def owners(self) -> dict[str, tuple[str, ...]]:
        """Login -> the names of whose account it is; nearly always one. Computed anew."""
        owners: dict[str, tuple[str, ...]] = {}
        for name, member in self.members.items():
            for login in member.logins:
                owners[login] = (*owners.get(login, ()), name)
        return owners


@dataclass(slots=True)
class _Person:
    """What is read of everybody of one name; none twice."""

    ids: dict[int, None] = field(default_factory=dict)
    departments: dict[str, None] = field(default_factory=dict)
    logins: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Reading:
    """What is read on the way."""

    departments: Departments
    people: defaultdict[str, _Person] = field(default_factory=lambda: defaultdict(_Person))
    bad: int = 0

    def add(self, known: dict[_T, None], more: Iterable[_T]) -> None:
        """Adds to what is known of a person, up to 64; what is too much is counted."""
        for value in more:
            if value in known or len(known) < _MOST_PER_PERSON:
                known[value] = None
            else:
                self.bad += 1


def parse_staff(result: object, *, max_employees: int) -> StaffList:
    """The `result` of `getProjectStaffListAndDirections` as a StaffList.

    `{"120411": {"staffId": 120411, "fio": "Ann", "departments": [{"id": 12, "name": "Sales"}],
    "directions": {"main": [{"type": "sip", "direction": "demo_ann"}]}}}`
    -> `StaffMember("120411", ("Sales",), ("demo_ann",))` under `Ann`.

    Args:
        result: The decoded value: a list, an object keyed by id, or a wrapper around either.
        max_employees: How many entries it may have.

    Raises:
        SchemaMismatch: No list or object, or more than half of the entries are no objects with a
            name.
        TooManyRows: More entries than `max_employees`.
    """
    entries = _entries(result)
    if len(entries) > max_employees:
        raise TooManyRows(
            f"the staff list has {len(entries)} entries, max_employees is {max_employees}"
        )
    people = [entry for _, entry in entries if isinstance(entry, dict)]
    reading = _Reading(department_names(result, people))
    good = sum(_read_entry(key, entry, reading) for key, entry in entries)
    require_mostly_good(good, len(entries), "entries of the staff list")
    return StaffList(_members(reading.people), reading.bad)


def _members(people: Mapping[str, _Person]) -> dict[str, StaffMember]:
    # Most people are in the same departments as somebody else: they share them in memory, too.
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    return {
        name: StaffMember(
            ",".join(map(str, sorted(person.ids))),
            shared.setdefault(tuple(person.departments), tuple(person.departments)),
            tuple(person.logins),
        )
        for name, person in people.items()
    }


def _entries(result: object) -> list[tuple[object, object]]:
    """Each entry with the key it stands under; None in a list."""
    if isinstance(result, dict):
        for name in _WRAPPERS:
            if name in result and isinstance(result[name], dict | list | None):
                return _entries(result[name])
        return list(result.items())
    return [(None, entry) for entry in entries_of(result)]


def _read_entry(key: object, entry: object, reading: _Reading) -> bool:
    """Adds one entry; False if it is malformed: no object, or without a name."""
    name = _name_of(entry)
    if not isinstance(entry, dict) or name is None:
        reading.bad += 1
        return False
    staff_id = _id_of(entry, key)
    departments, bad_departments = read_departments(entry, reading.departments)
    logins, bad_directions = read_logins(entry)
    reading.bad += (staff_id is None) + bad_departments + bad_directions
    person = reading.people[name]
    reading.add(person.ids, () if staff_id is None else (staff_id,))
    reading.add(person.departments, departments)
    reading.add(person.logins, logins)
    return True


def _name_of(entry: object) -> str | None:
    """The cleaned name; None where there is none that could be told apart."""
    if not isinstance(entry, dict):
        return None
    texts = (entry[key] for key in _NAMES if isinstance(entry.get(key), str))
    return next((clean(text) for text in texts if _may_be_name(text)), None)


def _may_be_name(text: str) -> bool:
    """Whether it has a letter and is no e-mail address: neither that nor a number is a name."""
    return "@" not in text and any(character.isalpha() for character in text)


def _id_of(entry: Mapping[str, object], key: object) -> int | None:
    """The staff id: the entry's own, else the key it stands under, else its internal one.

    One that cannot be read is none: the internal ids are other numbers. A long key may be a
    telephone number.
    """
    if entry.get(_STAFF_ID) is not None:
        return read_id(entry[_STAFF_ID])
    number = read_id(key)
    if number is not None and number < _LONGEST_KEY:
        return number
    return read_id(entry.get(_INTERNAL_ID))

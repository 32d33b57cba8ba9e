"""The staff list in the shape that was seen, and in others that are not ruled out. Pure."""

from collections.abc import Callable, Collection
from typing import Any

from exporter.simulator.contacts import (
    EXTENSION_PREFIX,
    MAIL_DOMAIN,
    PHONE_PREFIX,
    StaffMember,
    staff,
)
from exporter.simulator.desks import Desk

KEYED, NOBODY = "keyed", "nobody"
# Shape -> what it is, for the help.
SHAPES = {
    KEYED: "as seen: an object keyed by staffId",
    "list": "a list",
    "wrapped": 'the object in {"staff": ...}',
    "employees": 'the object in {"employees": ...}',
    "items": 'a list in {"items": ...}',
    "department-ids": "departments are numbers even if the full format was asked for",
    "department-names": "departments are names",
    "departments-keyed": 'departments are an object, {"12": "Sales"}',
    "titles": "departments have id and title",
    "plain-directions": "directions are a list of strings, logins and phone numbers mixed",
    "flat-directions": "directions are one list of objects",
    "status-on-employee": "status is the employee's, not the direction's",
    "text-ids": "staffId and the ids of departments are strings",
    "nulls": "e-mail, phone, additional directions and empty departments are null",
    "bad-entries": "three more: null, one without fio, one without staffId",
    "leavers": "somebody who left is listed too",
    "unlisted": "the first of the report is not listed",
    NOBODY: "the error User does not exist",
}
_LEAVER = StaffMember(
    staff_id=99,
    internal_id=7,
    name="Former Colleague",
    email=f"former{MAIL_DOMAIN}",
    phone=f"{PHONE_PREFIX}999",
    extension=f"{EXTENSION_PREFIX}999",
    departments=(),
    logins=(),
)


def staff_list(desk: Desk, reachable: Collection[str], full: bool, shape: str = KEYED) -> object:
    """The result of getProjectStaffListAndDirections.

    Args:
        desk: Whose people are listed.
        reachable: Logins whose status is true.
        full: Whether departments have names (`departmentsFullFormat`).
        shape: One of `SHAPES`, but not `NOBODY`, which is an error and has no result.
    """
    members = staff(desk)
    if shape == "leavers":
        members = (*members, _LEAVER)
    if shape == "unlisted":
        members = members[1:]
    entries = [_entry(desk, member, reachable, full, shape) for member in members]
    keyed = {str(member.staff_id): entry for member, entry in zip(members, entries, strict=True)}
    results: dict[str, object] = {
        "list": entries,
        "items": {"items": entries},
        "employees": {"employees": keyed},
        "wrapped": {"staff": keyed},
        "bad-entries": {**keyed, "1": None, "2": {"staffId": 2}, "3": {"fio": "No Number"}},
    }
    return results.get(shape, keyed)


def _entry(
    desk: Desk, member: StaffMember, reachable: Collection[str], full: bool, shape: str
) -> dict[str, Any]:
    entry = {
        "id": member.internal_id,
        "staffId": str(member.staff_id) if shape == "text-ids" else member.staff_id,
        "fio": member.name,
        "email": member.email,
        "phone": member.phone,
        "extensionNumber": member.extension,
        "departments": _departments(desk, member, full, shape),
        "directions": _directions(member, reachable, shape),
    }
    if shape == "status-on-employee":
        entry["status"] = any(login in reachable for login in member.logins)
    if shape == "nulls":
        entry |= {"email": None, "phone": None, "departments": entry["departments"] or None}
    return entry


def _departments(desk: Desk, member: StaffMember, full: bool, shape: str) -> object:
    names = {number: desk.departments[number] for number in member.departments}
    shapes: dict[str, Callable[[], object]] = {
        "department-ids": lambda: list(names),
        "department-names": lambda: list(names.values()),
        "departments-keyed": lambda: {str(number): name for number, name in names.items()},
        "titles": lambda: [{"id": number, "title": name} for number, name in names.items()],
        "text-ids": lambda: [{"id": str(number), "name": name} for number, name in names.items()],
    }
    if not full:
        return list(names)
    if shape in shapes:
        return shapes[shape]()
    return [{"id": number, "name": name} for number, name in names.items()]


def _directions(member: StaffMember, reachable: Collection[str], shape: str) -> object:
    """The desk phone is the main direction; the mobile account and the phone are additional."""
    if shape == "plain-directions":
        return [*member.logins, member.phone]
    sip: list[dict[str, Any]] = [{"type": "sip", "direction": login} for login in member.logins]
    if shape != "status-on-employee":
        for direction in sip:
            direction["status"] = direction["direction"] in reachable
    phone = {"type": "phone", "direction": member.phone}
    if shape == "flat-directions":
        return [*sip, phone]
    additional = None if shape == "nulls" else [*sip[1:], phone]
    return {"main": sip[:1], "additional": additional}

"""Random projects: who is there, told in a random mixture of shapes, and what pages must say.

The expectation is made of the people themselves, never of the answers that tell of them.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.people_api import ONLINE, REPORT, SPEAKING, STAFF, bare, rpc
from tests.support.people_pages import People
from tests.support.people_run import PHONE, UNTYPED, Case, person, rows

_NAMES = ("Ann Lee", "Bob", "Cyd", "Dan", "Eve Big", "Fay Big", "Олена", 'G "x" \\', "Hal")
_DEPARTMENTS = {12: "Sales", 15: "Night desk", 7: "Цілодобово", 120: 'A "B" \\ C'}
_HIDDEN = ".* Big"
_OWN = [
    {"name": "Desk", "employees": ["Ann Lee", "H.*"]},
    {"name": "Sales", "employees": ["Cyd|Zed"]},
]
_OF_OWN = {"Ann Lee": {"Desk"}, "Hal": {"Desk"}, "Cyd": {"Sales"}, "Zed": {"Sales"}}


@dataclass(frozen=True)
class Somebody:
    """One entry of a staff list, before it has a shape."""

    staff_id: int
    name: str
    departments: frozenset[int]
    logins: tuple[str, ...]


def random_case(seed: int) -> Case:
    """A project, its answers, its configuration and what is expected of it."""
    chance = random.Random(seed)
    staff = _somebodies(chance)
    reported = chance.sample([*_NAMES, "Zed"], chance.randint(0, 6))
    logins = [login for one in staff for login in one.logins]
    named = [*logins, "demo_door", "demo_gate"]
    online = chance.sample(named, chance.randint(0, len(named)))
    speaking = chance.sample(named, chance.randint(0, len(named)))
    hides, own = chance.random() < 0.5, chance.random() < 0.5
    settings: dict[str, object] = {"staff": True, "sip_accounts": True}
    settings |= {"employees": {"exclude": [_HIDDEN]}} if hides else {}
    settings |= {"departments": _OWN} if own else {}
    answers = {
        STAFF: rpc(_shaped(staff, chance)),
        REPORT: rpc(rows(*reported)),
        ONLINE: bare(online),
        SPEAKING: bare(speaking),
    }
    shown = [one for one in staff if not (hides and one.name.endswith(" Big"))]
    seen = [name for name in reported if not (hides and name.endswith(" Big"))]
    hidden = {login for one in staff if one not in shown for login in one.logins}
    expected = People(
        _ids(shown),
        _departments(shown, seen, _OF_OWN if own else {}),
        _accounts(shown, set(online), set(speaking), hidden),
        1,
        1,
        len({*seen} - {one.name for one in staff}),
    )
    return Case(f"seed {seed}", answers, settings, expected)


def _somebodies(chance: random.Random) -> list[Somebody]:
    """People; two may have one name, and nobody shares an id or a login."""
    ids = chance.sample([*range(1, 30), 120411, 99999], chance.randint(0, 8))
    return [
        Somebody(
            staff_id,
            chance.choice(_NAMES),
            frozenset(chance.sample(list(_DEPARTMENTS), chance.randint(0, 3))),
            tuple(f"demo_{staff_id}_{number}" for number in range(chance.randint(0, 3))),
        )
        for staff_id in ids
    ]


def _shaped(staff: list[Somebody], chance: random.Random) -> object:
    entries = {one.staff_id: _entry(one, chance) for one in staff}
    whole: object = list(entries.values())
    if chance.random() < 0.5:
        whole = {str(staff_id): entry for staff_id, entry in entries.items()}
    wrapper = chance.choice(("", "", "staff", "employees", "items"))
    return {wrapper: whole} if wrapper else whole


def _entry(one: Somebody, chance: random.Random) -> dict[str, object]:
    named = [(number, _DEPARTMENTS[number]) for number in sorted(one.departments)]
    departments: list[Callable[[], object]] = [
        lambda: [{"id": number, "name": name} for number, name in named],
        lambda: [{"id": str(number), "title": name} for number, name in named],
        lambda: {str(number): {"id": number, "name": name} for number, name in named},
        lambda: {str(number): {"title": name} for number, name in named},
    ]
    objects = [{"type": "sip", "direction": login} for login in one.logins]
    phone = {"type": "phone", "direction": PHONE}
    directions: list[Callable[[], object]] = [
        lambda: {"main": objects[:1], "additional": [phone, *objects[1:]]},
        lambda: {"main": list(one.logins), "additional": []},
        lambda: [phone, *objects],
        lambda: [*one.logins, *UNTYPED],
    ]
    staff_id = chance.choice((one.staff_id, str(one.staff_id)))
    return person(
        staff_id,
        one.name,
        departments=chance.choice(departments)(),
        directions=chance.choice(directions)(),
    )


def _ids(shown: list[Somebody]) -> dict[str, str]:
    return {
        name: ",".join(str(one) for one in sorted(o.staff_id for o in shown if o.name == name))
        for name in {one.name for one in shown}
    }


def _departments(
    shown: list[Somebody], seen: list[str], own: dict[str, set[str]]
) -> dict[str, frozenset[str]]:
    found = {name: set(own.get(name, ())) for name in [*seen, *(one.name for one in shown)]}
    for one in shown:
        found[one.name] |= {_DEPARTMENTS[number] for number in one.departments}
    return {name: frozenset(words or {"(none)"}) for name, words in found.items()}


def _accounts(
    shown: list[Somebody], online: set[str], speaking: set[str], hidden: set[str]
) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    owners = {login: one.name for one in shown for login in one.logins}
    return {
        (login, owners.get(login, "")): (
            float(login in online | speaking),
            float(login in speaking),
        )
        for login in ({*owners} | online | speaking) - hidden
    }

"""The simulated people: departments, logins, and contacts that a test recognises."""

import dataclasses

import pytest

from exporter.simulator.contacts import StaffMember, latin, staff
from exporter.simulator.desks import Person, desks
from tests.support.canaries import canaries

SALES, SUPPORT, NIGHT = desks()
EVERYBODY = [member for desk in desks() for member in staff(desk)]


def _of(name: str) -> list[StaffMember]:
    return [member for member in EVERYBODY if member.name == name]


def test_people_are_in_departments_of_their_desk() -> None:
    """One each, but for a few with two, one with none, and the bot."""
    for desk in (SALES, SUPPORT, NIGHT):
        used = {number for member in staff(desk) for number in member.departments}
        assert used == set(desk.departments)
    sizes = [len(member.departments) for member in EVERYBODY]
    assert sizes.count(2) == 3
    none = [member.name for member in EVERYBODY if not member.departments]
    assert none == ["Людмила Гончар", "AI IVR Test"]
    assert list(NIGHT.departments.values()) == ["Night"]


def test_two_people_of_one_name_have_two_of_everything_else() -> None:
    one, two = (dataclasses.asdict(member) for member in _of("Kim Lee"))
    same = {key for key in one if one[key] == two[key]}
    assert same == {"name"}
    assert (one["logins"], two["logins"]) == (("support_kim",), ("support_kim2",))


def test_each_account_has_a_login_of_project_and_person() -> None:
    """The second account is the mobile phone; the logins of all desks differ."""
    assert _of("Олена Шевченко")[0].logins == ("sales_olena",)
    assert _of("Taras Bondarenko")[0].logins == ("sales_taras", "sales_taras_mob")
    assert _of("Zoë van Dijk")[0].logins == ("night_zoe", "night_zoe_mob")
    for desk in (SALES, SUPPORT, NIGHT):
        for person, member in zip(desk.people, staff(desk), strict=True):
            assert (member.name, len(member.logins)) == (person.name, person.accounts)
    logins = [login for member in EVERYBODY for login in member.logins]
    assert len(set(logins)) == len(logins)


@pytest.mark.parametrize("key", ["staff_id", "email", "phone", "extension"])
def test_what_is_a_persons_own_is_nobody_elses(key: str) -> None:
    values = [getattr(member, key) for member in EVERYBODY]
    assert len(set(values)) == len(values) == 31


def test_every_contact_is_recognised_as_a_canary() -> None:
    """Each alone and amid other text; no id, name or login is taken for one."""
    for member in EVERYBODY:
        for contact in (member.email, member.phone, member.extension):
            assert canaries(contact) == [contact]
            assert canaries(f'x{{a="{contact}"}} 1') == [contact]
        shown = (member.staff_id, member.internal_id, member.name, *member.logins)
        assert canaries(" ".join(map(str, shown))) == []
        # No single day has so many seconds, so a value of a day is never taken for one.
        assert 25 * 3600 < int(member.extension) < 100_000


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Олена Шевченко", "olena"),
        ("Їжак Щур", "izhak"),
        ("Zoë van Dijk", "zoe"),
        ('O"Brien\\', "obrien"),
        ("田中 愛子", "somebody"),
    ],
)
def test_a_login_is_of_latin_letters(name: str, word: str) -> None:
    assert latin(name) == word


def test_any_desk_has_staff() -> None:
    """A desk without departments too, with names of one first name."""
    shift = ("mon-fri", "08:00", "17:00")
    people = (
        Person("Twin A", *shift),
        Person("Twin B", *shift),
        Person("Twin C", *shift, accounts=2),
    )
    desk = dataclasses.replace(SALES, people=people, departments={})
    logins = [member.logins for member in staff(desk)]
    assert logins == [("sales_twin",), ("sales_twin2",), ("sales_twin3", "sales_twin3_mob")]

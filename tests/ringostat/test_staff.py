"""The staff list is read in every shape that it may have, and nothing private of it is kept."""

from typing import Any

import pytest

from exporter.errors import SchemaMismatch, TooManyRows
from exporter.ringostat.staff import StaffMember, parse_staff

SEEN = {
    "120411": {
        "id": 88,
        "staffId": 120411,
        "fio": "Sergiy  Test",
        "email": "s@example.com",
        "phone": "380440000000",
        "extensionNumber": "101",
        "departments": [{"id": 12, "name": "Sales"}, {"id": 15, "name": "Night desk"}],
        "directions": {
            "main": [{"type": "sip", "direction": "demo_sergiy", "status": True}],
            "additional": [
                {"type": "sip", "direction": "demo_sergiy_mob", "status": False},
                {"type": "phone", "direction": "380500000000"},
            ],
        },
    }
}
SERGIY = StaffMember("120411", ("Sales", "Night desk"), ("demo_sergiy", "demo_sergiy_mob"))


def read(result: object, most: int = 100) -> dict[str, StaffMember]:
    """The members of a list in which everything could be read."""
    staff = parse_staff(result, max_employees=most)
    assert staff.bad == 0
    return dict(staff.members)


@pytest.mark.parametrize(
    "result",
    [
        SEEN,
        list(SEEN.values()),
        {"staff": SEEN},
        {"employees": list(SEEN.values())},
        {"items": SEEN, "total": 1},
    ],
)
def test_the_list_may_be_an_object_a_list_or_wrapped(result: object) -> None:
    """Each says the same; names are cleaned as those of reports are."""
    assert read(result) == {"Sergiy Test": SERGIY}


@pytest.mark.parametrize("result", [None, [], {}, {"staff": None}, {"items": []}])
def test_nobody(result: object) -> None:
    """An empty list is a good answer."""
    assert read(result) == {}


def member(**entry: object) -> StaffMember:
    """What is read of one entry named Ann, whose id is 7."""
    return read([{"staffId": 7, "fio": "Ann", **entry}])["Ann"]


@pytest.mark.parametrize(
    ("departments", "labels"),
    [
        (None, ()),
        ([], ()),
        ("", ()),
        ([12, "15"], ("12", "15")),
        (["Sales", "VIP  desk"], ("Sales", "VIP desk")),
        ([{"id": 12, "name": "Sales"}, {"id": "15", "title": "Night"}], ("Sales", "Night")),
        ([{"id": 12}], ("12",)),
        ([{"name": "Sales"}], ("Sales",)),
        ({"12": "Sales", "15": {"title": "Night"}}, ("Sales", "Night")),
        ({"12": {}, "15": True, "16": None}, ("12", "15", "16")),
        ({"12": {"id": 12, "name": "Sales"}}, ("Sales",)),
        ({"12": "2024"}, ("2024",)),
        ({"id": 12, "name": "Sales"}, ("Sales",)),
        ("Sales", ("Sales",)),
        (12, ("12",)),
        ([{"id": 1, "name": "Sales"}, {"id": 2, "name": "Sales"}], ("Sales",)),
    ],
)
def test_departments_in_every_shape(departments: object, labels: tuple[str, ...]) -> None:
    """One that is known by its id alone is the id; two of one name are one label."""
    assert member(departments=departments).departments == labels


def test_an_id_is_named_by_whoever_else_names_it() -> None:
    """A department has its name everywhere if one entry, or a list beside them, has it."""
    result = {
        "staff": [
            {"staffId": 1, "fio": "Ann", "departments": [12, 13, 14]},
            {"staffId": 2, "fio": "Bob", "departments": [{"id": 12, "name": "Sales"}]},
        ],
        "departments": [{"id": 13, "title": "Night"}],
    }
    assert read(result)["Ann"].departments == ("Sales", "Night", "14")


@pytest.mark.parametrize(
    ("directions", "logins"),
    [
        (None, ()),
        ([], ()),
        ("demo_ann", ("demo_ann",)),
        (
            ["demo_ann", "380440000000", "+38 (044) 000-00-00", "101", "a@example.com"],
            ("demo_ann",),
        ),
        ([{"direction": "demo_ann"}, {"type": "SIP", "login": "demo_x"}], ("demo_ann", "demo_x")),
        ({"main": ["demo_ann"], "additional": None}, ("demo_ann",)),
        ({"main": {"type": "sip", "direction": "demo_ann"}}, ("demo_ann",)),
        ({"type": "sip", "direction": "demo_ann"}, ("demo_ann",)),
        ([{"type": "phone", "direction": "demo_ann"}], ()),
        (["380500000000 (mob)", "тел. 380501234567", "tel:+380500000000", "ext. 101"], ()),
        (["+380–50–0000000", "sip:101", "mob380500000000", "a-380-50-000-00-00"], ()),
        (["68861_ann", "demo_101"], ("68861_ann", "demo_101")),
        ({"phone": ["Home line"], "main": ["demo_ann"]}, ("demo_ann",)),
        (["demo_ann", "demo_ann"], ("demo_ann",)),
    ],
)
def test_logins_among_directions_in_every_shape(
    directions: object, logins: tuple[str, ...]
) -> None:
    """Telephone numbers and addresses are read over, and are no fault."""
    assert member(directions=directions).logins == logins


def test_what_an_entry_calls_private_is_no_login() -> None:
    """Even where it looks like one."""
    entry = {"directions": ["desk_phone", "demo_ann"], "phone": "desk_phone"}
    assert member(**entry).logins == ("demo_ann",)


@pytest.mark.parametrize(
    ("entry", "key", "ids"),
    [
        ({"staffId": 120411, "id": 88}, "5", "120411"),
        ({"staffId": "120411"}, "5", "120411"),
        ({"id": 88}, "5", "5"),
        ({"id": 88}, "ann", "88"),
        ({"id": 88}, "380990000008", "88"),
        ({"staffId": 0}, "5", "0"),
    ],
)
def test_the_id_is_the_staff_id_else_the_key(entry: dict[str, object], key: str, ids: str) -> None:
    """The internal id is the last that is taken."""
    assert read({key: {"fio": "Ann", **entry}})["Ann"].ids == ids


def test_several_of_one_name_are_one_member() -> None:
    """Ids ascend; departments and accounts are of all of them."""
    entries = [
        {"staffId": 20, "fio": "Ann", "departments": ["A"], "directions": ["demo_ann"]},
        {"staffId": 3, "fio": " Ann ", "departments": ["B", "A"], "directions": ["demo_ann2"]},
    ]
    both = StaffMember("3,20", ("A", "B"), ("demo_ann", "demo_ann2"))
    assert read(entries) == {"Ann": both}
    assert parse_staff(entries, max_employees=9).owners() == {
        "demo_ann": ("Ann",),
        "demo_ann2": ("Ann",),
    }


GOOD: dict[str, Any] = {"staffId": 1, "fio": "Ann"}


@pytest.mark.parametrize(
    ("entry", "bad"),
    [
        ("Bob", 1),
        ({"staffId": 2}, 1),
        ({"staffId": 2, "fio": "  "}, 1),
        ({"staffId": 2, "fio": 5}, 1),
        ({"staffId": 2, "fio": "ann@example.com"}, 1),
        ({"staffId": 2, "fio": "+380 44 000 00 00"}, 1),
        ({"staffId": 2, "fio": "Bob", "directions": {"type": "phone", "number": "x y"}}, 1),
        ({"staffId": 2, "fio": "Bob", "directions": {"demo_bob": {"type": "sip"}}}, 1),
        ({"fio": "Bob"}, 1),
        ({"staffId": True, "fio": "Bob"}, 1),
        ({"staffId": 1.0, "id": 55, "fio": "Bob"}, 1),
        ({"staffId": 2, "fio": "Bob", "departments": ["a@example.com", "380990000013"]}, 2),
        ({"staffId": 2, "fio": "Bob", "departments": [None, True, {}, 1.5, 12]}, 4),
        ({"staffId": 2, "fio": "Bob", "directions": [None, 5, {"type": "sip"}, {"type": 1}]}, 4),
    ],
)
def test_what_cannot_be_read_is_counted_and_the_rest_is_read(entry: object, bad: int) -> None:
    """One of two entries may be malformed."""
    staff = parse_staff([GOOD, entry], max_employees=9)
    assert staff.bad == bad
    assert staff.members["Ann"] == StaffMember("1")


def test_over_half_malformed_is_no_staff_list() -> None:
    """Two of three."""
    with pytest.raises(SchemaMismatch, match="2 of 3 entries of the staff list are malformed"):
        parse_staff([GOOD, 1, {}], max_employees=9)


@pytest.mark.parametrize("result", ["x", 5, True])
def test_what_is_no_list_at_all(result: object) -> None:
    """Neither a list nor an object."""
    with pytest.raises(SchemaMismatch):
        parse_staff(result, max_employees=9)


def test_limits() -> None:
    """As many entries as employees, 64 departments and accounts a person."""
    with pytest.raises(TooManyRows, match="the staff list has 2 entries, max_employees is 1"):
        parse_staff([GOOD, GOOD], max_employees=1)
    many = [f"D{n}" for n in range(70)]
    staff = parse_staff([{**GOOD, "departments": many, "directions": many}], max_employees=1)
    assert staff.members["Ann"].departments == tuple(many[:64])
    assert staff.members["Ann"].logins == tuple(many[:64])
    assert staff.bad == 12


def test_one_name_thousands_of_times_keeps_64_ids() -> None:
    """The others are counted, so that no label and no work grows with them."""
    entries = [{"fio": "Ann", "staffId": n} for n in range(20_000)]
    staff = parse_staff(entries, max_employees=20_000)
    assert staff.members["Ann"].ids == ",".join(map(str, range(64)))
    assert staff.bad == 20_000 - 64

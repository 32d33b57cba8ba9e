"""Pseudonyms: the same for a name and key, never two people's, and no trace of key and name."""

import pickle
from pathlib import Path

import pytest

from exporter.ringostat import pseudonyms as module
from exporter.ringostat.names import EmployeeFilter, ShownNames, clean
from exporter.ringostat.pseudonyms import Pseudonyms, pseudonyms_of_file, read_pseudonym_key
from tests.support.pseudonyms import (
    ANN,
    ANOTHER_ANN,
    ANOTHER_KEY,
    BOB,
    KEY,
    LOGIN,
    LONG_OF_TWINS,
    OF_TWINS,
    OLENA,
    TWINS,
)


@pytest.mark.parametrize(
    ("name", "pseudonym"),
    [
        ("Ann", ANN),
        ("Bob", BOB),
        ("Олена Шевченко", OLENA),
        ("  Олена \t Шевченко\n", OLENA),
        ("ann@example.com", LOGIN),
        ("", "p-DIN7TX5G"),  # of "(unnamed)"
    ],
)
def test_a_cleaned_name_has_the_pseudonym_that_openssl_computes(name: str, pseudonym: str) -> None:
    assert Pseudonyms(KEY).of(clean(name)) == pseudonym


def test_another_key_is_another_pseudonym() -> None:
    assert Pseudonyms(ANOTHER_KEY).of("Ann") == ANOTHER_ANN


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_names_with_one_pseudonym_the_later_one_has_a_longer(first: int) -> None:
    """Whichever comes first keeps the short one, however often either is asked for."""
    pseudonyms = Pseudonyms(KEY)
    earlier, later = TWINS[first], TWINS[1 - first]
    for _ in range(3):
        assert pseudonyms.of(earlier) == OF_TWINS
        assert pseudonyms.of(later) == LONG_OF_TWINS[1 - first]


def test_two_names_with_one_pseudonym_are_two_labels_of_one_rendering() -> None:
    names = ShownNames(EmployeeFilter(), Pseudonyms(KEY))
    assert names.select({TWINS[0]: 1, TWINS[1]: 2}) == {OF_TWINS: 1, LONG_OF_TWINS[1]: 2}


def test_what_is_remembered_is_bounded_and_holds_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pseudonyms that nobody asked for the longest are forgotten first."""
    monkeypatch.setattr(module, "_MOST_OWNERS", 3)
    pseudonyms = Pseudonyms(KEY)
    for name in (TWINS[0], "a", "b", TWINS[0], "c"):
        pseudonyms.of(name)
    assert len(pseudonyms._owners) == 3
    assert not {TWINS[0], "a", "b", "c"} & {*pseudonyms._owners, *pseudonyms._owners.values()}
    assert pseudonyms.of(TWINS[1]) == LONG_OF_TWINS[1]
    for name in ("d", "e", "f"):
        pseudonyms.of(name)
    assert pseudonyms.of(TWINS[1]) == OF_TWINS


def test_a_key_prints_as_nothing() -> None:
    """Neither str, repr nor pickle gives it away; two of one key are equal."""
    pseudonyms = Pseudonyms(KEY)
    assert f"{pseudonyms} {[pseudonyms]}" == "<pseudonyms> [<pseudonyms>]"
    with pytest.raises(TypeError):
        pickle.dumps(pseudonyms)
    assert pseudonyms == Pseudonyms(KEY)
    assert hash(pseudonyms) == hash(Pseudonyms(KEY))
    assert pseudonyms != Pseudonyms(ANOTHER_KEY)


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n"])
def test_a_line_break_at_the_end_is_no_part_of_the_key(tmp_path: Path, end: bytes) -> None:
    (tmp_path / "key").write_bytes(KEY + end)
    assert read_pseudonym_key(tmp_path / "key") == Pseudonyms(KEY)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\r\n\n", "is empty"),
        (b"canary-15-bytes\n", "is shorter than 16 bytes"),
        (b"k" * 4097, "is over 4 KiB"),
    ],
)
def test_what_is_no_key_is_rejected_without_quoting_it(
    tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(ValueError, match=f"^{words}$"):
        read_pseudonym_key(tmp_path / "key")


def test_any_16_bytes_are_a_key(tmp_path: Path) -> None:
    """It need not be text."""
    (tmp_path / "key").write_bytes(bytes(range(240, 256)))
    assert read_pseudonym_key(tmp_path / "key").of("Ann") == "p-NM3I5YQV"


def test_a_file_that_others_may_read_is_known_by_its_mode(tmp_path: Path) -> None:
    """Also after the mode was changed and the file looked at."""
    file = tmp_path / "key"
    file.write_bytes(KEY)
    file.chmod(0o640)
    source = pseudonyms_of_file(file)
    assert not source.readable_by_others
    file.chmod(0o644)
    assert not source.changed()
    assert source.readable_by_others


def test_labels_are_pseudonyms_in_their_own_order_and_filters_look_at_names() -> None:
    """The order of the names would tell of them."""
    employees = {"Bob": 1, "Олена Шевченко": 2, "Ann": 3, "AI IVR 1": 4}
    names = ShownNames(EmployeeFilter(exclude=("AI IVR .*",)), Pseudonyms(KEY))
    assert list(names.select(employees).items()) == [(ANN, 3), (BOB, 1), (OLENA, 2)]
    hidden = ShownNames(EmployeeFilter(exclude=("p-.*",)), Pseudonyms(KEY))
    assert len(hidden.select(employees)) == 4


def test_without_a_key_names_stand_for_themselves_at_no_cost() -> None:
    """What is known is handed on as it is."""
    employees = {"Bob": 1, "Ann": 2}
    assert ShownNames(EmployeeFilter()).select(employees) is employees
    shown = ShownNames(EmployeeFilter(include=("B.*",))).select(employees)
    assert shown == {"Bob": 1}

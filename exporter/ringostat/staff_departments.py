"""The departments of an entry of the staff list, in whatever shape they come. Pure.

Known of the shape is that an entry has `departments`: ids, or something with ids and names.
"""

from collections.abc import Iterable, Iterator, Mapping

from exporter.ringostat.names import clean
from exporter.ringostat.shapes import read_id

_KEYS = ("departments", "department")
_NAMES = ("name", "title")
_TELEPHONE_DIGITS = 10
# Id, as a text -> name.
Departments = Mapping[str, str]
# The id as a text, if there is one, and the name, if there is one.
_Pair = tuple[str | None, str | None]
_NOTHING: _Pair = (None, None)


def department_names(result: object, people: Iterable[Mapping[str, object]]) -> Departments:
    """Id -> name, of every department that is named anywhere in a reply.

    Args:
        result: The whole reply: a wrapper may have a list of departments beside the people.
        people: Its entries.
    """
    beside = [result] if isinstance(result, dict) else []
    pairs = (pair for entry in (*beside, *people) for pair in _pairs_of(entry))
    return {number: name for number, name in pairs if number is not None and name is not None}


def read_departments(
    entry: Mapping[str, object], known: Departments
) -> tuple[tuple[str, ...], int]:
    """The labels of an entry's departments, and how many of them could not be read.

    One that is known by its id alone is shown as the id.
    """
    labels: list[str] = []
    bad = 0
    for number, name in _pairs_of(entry):
        label = name if name is not None else known.get(number or "", number)
        if label is None:
            bad += 1
        else:
            labels.append(label)
    return tuple(dict.fromkeys(labels)), bad


def _pairs_of(entry: Mapping[str, object]) -> Iterator[_Pair]:
    value = next((entry[key] for key in _KEYS if entry.get(key)), None)
    if value is None:
        return
    if isinstance(value, list):
        for department in value:
            yield _pair(department)
    elif isinstance(value, dict) and not _is_department(value):
        for key, department in value.items():
            yield _keyed(key, department)
    else:
        yield _pair(value)


def _is_department(value: Mapping[str, object]) -> bool:
    """Whether an object is one department, and not several by their ids."""
    return any(isinstance(value.get(key), str | int) for key in (*_NAMES, "id"))


def _pair(value: object) -> _Pair:
    """A department as an object, a name, or an id."""
    if isinstance(value, dict):
        name = next((value[key] for key in _NAMES if _is_text(value.get(key))), None)
        return _id(value.get("id")), None if name is None else clean(str(name))
    if _id(value) is not None:
        return _id(value), None
    return (None, clean(str(value))) if _is_text(value) else _NOTHING


def _keyed(key: str, value: object) -> _Pair:
    """A department that stands under its id."""
    number, name = _pair(value)
    if _is_text(value):  # also a name of digits: the id is the key
        return _id(key), clean(str(value))
    if name is None and not isinstance(value, dict):
        return _id(key), None
    return (number or _id(key)), name


def _is_text(value: object) -> bool:
    """Whether it may be a name: neither an e-mail address nor a telephone number."""
    if not isinstance(value, str) or not value.strip() or "@" in value:
        return False
    return sum(character.isdigit() for character in value) < _TELEPHONE_DIGITS


def _id(value: object) -> str | None:
    number = read_id(value)
    text = "" if number is None else str(number)
    return text if 0 < len(text) < _TELEPHONE_DIGITS else None

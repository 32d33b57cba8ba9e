"""What is wrong with projects beside their single values: twins, and the source of the key.

Each is looked for whatever else is wrong with a project, so that one run lists every mistake.
"""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from exporter.config.model import Named, Numbered
from exporter.yamlfile.source import Source

_Model = TypeVar("_Model", bound=BaseModel)
_KEYS = ("auth_key", "auth_key_file")


def check_projects(entries: list[object], source: Source) -> None:
    """Complains of projects with no key or two, and of those with the same id or name.

    Names are compared once they are defaulted and cleaned.
    """
    ids: dict[int, int] = {}
    labels: dict[str, int] = {}
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        _check_key(entry, number, source)
        numbered, named = _valid(Numbered, entry), _valid(Named, entry)
        own_name = named.name if named else None
        is_twin = numbered is not None and ids.setdefault(numbered.id, number) != number
        if numbered is not None and is_twin:
            line = source.line_of(("projects", ids[numbered.id], "id"))
            text = f"is already used on line {line}; ids must be unique"
            source.complain(("projects", number, "id"), text)
        if named is not None and (own_name or (numbered is not None and not is_twin)):
            _check_name(own_name or str(entry["id"]), number, labels, source)


def _check_name(label: str, number: int, labels: dict[str, int], source: Source) -> None:
    first = labels.setdefault(label, number)
    if first != number:
        line = source.line_of(("projects", first, "name"))
        text = (
            f"is already used on line {line}; names must be unique, and a project without "
            "one has its id as its name"
        )
        source.complain(("projects", number, "name"), text)


def _check_key(entry: dict[str, object], number: int, source: Source) -> None:
    given = [key for key in _KEYS if entry.get(key) is not None]
    path = ("projects", number)
    if len(given) == 1 or any(source.is_wrong((*path, key)) for key in _KEYS if key not in given):
        return
    text = "auth_key and auth_key_file exclude each other"
    if not given:
        text = "auth_key or auth_key_file is required"
    source.note(source.line_of(path), path, text)


def _valid(model: type[_Model], entry: dict[str, object]) -> _Model | None:
    try:
        return model.model_validate(entry)
    except ValidationError:
        return None

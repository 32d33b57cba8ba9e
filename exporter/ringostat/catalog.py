"""The custom statuses of a project: the reply of method 1, read. Pure.

Source: the API description, "Get all custom statuses in the project".
"""

from dataclasses import dataclass

from exporter.errors import TooManyRows
from exporter.ringostat.names import normalise
from exporter.ringostat.shapes import entries_of, require_mostly_good

# Nobody makes so many by hand; each is a series, and a label of every report.
MAX_CUSTOM_STATUSES = 1000


@dataclass(frozen=True, slots=True)
class CustomStatus:
    """One entry of the catalog.

    Attributes:
        id: As the API gave it, as a string: `1763`.
        title: White space, control characters and normal form cleaned; not yet cut to a label.
    """

    id: str
    title: str


def parse_catalog(result: object) -> tuple[CustomStatus, ...]:
    """The custom statuses of method 1's `result`, in the API's order, one per id.

    `[{"id": 1763, "title": "At lunch"}]` -> `(CustomStatus("1763", "At lunch"),)`. An entry
    without an id or a title is left out.

    Raises:
        TooManyRows: More than 1,000 entries.
        SchemaMismatch: The result is no list or object, or more than half of it is malformed.
    """
    entries = entries_of(result)
    if len(entries) > MAX_CUSTOM_STATUSES:
        raise TooManyRows(
            f"there are {len(entries)} custom statuses; at most {MAX_CUSTOM_STATUSES} are read"
        )
    catalog: dict[str, CustomStatus] = {}
    good = 0
    for entry in entries:
        status = _read_entry(entry)
        if status is not None:
            good += 1
            catalog.setdefault(status.id, status)
    require_mostly_good(good, len(entries), "custom statuses")
    return tuple(catalog.values())


def _read_entry(entry: object) -> CustomStatus | None:
    if not isinstance(entry, dict):
        return None
    status_id, title = entry.get("id"), entry.get("title")
    if isinstance(status_id, bool) or not isinstance(status_id, int | str):
        return None
    if not isinstance(title, str):
        return None
    # The id stays raw: it is compared with the report's keys before it becomes a label.
    return CustomStatus(str(status_id), normalise(title) or "(unnamed)")

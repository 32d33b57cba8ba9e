"""Decoded replies -> Report and CustomStatus. Pure: no clock, no network.

Source: the API description. A row of method 2 is `{"employee": NAME, STATUS: "HH:MM:SS", ...}`;
the values of a row are exclusive, so they add up to the time that the report accounts for.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import lt

from exporter.errors import SchemaMismatch, TooManyRows
from exporter.ringostat.names import EmployeeFilter, clean, normalise

BUILT_IN = ("online", "offline", "dnd", "speaking")
MAX_STATUSES = 64

# A row may differ from the others by the seconds between their accounts' reading.
_SUM_TOLERANCE = 5
_ELAPSED_TOLERANCE = 600
# What the parts of `HH:MM:SS` are worth: looking up costs a tenth of matching and computing.
_MINUTES = {f"{h:02d}:{m:02d}": h * 3600 + m * 60 for h in range(26) for m in range(60)}
_SECONDS = {f":{n:02d}": n for n in range(60)}
# Six digits of hours are a century: what is longer is no duration of a report.
_DURATION = re.compile(r"([0-9]{2,6}):([0-5][0-9]):([0-5][0-9])", re.ASCII)


class Anomaly(StrEnum):
    """What may be wrong with a value or a row of an otherwise good report."""

    NULL_VALUE = "null_value"
    EMPTY_VALUE = "empty_value"
    BAD_VALUE = "bad_value"
    BAD_ROW = "bad_row"
    MISSING_NAME = "missing_name"
    STATUS_LIMIT = "status_limit"
    DECREASED = "decreased"
    SUM_EXCEEDS_ELAPSED = "sum_exceeds_elapsed"


@dataclass(frozen=True, slots=True)
class CustomStatus:
    """One entry of the catalog (method 1).

    Attributes:
        id: As the API gave it, as a string: `1763`.
        title: White space, control characters and normal form cleaned; not yet cut to a label.
    """

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Report:
    """A good answer of method 2, read.

    Attributes:
        employees: Cleaned name -> the API's status key -> whole seconds; those that are shown.
        covered_seconds: The most common sum of a row; None without a readable row.
        inconsistent_employees: Rows that differ from that by over 5 s or have an unreadable value.
        duplicates: Names that came more than once, whether they are shown or not.
        anomalies: What was wrong, counted a value or row.
    """

    employees: Mapping[str, Mapping[str, int]]
    covered_seconds: int | None = None
    inconsistent_employees: int = 0
    duplicates: frozenset[str] = frozenset()
    anomalies: Mapping[Anomaly, int] = field(default_factory=dict)


def read_duration(text: str) -> int | None:
    """`01:31:55` -> 5515 seconds; hours may pass 24. None if it is not of that form."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _rows(result: object) -> list[object]:
    """The entries of a `result`: a list, or an object keyed by id; nothing means nobody."""
    if result is None:
        return []
    if isinstance(result, dict):
        return list(result.values())
    if isinstance(result, list):
        return result
    raise SchemaMismatch("the result is neither a list nor an object")


def _mostly_good(good: int, rows: int, what: str) -> None:
    if (rows - good) * 2 > rows:
        raise SchemaMismatch(f"{rows - good} of {rows} {what} are malformed")


def parse_catalog(result: object) -> tuple[CustomStatus, ...]:
    """The custom statuses of method 1's `result`, in the API's order, one an id.

    `[{"id": 1763, "title": "At lunch"}]` -> `(CustomStatus("1763", "At lunch"),)`. An entry
    without an id or a title is left out.

    Raises:
        SchemaMismatch: No list or object, or more than half of the entries are malformed.
    """
    rows = _rows(result)
    found: dict[str, CustomStatus] = {}
    good = 0
    for row in rows:
        if not isinstance(row, dict):
            continue
        number, title = row.get("id"), row.get("title")
        if isinstance(number, bool) or not isinstance(number, int | str):
            continue
        if not isinstance(title, str):
            continue
        good += 1
        # The raw id: it is compared with the report's keys before it is made a label.
        found.setdefault(str(number), CustomStatus(str(number), normalise(title) or "(unnamed)"))
    _mostly_good(good, len(rows), "custom statuses")
    return tuple(found.values())


@dataclass(slots=True)
class _Row:
    """A row: what could be read of it, which keys could not, and the sum of the former."""

    name: str
    values: dict[str, int]
    unreadable: Collection[str]
    total: int


def _read_row(row: object, anomalies: Counter[Anomaly]) -> _Row | None:
    """One row, its anomalies counted; None if it is malformed."""
    if not isinstance(row, dict):
        anomalies[Anomaly.BAD_ROW] += 1
        return None
    employee = row.get("employee")
    if not isinstance(employee, str):
        anomalies[Anomaly.MISSING_NAME] += 1
        return None
    try:
        # The common case first: this is most of what a poll costs.
        values = {
            key: _MINUTES[text[:5]] + _SECONDS[text[5:]]
            for key, text in row.items()
            if key != "employee"
        }
        return _Row(clean(employee), values, (), sum(values.values()))
    except (KeyError, TypeError):
        return _read_odd_row(clean(employee), row, anomalies)


def _read_odd_row(name: str, row: Mapping[str, object], anomalies: Counter[Anomaly]) -> _Row:
    """A row with a value that is not `HH:MM:SS`: over 25 hours, absent or unreadable."""
    values: dict[str, int] = {}
    unreadable = set()
    for key, value in row.items():
        if key == "employee":
            continue
        if isinstance(value, str) and (seconds := read_duration(value)) is not None:
            values[key] = seconds
        elif value is None:
            anomalies[Anomaly.NULL_VALUE] += 1
        elif value == "":
            anomalies[Anomaly.EMPTY_VALUE] += 1
        else:
            anomalies[Anomaly.BAD_VALUE] += 1
            unreadable.add(key)
    read = _Row(name, values, unreadable, sum(values.values()))
    if _malformed(read):
        anomalies[Anomaly.BAD_ROW] += 1
    return read


def _malformed(row: _Row) -> bool:
    return bool(row.unreadable) and not row.values


def _kept_statuses(
    rows: Collection[_Row], catalog: Collection[CustomStatus], anomalies: Counter[Anomaly]
) -> set[str]:
    """The keys that are shown: at most 64; built-ins, then the catalog's, then by name."""
    every = set(BUILT_IN).union(*(row.values for row in rows))
    if len(every) <= MAX_STATUSES:
        return every
    values = Counter(key for row in rows for key in row.values)
    known = {word for status in catalog for word in (status.id, status.title)}
    ranked = sorted(every, key=lambda key: (key not in BUILT_IN, key not in known, key))
    for key in ranked[MAX_STATUSES:]:
        anomalies[Anomaly.STATUS_LIMIT] += values[key]
    return set(ranked[:MAX_STATUSES])


def _covered(rows: Collection[_Row]) -> int | None:
    """The most common sum of the rows that could be read whole; of two the larger."""
    sums = Counter(row.total for row in rows if not row.unreadable)
    return max(sums, key=lambda total: (sums[total], total), default=None)


def _merge(rows: Iterable[_Row], statuses: set[str]) -> dict[str, dict[str, int]]:
    """Rows of one name added up; a status that one of them could not tell is not known."""
    merged: dict[str, dict[str, int]] = {}
    unknown: defaultdict[str, set[str]] = defaultdict(set)
    nothing = dict.fromkeys(sorted(statuses), 0)
    for row in rows:
        if row.unreadable:
            unknown[row.name].update(row.unreadable)
        totals = merged.get(row.name)
        if totals is None and row.values.keys() <= statuses:
            merged[row.name] = nothing | row.values
            continue
        if totals is None:
            totals = merged[row.name] = nothing.copy()
        for key, seconds in row.values.items():
            if key in totals:
                totals[key] += seconds
    for name, keys in unknown.items():
        for key in keys & merged[name].keys():
            del merged[name][key]
    return merged


def parse_report(
    result: object,
    *,
    catalog: Collection[CustomStatus],
    shown: EmployeeFilter,
    max_employees: int,
    elapsed_seconds: float,
) -> Report:
    """The `result` of method 2 as a Report.

    A row without a key for a built-in status, or for one that another row has a readable value
    of, spent 0 there; null and "" count as an absent key. A value that cannot be read gives no
    entry. Rows of one name are added up. The audit looks at the rows as received.

    Args:
        result: The decoded value.
        catalog: The custom statuses known now: they come before unknown ones past 64 statuses.
        shown: Which employees the report shows.
        max_employees: How many rows it may have.
        elapsed_seconds: Of the window at the time of the request, for `sum_exceeds_elapsed`.

    Raises:
        SchemaMismatch: No list or object, or more than half of the rows are malformed.
        TooManyRows: More rows than `max_employees`.
    """
    received = _rows(result)
    if len(received) > max_employees:
        raise TooManyRows(f"the report has {len(received)} rows, max_employees is {max_employees}")
    anomalies: Counter[Anomaly] = Counter()
    named = [row for entry in received if (row := _read_row(entry, anomalies)) is not None]
    rows = [row for row in named if not _malformed(row)]
    _mostly_good(len(rows), len(received), "rows")
    covered = _covered(rows)
    limit = elapsed_seconds + _ELAPSED_TOLERANCE
    anomalies[Anomaly.SUM_EXCEEDS_ELAPSED] += sum(row.total > limit for row in rows)
    inconsistent = sum(
        bool(row.unreadable) or (covered is not None and abs(row.total - covered) > _SUM_TOLERANCE)
        for row in named
    )
    statuses = _kept_statuses(rows, catalog, anomalies)
    names = Counter(row.name for row in named)
    return Report(
        employees=_merge((row for row in rows if shown.shows(row.name)), statuses),
        covered_seconds=covered,
        inconsistent_employees=inconsistent,
        duplicates=frozenset(name for name, times in names.items() if times > 1),
        anomalies={reason: n for reason, n in anomalies.items() if n},
    )


def count_decreased(before: Report, now: Report) -> int:
    """How many values are lower than in the report before of the same days."""
    lower = 0
    for name, statuses in now.employees.items():
        old = before.employees.get(name, {})
        if old.keys() == statuses.keys():  # then they are in the same order, too
            lower += sum(map(lt, statuses.values(), old.values()))
        else:
            lower += sum(seconds < old.get(key, 0) for key, seconds in statuses.items())
    return lower

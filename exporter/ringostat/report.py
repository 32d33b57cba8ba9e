"""A decoded reply of method 2 -> Report. Pure: no clock, no network.

Source: the API description. The values of a row are exclusive, so they add up to the time that
the report accounts for. What a report does not tell is kept as unknown, never as 0.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import lt

from exporter.errors import TooManyRows
from exporter.ringostat.rows import Anomaly, Row, read_row
from exporter.ringostat.shapes import entries_of, require_mostly_good

BUILT_IN = ("online", "offline", "dnd", "speaking")
MAX_STATUSES = 64

# A row may differ from the others by seconds, because Ringostat reads accounts one by one.
_SUM_TOLERANCE = 5
_ELAPSED_TOLERANCE = 600


@dataclass(frozen=True, slots=True)
class Report:
    """A good answer of method 2, read; nobody is filtered out.

    Attributes:
        employees: Cleaned name -> the API's status key -> whole seconds.
        unknown: Cleaned name -> the status keys that its row has and the report does not tell:
            the value could not be read, or the status was dropped by the limit of 64.
        unknown_names: Names with a row of which nothing could be read; not in `employees`.
        covered_seconds: The most common sum of a row; None without a readable row.
        inconsistent_employees: Rows that differ from that by over 5 s or have an unreadable value.
        duplicates: Names that came more than once.
        anomalies: What was wrong, counted per value or row.
    """

    employees: Mapping[str, Mapping[str, int]]
    unknown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unknown_names: frozenset[str] = frozenset()
    covered_seconds: int | None = None
    inconsistent_employees: int = 0
    duplicates: frozenset[str] = frozenset()
    anomalies: Mapping[Anomaly, int] = field(default_factory=dict)


def parse_report(result: object, *, max_employees: int, elapsed_seconds: float) -> Report:
    """The `result` of method 2 as a Report.

    A row without a key for a built-in status, or for one that another row has a readable value
    of, spent 0 there; null and "" count as an absent key. A value that cannot be read gives no
    entry. Rows of one name are added up; one that cannot be read makes the name unknown. The
    audit looks at the rows as received.

    Args:
        result: The decoded value.
        max_employees: How many rows the report may have.
        elapsed_seconds: Of the window when the request was sent, for `sum_exceeds_elapsed`.

    Raises:
        SchemaMismatch: No list or object, or more than half of the rows are malformed.
        TooManyRows: More rows than `max_employees`.
    """
    entries = entries_of(result)
    if len(entries) > max_employees:
        raise TooManyRows(f"the report has {len(entries)} rows, max_employees is {max_employees}")
    anomalies: Counter[Anomaly] = Counter()
    named = [row for entry in entries if (row := read_row(entry, anomalies)) is not None]
    rows = [row for row in named if not row.malformed]
    require_mostly_good(len(rows), len(entries), "rows")
    covered = _covered(rows)
    limit = elapsed_seconds + _ELAPSED_TOLERANCE
    anomalies[Anomaly.SUM_EXCEEDS_ELAPSED] += sum(row.total > limit for row in rows)
    statuses = _kept_statuses(rows, anomalies)
    malformed = frozenset(row.name for row in named if row.malformed)
    merged, unknown = _merge((row for row in rows if row.name not in malformed), statuses)
    names = Counter(row.name for row in named)
    return Report(
        employees=merged,
        unknown=unknown,
        unknown_names=malformed,
        covered_seconds=covered,
        inconsistent_employees=_count_inconsistent(named, covered),
        duplicates=frozenset(name for name, times in names.items() if times > 1),
        anomalies={reason: n for reason, n in anomalies.items() if n},
    )


def _kept_statuses(rows: Collection[Row], anomalies: Counter[Anomaly]) -> set[str]:
    """The keys that are shown, at most 64: built-ins, then by most seconds, then by name."""
    every = set(BUILT_IN).union(*(row.values for row in rows))
    if len(every) <= MAX_STATUSES:
        return every
    seconds: Counter[str] = Counter()
    for row in rows:
        seconds.update(row.values)
    ranked = sorted(every, key=lambda key: (key not in BUILT_IN, -seconds[key], key))
    kept = set(ranked[:MAX_STATUSES])
    anomalies[Anomaly.STATUS_LIMIT] += sum(key not in kept for row in rows for key in row.values)
    return kept


def _covered(rows: Collection[Row]) -> int | None:
    """The most common sum of the rows that could be read whole; of two the larger."""
    sums = Counter(row.total for row in rows if not row.unreadable)
    return max(sums, key=lambda total: (sums[total], total), default=None)


def _count_inconsistent(rows: Iterable[Row], covered: int | None) -> int:
    return sum(
        bool(row.unreadable) or (covered is not None and abs(row.total - covered) > _SUM_TOLERANCE)
        for row in rows
    )


def _merge(
    rows: Iterable[Row], statuses: set[str]
) -> tuple[dict[str, dict[str, int]], dict[str, frozenset[str]]]:
    """Rows of one name added up, and the keys that one of them does not tell."""
    merged: dict[str, dict[str, int]] = {}
    unknown: defaultdict[str, set[str]] = defaultdict(set)
    nothing = dict.fromkeys(sorted(statuses), 0)
    for row in rows:
        whole = not row.unreadable and row.values.keys() <= statuses
        totals = merged.get(row.name)
        if totals is None and whole:  # nearly every row
            merged[row.name] = nothing | row.values
            continue
        if not whole:
            unknown[row.name] |= {*row.unreadable, *(row.values.keys() - statuses)}
        if totals is None:
            totals = merged[row.name] = nothing.copy()
        for key in row.values.keys() & statuses:
            totals[key] += row.values[key]
    for name, keys in unknown.items():
        for key in keys & merged[name].keys():
            del merged[name][key]
    return merged, {name: frozenset(keys) for name, keys in unknown.items()}


def count_decreased(previous: Report, report: Report) -> int:
    """How many values are lower than in the previous report of the same days."""
    lower = 0
    for name, statuses in report.employees.items():
        old = previous.employees.get(name, {})
        if old.keys() == statuses.keys():  # then they are in the same order, too
            lower += sum(map(lt, statuses.values(), old.values()))
        else:
            lower += sum(seconds < old.get(key, 0) for key, seconds in statuses.items())
    return lower

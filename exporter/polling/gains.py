"""How far the seconds of each day are counted, and what the counters gained by that. Pure.

docs/contract.md#employee-time-counter has the rules. A report only says how many seconds a day
has so far; only what exceeds the day's high-water mark of an employee and status is a gain. What
a report does not tell is no gain, and no reason to begin anew.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from exporter.ringostat.report import BUILT_IN, Report

Seconds = Mapping[str, int]

# A mark of a status that was unknown when the baseline was taken: its first value is its baseline.
_UNREAD = -1


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the seconds of one day are counted.

    Attributes:
        seconds: Employee -> status key -> the most that was seen.
        from_zero: Whether all of the day's seconds count; otherwise an employee's first report is
            the baseline.
        doubled: Names that came more than once when they were read last: their marks are of a sum.
    """

    seconds: Mapping[str, Seconds] = field(default_factory=dict)
    from_zero: bool = False
    doubled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a report changed.

    Attributes:
        marks: Of its day.
        gained: Employee -> status key -> seconds gained since the process started.
        over_limit: Names that are not tracked, because the day has too many.
    """

    marks: Marks
    gained: Mapping[str, Seconds]
    over_limit: int


def count_report(
    marks: Marks, gained: Mapping[str, Seconds], report: Report, max_names: int
) -> Counted:
    """Adds what a report of a day tells beyond that day's marks.

    Args:
        marks: The day's, before the report.
        gained: The counters, before the report.
        report: Of that day.
        max_names: How many names are tracked per day; the others are left out.
    """
    seconds, totals, over_limit = dict(marks.seconds), dict(gained), 0
    for name, values in report.employees.items():
        mark = seconds.get(name)
        if mark is None and len(seconds) >= max_names:
            over_limit += 1
            continue
        unknown = report.unknown.get(name, frozenset())
        if (name in marks.doubled) != (name in report.duplicates) and mark is not None:
            mark = _baseline(values, unknown)  # another person's seconds came or went
        elif mark is None:
            mark = {} if marks.from_zero else _baseline(values, unknown)
        gains = _gains(mark, values)
        seconds[name] = _raised(mark, values)
        totals[name] = _added(totals.get(name), values, gains)
    doubled = (marks.doubled - report.employees.keys()) | (
        report.duplicates & report.employees.keys()
    )
    return Counted(Marks(seconds, marks.from_zero, frozenset(doubled)), totals, over_limit)


def _baseline(values: Seconds, unknown: Collection[str]) -> Seconds:
    """Marks at which nothing counts yet; what is unknown waits for its first value."""
    return {**values, **dict.fromkeys(unknown, _UNREAD)} if unknown else values


def _gains(mark: Seconds, values: Seconds) -> dict[str, int]:
    return {
        key: number - known
        for key, number in values.items()
        if number > (known := mark.get(key, 0)) and known != _UNREAD
    }


def _raised(mark: Seconds, values: Seconds) -> Seconds:
    """The marks after a report.

    If no value is lower than before, the report's own mapping is reused: it is kept anyway, and a
    copy per employee would be what presence costs most.
    """
    if mark.keys() <= values.keys() and all(values[key] >= known for key, known in mark.items()):
        return values
    return {**mark, **{key: max(mark.get(key, 0), number) for key, number in values.items()}}


def _added(total: Seconds | None, values: Seconds, gains: Seconds) -> Seconds:
    """The counters of one employee: at 0 for every status that a report has."""
    known = dict.fromkeys(BUILT_IN, 0) if total is None else total
    if not gains and values.keys() <= known.keys():
        return known
    whole = {**known, **{key: 0 for key in values if key not in known}}
    for key, gain in gains.items():
        whole[key] += gain
    return whole


def with_reported_zeros(marks: Marks) -> Marks:
    """Counts all of a day's seconds, because the exporter ran when it began."""
    return replace(marks, from_zero=True)

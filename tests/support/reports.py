"""Presence on a few reports that a test writes down."""

from datetime import UTC, date, datetime, timedelta

from exporter.instant import Instant
from exporter.polling.employee_day import Poll
from exporter.polling.presence import Limits, Presence, count_only, observe_today
from exporter.ringostat.report import Report

DAY = date(2026, 3, 25)
NEXT = date(2026, 3, 26)
START = datetime(2026, 3, 25, tzinfo=UTC).timestamp()
BUILT_IN = ("online", "offline", "dnd", "speaking")


def report(
    *doubled: str, unknown: dict[str, frozenset[str]] | None = None, **people: dict[str, int]
) -> Report:
    """A report; a status that a row does not have is 0, one that is unknown is not there."""
    keys = {*BUILT_IN, *(key for row in people.values() for key in row)}
    untold = unknown or {}
    return Report(
        {
            name: {**dict.fromkeys(keys - untold.get(name, frozenset()), 0), **row}
            for name, row in people.items()
        },
        unknown=untold,
        duplicates=frozenset(doubled),
    )


def ann(**statuses: int) -> Report:
    return report(Ann=statuses)


def poll(second: float, found: Report, day: date = DAY) -> Poll:
    """A poll so many seconds after the first day's midnight, on both clocks."""
    start = START + (day - DAY) / timedelta(days=1) * 86400
    return Poll(found, start, Instant(START + second, second))


def watch(
    *polls: tuple[int, Report], interval: float = 60.0, told: Presence | None = None
) -> Presence:
    """Polls of `today`, each so many seconds after the first day's midnight."""
    told = told or Presence()
    for second, found in polls:
        day = DAY + timedelta(days=second // 86400)
        told = observe_today(told, poll(second, found, day), day, Limits(interval, 10_000))
    return told


def settled(told: Presence, second: float, found: Report, day: date) -> Presence:
    """An answer for `yesterday`, asked for so many seconds after the first day's midnight."""
    return count_only(told, poll(second, found, day), day, Limits(60.0, 10_000))


def gained(told: Presence, name: str = "Ann") -> dict[str, int]:
    return {key: seconds for key, seconds in told.gained[name].items() if seconds}

"""Snapshots made of rows that a test writes down, as a poll would have made them."""

from exporter.instant import Instant
from exporter.polling.query import CatalogQuery, ReportQuery
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.polling.window import TODAY, Window, period_of
from exporter.ringostat.reply import Reply

NOON = Instant(1774440000.0, 1000.0)  # 2026-03-25 12:00 UTC


def later(seconds: float, start: Instant = NOON) -> Instant:
    """A moment so many seconds later on both clocks."""
    return Instant(start.wall + seconds, start.age + seconds)


def with_catalog(snapshot: ProjectSnapshot, result: object, at: Instant = NOON) -> ProjectSnapshot:
    """The snapshot after a good answer with the custom statuses; raises what the parser raises."""
    query = CatalogQuery()
    catalog = query.call(snapshot.spec, None).parse(result, at.wall)
    return query.apply(snapshot, Reply(catalog, at, at))


def with_report(
    snapshot: ProjectSnapshot, result: object, window: Window = TODAY, at: Instant = NOON
) -> ProjectSnapshot:
    """The snapshot after a good answer for a window; raises what the parser raises."""
    query = ReportQuery(window)
    period = period_of(window, at.wall, snapshot.spec.zone)
    report = query.call(snapshot.spec, period).parse(result, at.wall)
    return query.apply(snapshot, Answer(report, period, at, at))

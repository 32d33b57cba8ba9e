"""Snapshots made of rows that a test writes down, as a poll would have made them."""

from exporter.instant import Instant
from exporter.polling.list_queries import CatalogQuery, SipAccountsQuery, StaffQuery
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.polling.window import TODAY, Window, period_of
from exporter.ringostat.reply import Reply
from exporter.ringostat.sip_accounts import SipAccounts

NOON = Instant(1774440000.0, 1000.0)  # 2026-03-25 12:00 UTC


def later(seconds: float, start: Instant = NOON) -> Instant:
    """A moment so many seconds later on both clocks."""
    return Instant(start.wall + seconds, start.age + seconds)


def with_catalog(snapshot: ProjectSnapshot, result: object, at: Instant = NOON) -> ProjectSnapshot:
    """The snapshot after a good answer with the custom statuses; raises what the parser raises."""
    query = CatalogQuery()
    (call,) = query.calls(snapshot.spec, None)
    return query.apply(snapshot, Reply(call.parse(result, at.wall), at, at))


def with_staff(snapshot: ProjectSnapshot, result: object, at: Instant = NOON) -> ProjectSnapshot:
    """The snapshot after a good answer with the staff list; raises what the parser raises."""
    query = StaffQuery()
    (call,) = query.calls(snapshot.spec, None)
    return query.apply(snapshot, Reply(call.parse(result, at.wall), at, at))


def with_sip_accounts(
    snapshot: ProjectSnapshot, online: object, speaking: object, at: Instant = NOON
) -> ProjectSnapshot:
    """The snapshot after good answers with both lists; raises what the parser raises."""
    query = SipAccountsQuery()
    first, second = query.calls(snapshot.spec, None)
    accounts = SipAccounts.of(first.parse(online, at.wall), second.parse(speaking, at.wall))
    return query.apply(snapshot, Reply(accounts, at, at))


def with_report(
    snapshot: ProjectSnapshot, result: object, window: Window = TODAY, at: Instant = NOON
) -> ProjectSnapshot:
    """The snapshot after a good answer for a window; raises what the parser raises."""
    query = ReportQuery(window)
    period = period_of(window, at.wall, snapshot.spec.zone)
    (call,) = query.calls(snapshot.spec, period)
    return query.apply(snapshot, Answer(call.parse(result, at.wall), period, at, at))

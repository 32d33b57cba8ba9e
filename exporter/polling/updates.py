"""An answer, or a failure, and the previous snapshot -> the next snapshot. Pure."""

from dataclasses import replace

from exporter.errors import Problem
from exporter.polling.presence import Poll, add_gains, count_settled, observe_today
from exporter.polling.snapshot import Answer, CatalogState, ProjectSnapshot, WindowState
from exporter.polling.window import TODAY, YESTERDAY, Window
from exporter.ringostat.catalog import CustomStatus
from exporter.ringostat.reply import Reply
from exporter.ringostat.report import count_decreased
from exporter.ringostat.rows import Anomaly


def apply_catalog(
    snapshot: ProjectSnapshot, reply: Reply[tuple[CustomStatus, ...]]
) -> ProjectSnapshot:
    """The snapshot after a good answer with the custom statuses."""
    catalog = CatalogState(reply.value, succeeded=True, received=reply.received.age)
    return replace(snapshot, catalog=catalog)


def apply_report(snapshot: ProjectSnapshot, window: Window, answer: Answer) -> ProjectSnapshot:
    """The snapshot after a good answer for a window that is configured."""
    counts = {str(reason): count for reason, count in answer.report.anomalies.items()}
    previous = snapshot.answer_of(window)
    if previous is not None and previous.period.dates == answer.period.dates:
        counts[Anomaly.DECREASED] = count_decreased(previous.report, answer.report)
    state = WindowState(window, succeeded=True, last_success=answer.received.wall, answer=answer)
    return _apply_presence(snapshot.with_window(state).with_anomalies(counts), window, answer)


def _apply_presence(snapshot: ProjectSnapshot, window: Window, answer: Answer) -> ProjectSnapshot:
    """What an answer for `today` or `yesterday` tells of who was on what."""
    presence, period = snapshot.presence, answer.period
    if presence is None or window not in (TODAY, YESTERDAY):
        return snapshot
    day = period.dates.first
    if window == YESTERDAY:
        return replace(snapshot, presence=count_settled(presence, answer.report, day))
    if not period.shown_from <= answer.received.wall < period.shown_until:
        # Overtaken by midnight: its seconds count, it is nobody's present any more.
        return replace(snapshot, presence=add_gains(presence, answer.report, day))
    poll = Poll(answer.report, day, period.begins, answer.sent.wall, snapshot.spec.interval)
    return replace(snapshot, presence=observe_today(presence, poll))


def apply_catalog_failure(
    snapshot: ProjectSnapshot, method: str, problem: Problem
) -> ProjectSnapshot:
    """The snapshot after a failed request for the custom statuses; no value changes."""
    catalog = replace(snapshot.catalog, succeeded=False, problem=problem)
    return replace(snapshot, catalog=catalog).with_error(method, problem.reason)


def apply_report_failure(
    snapshot: ProjectSnapshot, window: Window, method: str, problem: Problem
) -> ProjectSnapshot:
    """The snapshot after a failed request for a window; no value changes."""
    failed = snapshot.with_error(method, problem.reason)
    state = snapshot.state_of(window)
    if state is None:  # a reload took the window away meanwhile
        return failed
    return failed.with_window(replace(state, succeeded=False, problem=problem))

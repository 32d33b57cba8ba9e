"""An answer, or its failing, and the snapshot before -> the snapshot after. Pure."""

from dataclasses import replace

from exporter.clock import Instant
from exporter.errors import PollError
from exporter.polling.presence import (
    GAP_INTERVALS,
    Poll,
    Presence,
    add_gains,
    count_settled,
    observe_today,
)
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import Answer, CatalogState, Lifetime, ProjectSnapshot, WindowState
from exporter.polling.window import Window, bounds, local_date, validity
from exporter.ringostat.report import Anomaly, count_decreased, parse_catalog, parse_report

TODAY = Window("today")
YESTERDAY = Window("yesterday")


def first_snapshot(plan: ProjectSpec) -> ProjectSnapshot:
    """What is known of a project before its first poll: who it is."""
    return ProjectSnapshot(
        project_id=plan.project_id,
        name=plan.name,
        timezone=plan.zone.key,
        windows=tuple(WindowState(window) for window in plan.windows),
        presence=Presence() if plan.presence and TODAY in plan.windows else None,
    )


def respecified(
    snapshot: ProjectSnapshot, before: ProjectSpec, plan: ProjectSpec
) -> ProjectSnapshot:
    """What stays known when the plan of a project changes.

    Counters and catalog always; answers where the new plan would have read them the same.
    """
    fresh = first_snapshot(plan)
    windows, presence = fresh.windows, fresh.presence
    told = snapshot.presence
    if plan.reads_like(before):
        kept = {state.window: state for state in snapshot.windows}
        windows = tuple(kept.get(state.window, state) for state in windows)
        presence = presence and (told or presence)
    elif presence and told:
        presence = told.without_comparison(frozenset(filter(plan.shown.shows, told.gained)))
    return replace(
        snapshot,
        name=fresh.name,
        timezone=fresh.timezone,
        windows=windows,
        presence=presence,
    )


def apply_catalog(
    snapshot: ProjectSnapshot, plan: ProjectSpec, result: object, now: Instant
) -> ProjectSnapshot:
    """The snapshot after a good answer of method 1.

    Raises:
        SchemaMismatch: The answer is no catalog.
    """
    stale = now.age + plan.stale_after_of(None)
    return replace(snapshot, catalog=CatalogState(parse_catalog(result), True, stale))


def apply_report(
    snapshot: ProjectSnapshot,
    plan: ProjectSpec,
    window: Window,
    result: object,
    *,
    planned: float,
    sent: float,
    now: Instant,
) -> ProjectSnapshot:
    """The snapshot after a good answer of method 2.

    Args:
        snapshot: The one before.
        plan: The project's plan when the question was asked.
        window: What was asked for.
        result: The decoded `result`.
        planned: Unix time at which the window's dates were chosen; an answer that comes after
            the midnight that ends them is remembered and never shown.
        sent: Unix time at which the request was sent.
        now: The present.

    Raises:
        SchemaMismatch: The answer is no report.
        TooManyRows: It has more rows than the plan allows.
    """
    dates = window.dates(local_date(planned, plan.zone))
    start, end = bounds(dates, plan.zone)
    report = parse_report(
        result,
        catalog=snapshot.catalog.statuses,
        shown=plan.shown,
        max_employees=plan.max_employees,
        elapsed_seconds=min(sent, end) - start,
    )
    found = {str(reason): count for reason, count in report.anomalies.items()}
    before = snapshot.state_of(window).answer
    if before is not None and before.dates == dates:
        found[Anomaly.DECREASED] = count_decreased(before.report, report)
    begins, ends = validity(window, planned, plan.zone)
    lifetime = Lifetime(begins, ends, now.age + plan.stale_after_of(window))
    answer = Answer(report, dates, start, end, sent, lifetime)
    state = WindowState(window, succeeded=True, last_success=now.wall, answer=answer)
    learnt = snapshot.with_window(state).with_anomalies(found)
    return _apply_presence(learnt, plan, window, answer, now)


def _apply_presence(
    snapshot: ProjectSnapshot, plan: ProjectSpec, window: Window, answer: Answer, now: Instant
) -> ProjectSnapshot:
    """What an answer for `today` or `yesterday` tells of who was on what."""
    told, day = snapshot.presence, answer.dates.first
    if told is None or window not in (TODAY, YESTERDAY):
        return snapshot
    if window == YESTERDAY:
        return replace(snapshot, presence=count_settled(told, answer.report, day))
    if not answer.lifetime.holds(now):
        # Overtaken by midnight: its seconds count, it is nobody's present any more.
        return replace(snapshot, presence=add_gains(told, answer.report, day))
    poll = Poll(answer.report, day, answer.start, answer.sent, plan.interval)
    return replace(
        snapshot,
        presence=observe_today(told, poll),
        statuses_stale=now.age + GAP_INTERVALS * plan.interval,
    )


def apply_failure(
    snapshot: ProjectSnapshot, window: Window | None, method: str, error: PollError
) -> ProjectSnapshot:
    """The snapshot after a failed request for a window, or the catalog (None).

    No value changes.
    """
    failed = snapshot.with_error(method, error.reason)
    if window is None:
        return replace(failed, catalog=replace(failed.catalog, succeeded=False))
    state = replace(
        failed.state_of(window), succeeded=False, problem=error.in_full, reason=error.reason
    )
    return failed.with_window(state)

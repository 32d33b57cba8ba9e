"""An answer, or a failure, and the previous snapshot -> the next snapshot. Pure."""

from dataclasses import replace
from typing import Any

from exporter.errors import Problem
from exporter.polling.duty import NamedToday
from exporter.polling.employee_day import Poll
from exporter.polling.listing import Listing
from exporter.polling.presence import Limits, count_only, observe_today
from exporter.polling.snapshot import Answer, ListName, ProjectSnapshot, WindowState
from exporter.polling.window import TODAY, YESTERDAY, Window, local_date
from exporter.ringostat.reply import Reply
from exporter.ringostat.report import count_decreased
from exporter.ringostat.rows import Anomaly

# Of `max_employees`: how many names a day are kept track of. Names that come and go all day long
# must not fill the memory.
_NAMES_A_DAY = 2


def apply_list(snapshot: ProjectSnapshot, name: ListName, reply: Reply[Any]) -> ProjectSnapshot:
    """The snapshot after a good answer with a list."""
    listing = Listing(reply.value, succeeded=True, received=reply.received.age)
    return snapshot.with_list(name, listing).with_duty()


def apply_report(snapshot: ProjectSnapshot, window: Window, answer: Answer) -> ProjectSnapshot:
    """The snapshot after a good answer for a window that is configured."""
    counts = {str(reason): count for reason, count in answer.report.anomalies.items()}
    previous = snapshot.answer_of(window)
    if previous is not None and previous.period.dates == answer.period.dates:
        counts[Anomaly.DECREASED] = count_decreased(previous.report, answer.report)
    state = WindowState(window, succeeded=True, last_success=answer.received.wall, answer=answer)
    after = snapshot.with_window(state).with_anomalies(counts)
    return _apply_presence(_apply_names(after, answer), window, answer)


def _apply_names(snapshot: ProjectSnapshot, answer: Answer) -> ProjectSnapshot:
    """Whom an answer names keeps a shift for this local day, whatever comes of later answers."""
    if snapshot.spec.roster is None:
        return snapshot
    day = local_date(answer.received.wall, snapshot.spec.zone)
    people = answer.report.employees.keys()
    known = snapshot.named
    named = NamedToday.of(day, people) if known is None else known.with_people(day, people)
    return replace(snapshot, named=named).with_duty()


def _apply_presence(snapshot: ProjectSnapshot, window: Window, answer: Answer) -> ProjectSnapshot:
    """What an answer for `today` or `yesterday` tells of who was on what."""
    presence, period, spec = snapshot.presence, answer.period, snapshot.spec
    if presence is None or window not in (TODAY, YESTERDAY):
        return snapshot
    limits = Limits(spec.interval, _NAMES_A_DAY * spec.max_employees)
    poll, day = Poll(answer.report, period.begins, answer.sent), period.dates.first
    in_time = period.shown_from <= answer.received.wall < period.shown_until
    # An answer that midnight overtook changes nobody's current status; its seconds count.
    observe = observe_today if window == TODAY and in_time else count_only
    after = observe(presence, poll, day, limits)
    counts = {str(Anomaly.NAME_LIMIT): after.over_limit} if after.over_limit else {}
    return replace(snapshot, presence=after).with_anomalies(counts)


def apply_list_failure(
    snapshot: ProjectSnapshot, name: ListName, method: str, problem: Problem
) -> ProjectSnapshot:
    """The snapshot after a failed request for a list; no value changes.

    Counted under the method that failed, or under `method` where none was asked.
    """
    listing = replace(snapshot.list_of(name), succeeded=False, problem=problem)
    after = snapshot.with_list(name, listing)
    return after.with_error(problem.method or method, problem.reason)


def apply_report_failure(
    snapshot: ProjectSnapshot, window: Window, method: str, problem: Problem
) -> ProjectSnapshot:
    """The snapshot after a failed request for a window; no value changes."""
    failed = snapshot.with_error(method, problem.reason)
    state = snapshot.state_of(window)
    if state is None:  # a reload took the window away meanwhile
        return failed
    return failed.with_window(replace(state, succeeded=False, problem=problem))

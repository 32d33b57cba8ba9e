"""Who came when, and who has not come: the rules of prometheus/rules/verdicts.yaml as one query.

Dashboards are to work without recording rules. Where somebody has a shift (or a day off) by the
configuration, the shift decides; else the day.
"""

from grafana.queries import (
    ANSWERED,
    MATCHERS,
    MIDNIGHT,
    NOT_OFFLINE,
    ON_PERSON,
    STATUS_SECONDS,
    TODAY_MATCHERS,
    day_seconds,
    in_departments,
    labelled,
    per_person,
    per_status,
    pinned,
    status_matcher,
)

LATE_SECONDS = 600
PRESENT = day_seconds(NOT_OFFLINE)
_FIRST_ACTIVE = f"ringostat_employee_first_active_timestamp_seconds{{{MATCHERS}}}"
_SHIFT_START = per_person(f"ringostat_employee_shift_start_timestamp_seconds{{{MATCHERS}}}")
# Also on a day off, when it is 0: it tells whose shifts are known.
_SCHEDULED = f"ringostat_employee_scheduled_seconds{{{TODAY_MATCHERS}}}"
_UNLISTED = f"ringostat_report_unlisted_employees{{{MATCHERS}}}"


def begun_shifts() -> str:
    """The begin of the shift of each chosen employee, if it began today and the report knows.

    By the moment of the newest report, not by the clock: an outage accuses nobody.
    """
    return (
        f"({in_departments(_SHIFT_START)}"
        f" >= on (project) group_left () {MIDNIGHT}"
        f" <= on (project) group_left () {ANSWERED})"
    )


def not_come() -> str:
    """0 for each chosen employee who was not there for a second today and should have been.

    Whoever has a shift that has begun counts also if the report does not name them, unless the
    staff list spells names differently.
    """
    offline_all_day = f"({PRESENT} == 0)"
    reported = per_person(f"{STATUS_SECONDS}{{{TODAY_MATCHERS}}}")
    misspelled = f"max by (project) ({_UNLISTED}) > 0"
    missing = (
        f"(0 * {begun_shifts()} unless {ON_PERSON} {reported}"
        f" and on (project) {MIDNIGHT} unless on (project) ({misspelled}))"
    )
    return (
        f"(({offline_all_day} unless {ON_PERSON} {per_person(_SCHEDULED)})"
        f" or {ON_PERSON} ({offline_all_day} and {ON_PERSON} {begun_shifts()})"
        f" or {ON_PERSON} {missing})"
    )


def _exact_arrival() -> str:
    """When employees first left offline today, where it was seen; bridges restarts."""
    seen = per_person(f"last_over_time({_FIRST_ACTIVE}[1d])")
    return f"({in_departments(seen)} >= on (project) group_left () {MIDNIGHT})"


def _latest_arrival(kept: bool) -> str:
    """Midnight and the seconds offline so far: they came then or before."""
    seconds = f"{STATUS_SECONDS}{{{TODAY_MATCHERS}"
    offline = per_person(f"{seconds}, {status_matcher('offline')}}}")
    there = f"sum by (project, employee) ({per_status(f'{seconds}, {NOT_OFFLINE}}}')}) > 0"
    bound = f"({offline} + on (project) group_left () {MIDNIGHT} and {ON_PERSON} {there})"
    if not kept:
        return in_departments(bound)
    # The bound grows when they are offline again, so the least of today's is nearest.
    of_today = f"{bound} >= on (project) group_left () {pinned(MIDNIGHT)}"
    earlier = f"min_over_time(({of_today})[1d:15m]) and {ON_PERSON} {bound}"
    return in_departments(f"({earlier} or {ON_PERSON} {bound})")


def arrivals(kept: bool = True) -> str:
    """When each chosen employee came today, in Unix time; the label `bound` is `at the latest`.

    Without the label the moment is exact.

    Args:
        kept: Whether bounds of earlier today count: a look at every quarter of an hour.
    """
    latest = labelled(f"({_latest_arrival(kept)})", "bound", "at the latest")
    return f"({_exact_arrival()} or {ON_PERSON} {latest})"


def lateness() -> str:
    """By how many seconds each chosen employee came after the shift began, over 10 minutes."""
    start = begun_shifts()
    return f"({arrivals()} - {ON_PERSON} group_left () {start} > {LATE_SECONDS})"

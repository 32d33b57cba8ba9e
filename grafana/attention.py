"""For how long people have been in their status, and which of them need a look."""

from grafana.attendance import lateness
from grafana.queries import (
    ANY_STATUS,
    AWAY,
    MATCHERS,
    NOT_OFFLINE,
    ON_PERSON,
    SPEAKING,
    current_status,
    holders,
    in_departments,
    labelled,
    per_person,
    per_status,
    seconds_today,
    status_matcher,
)
from grafana.status_groups import with_kind

LONG_CALL_SECONDS = 1200
# Where a status has no limit of its own, as of the alerts RingostatLongDnd and RingostatLongBreak.
LONG_DND_SECONDS = 1800
LONG_BREAK_SECONDS = 3600
_SINCE = f"ringostat_employee_current_status_since_timestamp_seconds{{{MATCHERS}}}"
_LIMITS = f"max by (project, status) (ringostat_status_limit_seconds{{{MATCHERS}}})"
_ON_STATUS = "on (project, employee, status)"
_LOOK_BACK_SECONDS = 7200


def _known_stretch(matcher: str) -> str:
    """Seconds since the status began, where that was seen."""
    return f"((time() - {per_person(_SINCE)}) * {ON_PERSON} group_right () {holders(matcher)})"


def _least_stretch(matcher: str) -> str:
    """At least so many seconds, where the begin was not seen: since the status was last not shown.

    It looks back two hours, a minute at a time.
    """
    status = current_status(matcher)
    unseen = (
        f"({per_status(f'{status} @ end()')} unless {ON_PERSON} {per_person(f'{_SINCE} @ end()')})"
    )
    not_shown = f"(0 * {unseen} + time()) unless {_ON_STATUS} {per_status(status)}"
    since = f"max_over_time(({not_shown})[{_LOOK_BACK_SECONDS}s:1m])"
    seconds = f"(time() - {since} or {_ON_STATUS} 0 * {unseen} + {_LOOK_BACK_SECONDS})"
    return in_departments(seconds)


def stretches(matcher: str) -> str:
    """For how many seconds each chosen employee has been in the current status, at the moment.

    Where that is a lower bound the label `bound` is `at least`.
    """
    least = labelled(_least_stretch(matcher), "bound", "at least")
    return f"({_known_stretch(matcher)} or {ON_PERSON} {least})"


def free_first() -> str:
    """The order of who is here: the free, those away, those on a call; the longest of each first.

    Who was in the status before its begin could be seen ranks by all of the day's seconds in it.
    """
    so_far = (
        f"{seconds_today(NOT_OFFLINE)} * {_ON_STATUS} {per_status(current_status(NOT_OFFLINE))}"
    )
    seconds = f"({_known_stretch(NOT_OFFLINE)} or {ON_PERSON} {so_far})"
    groups = f" or {_ON_STATUS} ".join(
        f"{per_status(current_status(matcher))} * {weight}e6"
        for matcher, weight in ((status_matcher("online"), 3), (AWAY, 2), (SPEAKING, 1))
    )
    return f"({seconds} + {_ON_STATUS} ({groups}))"


def _over_limit_today() -> str:
    """The day's seconds in a status that has a limit, above it: exact, also after a restart."""
    seconds = seconds_today(ANY_STATUS)
    return f"({seconds} > on (project, status) group_left () {_LIMITS})"


def _limits() -> str:
    """For how long each status may be held at one stretch: its limit, else what is usual."""
    kinds = f"max by (project, status) (ringostat_status_info{{{MATCHERS}, kind"
    dnd = f'0 * {kinds}="busy"}}) + {LONG_DND_SECONDS}'
    others = f'0 * {kinds}=~"break|away|other"}}) + {LONG_BREAK_SECONDS}'
    return f"({_LIMITS} or {dnd} or {others})"


def _long_stretch() -> str:
    """Seconds in one stretch in a status, over its limit or what is usual."""
    return f"({stretches(AWAY)} > on (project, status) group_left () {_limits()})"


def needs_a_look() -> str:
    """Seconds, with the employee, the status and the reason; who is late has no status here.

    The status has its kind before it, as `with_kind` says.
    """
    over_limit = labelled(_over_limit_today(), "reason", "over the day's limit")
    stretch = f"({_long_stretch()} unless {_ON_STATUS} {_over_limit_today()})"
    long_stretch = labelled(stretch, "reason", "long without a break")
    call = f"({_known_stretch(SPEAKING)} > {LONG_CALL_SECONDS})"
    long_call = labelled(call, "reason", "long call")
    late = (
        f"label_replace({labelled(lateness(), 'reason', 'late')},"
        ' "reason", "late or offline", "bound", "at the latest")'
    )
    with_status = with_kind(f"({over_limit} or {long_stretch} or {long_call})")
    return f"{with_status} or {late}"

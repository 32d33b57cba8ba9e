"""One employee's day: the status, since when, first and last active. Pure.

What grew between two reports of a day is what the employee was on. docs/contract.md#presence has
the rules; docs/presence.md explains them with a picture. Everything is keyed by the API's own
status keys, so a new title changes nothing. Times are Unix time in seconds; the time of a poll
is when its request was sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from exporter.instant import Instant
from exporter.ringostat.report import Report

OFFLINE = "offline"
# A status is kept for this many polls without growth.
_STILL_POLLS = 2

Seconds = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Poll:
    """A good answer for `today`.

    Attributes:
        report: What it says.
        day_start: Unix time at which the day begins.
        sent: When the request was sent.
    """

    report: Report
    day_start: float
    sent: Instant


@dataclass(frozen=True, slots=True)
class EmployeeDay:
    """What is known of one employee on one day.

    Attributes:
        status: The key of the status at the last poll; None while it is not known.
        since: When that began; None until a change was seen.
        still_polls: For how many polls in a row nothing grew.
        first_active: When the employee first left `offline` today: exact, or None.
        last_active: The last moment not `offline` today; None while that is not known.
    """

    status: str | None = None
    since: float | None = None
    still_polls: int = 0
    first_active: float | None = None
    last_active: float | None = None

    def without_status(self) -> "EmployeeDay":
        """The same, and nothing is known of the present."""
        if self.status is None and self.since is None and not self.still_polls:
            return self
        return replace(self, status=None, since=None, still_polls=0)


def observe_employee(
    employee: EmployeeDay, name: str, poll: Poll, previous: Poll | None, mark: Seconds | None
) -> EmployeeDay:
    """What is known of an employee whom a report names.

    Args:
        employee: What was known before.
        name: The employee's.
        poll: The newest.
        previous: The previous one of the day; None where it is too old to be compared with.
        mark: The highest values of the day before this poll; None where nobody saw them.
    """
    if name in poll.report.duplicates:
        # Two people in one row: only the first activity that was known before stays.
        return EmployeeDay(first_active=employee.first_active)
    values = poll.report.employees[name]
    first_active = employee.first_active
    if first_active is None and not _any_activity(mark or {}):
        first_active = _first_active(name, values, poll, previous)
    grown = _growth(name, values, poll.report, previous)
    if grown is None:
        last_active = _active_in_a_gap(employee, name, poll, mark)
        return EmployeeDay(first_active=first_active, last_active=last_active)
    if not grown:
        return _stand_still(replace(employee, first_active=first_active), values, poll)
    assert previous is not None  # something grew since
    status, since = _current_status(employee, grown, previous.sent.wall, poll.sent.wall)
    if since is None:
        since = _since_day_start(status, values, poll)
    return EmployeeDay(
        status=status,
        since=since,
        first_active=first_active,
        last_active=_last_active(employee, status, since, grown, poll.sent.wall),
    )


def _growth(
    name: str, values: Seconds, report: Report, previous: Poll | None
) -> dict[str, int] | None:
    """What each status gained since the previous poll.

    None where that cannot be told: there is none to compare with, or it did not name the employee
    once and whole, or one of the values is unknown now or was then. A status that a whole row
    does not have stood at 0.
    """
    if previous is None or name in report.unknown:
        return None
    old = previous.report.employees.get(name)
    if old is None or name in previous.report.unknown or name in previous.report.duplicates:
        return None
    return {key: gain for key, number in values.items() if (gain := number - old.get(key, 0)) > 0}


def _stand_still(employee: EmployeeDay, values: Seconds, poll: Poll) -> EmployeeDay:
    """Nothing grew: the status is kept for two such polls and gone at the third."""
    if employee.status is None or employee.still_polls >= _STILL_POLLS:
        return replace(employee, status=None, since=None, still_polls=_STILL_POLLS)
    since = employee.since
    if since is None:
        since = _since_day_start(employee.status, values, poll)
    return replace(employee, since=since, still_polls=employee.still_polls + 1)


def _since_day_start(status: str, values: Seconds, poll: Poll) -> float | None:
    """The day's start for who has no second in another status."""
    others = any(number for key, number in values.items() if key != status)
    return None if others else poll.day_start


def _current_status(
    employee: EmployeeDay, grown: Mapping[str, int], previous_sent: float, sent: float
) -> tuple[str, float | None]:
    """The status at a poll, and when it began."""
    if len(grown) == 1:
        (status,) = grown
        if status == employee.status:
            return status, employee.since
        return status, None if employee.status is None else previous_sent
    if len(grown) == 2 and employee.status in grown:
        (status,) = grown.keys() - {employee.status}
        began = previous_sent + sum(grown.values()) - grown[status]
        return status, min(began, sent)  # a correction upwards may gain more than the time passed
    others = {key: gain for key, gain in grown.items() if key != employee.status}
    status = min(others, key=lambda key: (-others[key], key))
    return status, sent - others[status]


def _first_active(name: str, values: Seconds, poll: Poll, previous: Poll | None) -> float | None:
    """When the employee first left `offline`, at the first poll that shows another second.

    Exact, or None: the previous poll saw the employee whole and idle, or there is no second of
    `offline` at all.
    """
    offline = values.get(OFFLINE)
    if offline is None or not _any_activity(values):
        return None
    if offline == 0:
        return poll.day_start
    if previous is None or name in previous.report.unknown or name in previous.report.duplicates:
        return None
    before = previous.report.employees.get(name)
    if before is None or _any_activity(before):
        return None
    return poll.day_start + offline


def _any_activity(values: Seconds) -> bool:
    """Whether there is a second in anything but `offline`."""
    return any(number > 0 for key, number in values.items() if key != OFFLINE)


def _last_active(
    employee: EmployeeDay, status: str, since: float | None, grown: Mapping[str, int], sent: float
) -> float | None:
    """The last moment not `offline`: the poll's while active, else when `offline` began."""
    if status != OFFLINE:
        return sent
    was_active = any(key != OFFLINE for key in grown) or employee.status not in (None, OFFLINE)
    return since if was_active else employee.last_active


def _active_in_a_gap(
    employee: EmployeeDay, name: str, poll: Poll, mark: Seconds | None
) -> float | None:
    """The last moment not `offline` where this poll cannot be compared with the previous one.

    The day's marks tell what grew since the employee was last seen. Where another status grew and
    `offline` did not, the employee was active until now; where no other can have grown, the
    previous value stays; where both grew, or another is unknown now or was then, the gap leaves
    it open.
    """
    if mark is None:
        return None
    values = poll.report.employees[name]
    known = {key: number for key, number in mark.items() if number >= 0}
    grown = {key for key, number in values.items() if number > known.get(key, 0)}
    if not grown - {OFFLINE} and not poll.report.unknown.get(name, frozenset()) - {OFFLINE}:
        return employee.last_active
    stood_still = OFFLINE in values and OFFLINE not in grown
    return poll.sent.wall if stood_still and grown & known.keys() - {OFFLINE} else None

"""What can be asked of Ringostat: one function per method of its API, and how it is read.

Source: the API description. A new method of the API begins here: its name, its path, the
parameters of a request and the parser of its reply.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from exporter.ringostat.catalog import CustomStatus, parse_catalog
from exporter.ringostat.report import Report, parse_report
from exporter.ringostat.sip_accounts import Logins, parse_logins
from exporter.ringostat.staff import StaffList, parse_staff

CUSTOM_STATUSES = "getCustomStatuses"
DAILY_REPORT = "getSipStatusDailyReport"
STAFF = "getProjectStaffListAndDirections"
SIP_ONLINE = "sipstatus/online"
SIP_SPEAKING = "sipstatus/speaking"
ABOUT_PEOPLE = (STAFF, SIP_ONLINE, SIP_SPEAKING)
METHODS = (CUSTOM_STATUSES, DAILY_REPORT, *ABOUT_PEOPLE)

# All attempts of one request and the pauses between them; waiting for a turn does not count.
_LONGEST_SECONDS = 45.0
# What a project is asked beside its reports must not hold them up: one request at a time.
_STAFF_SECONDS = 15.0
_SIP_SECONDS = 5.0
_SHORTEST_SECONDS = 1.0

_T_co = TypeVar("_T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Call(Generic[_T_co]):
    """One request to the API, and how its reply is read.

    Attributes:
        method: The JSON-RPC method, or the path of a GET without its first slash; the label
            `method` of the exporter's own metrics.
        path: Below the base URL.
        params: The request's `params`; None for a GET, which has no body, and whose answer has
            no JSON-RPC around it.
        parse: From the reply's decoded `result`, and the Unix time in seconds at which the
            request was sent, to a typed value; raises a PollError.
        longest_seconds: When the last attempt is given up, without waiting for a turn.
    """

    method: str
    path: str
    params: Mapping[str, object] | None
    parse: Callable[[object, float], _T_co]
    longest_seconds: float = _LONGEST_SECONDS


def custom_statuses(project_id: int) -> Call[tuple[CustomStatus, ...]]:
    """`getCustomStatuses`: the catalog of a project.

    `{"id": 7, "method": "getCustomStatuses", "params": {"projectId": 39071}, ...}` answers
    `{"id": "7", "result": [{"id": 1763, "title": "At lunch"}], "jsonrpc": "2.0"}`.
    """
    return Call(
        CUSTOM_STATUSES,
        "/rsp-api-v3",
        {"projectId": project_id},
        lambda result, _sent: parse_catalog(result),
    )


def daily_report(
    project_id: int, first: date, last: date, bounds: tuple[float, float], max_employees: int
) -> Call[Report]:
    """`getSipStatusDailyReport`: seconds per employee and status, over some days.

    The answer is `{"id": 7, "result": [{"employee": "Ann", "online": "01:31:55"}], ...}`.

    Args:
        project_id: The project.
        first: The first calendar day, in the account's own zone.
        last: The last one, inclusive.
        bounds: Unix time at which the first day begins and at which the last one ends.
        max_employees: A larger report is refused whole.
    """
    begins, ends = bounds
    return Call(
        DAILY_REPORT,
        "/api/json-rpc",
        {
            "projectId": project_id,
            "filter": {"from": first.isoformat(), "to": last.isoformat()},
        },
        lambda result, sent: parse_report(
            result, max_employees=max_employees, elapsed_seconds=min(sent, ends) - begins
        ),
    )


def staff(project_id: int, max_employees: int, interval: float) -> Call[StaffList]:
    """`getProjectStaffListAndDirections`: who exists, in which departments, with which accounts.

    Args:
        project_id: The project.
        max_employees: A longer list is refused whole.
        interval: Seconds between two reports, which wait for the answer.
    """
    return Call(
        STAFF,
        "/api/json-rpc",
        {"projectId": project_id, "departmentsFullFormat": True},
        lambda result, _sent: parse_staff(result, max_employees=max_employees),
        _at_most(_STAFF_SECONDS, interval),
    )


def sip_online(max_employees: int, interval: float) -> Call[Logins]:
    """`GET /sipstatus/online`: `["demo_ann"]`, of the project that the key is of."""
    return _sip(SIP_ONLINE, max_employees, interval)


def sip_speaking(max_employees: int, interval: float) -> Call[Logins]:
    """`GET /sipstatus/speaking`: likewise, of those that take part in a call."""
    return _sip(SIP_SPEAKING, max_employees, interval)


def _at_most(seconds: float, interval: float) -> float:
    """The deadline of what reports wait for: not longer than their interval."""
    return max(_SHORTEST_SECONDS, min(seconds, interval))


def _sip(method: str, max_employees: int, interval: float) -> Call[Logins]:
    return Call(
        method,
        f"/{method}",
        None,
        lambda result, _sent: parse_logins(result, max_employees=max_employees),
        _at_most(_SIP_SECONDS, interval),
    )

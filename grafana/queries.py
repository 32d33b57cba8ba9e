"""PromQL for the panels: label matchers, series that several panels use, query targets.

A restart may change `instance`, and two exporters may poll one project: every series of people is
made one for each project, employee (and status) by `max` before it is added up or joined.
"""

import re

from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

MATCHERS = 'job=~"$job", instance=~"$instance", project=~"$project"'
WINDOW_MATCHERS = f'{MATCHERS}, window=~"$window"'
TODAY_MATCHERS = f'{MATCHERS}, window="today"'

BUILT_IN_STATUSES = "online|offline|dnd|speaking"
CUSTOM_STATUS = f'status!~"{BUILT_IN_STATUSES}"'
ANY_STATUS = 'status=~".+"'
NOT_OFFLINE = 'status!="offline"'
ABLE_TO_TALK = 'status=~"online|speaking"'
AWAY = 'status!~"online|offline|speaking"'
SPEAKING = 'status="speaking"'

STATUS_SECONDS = "ringostat_employee_status_seconds"
LAST_SUCCESS = "ringostat_report_last_success_timestamp_seconds"
WINDOW_START = "ringostat_report_window_start_timestamp_seconds"
DEPARTMENT_INFO = "ringostat_employee_department_info"
# The memberships in the chosen departments, for dashboards that have the variable.
MEMBERSHIPS = f'{DEPARTMENT_INFO}{{{MATCHERS}, department=~"$department"}}'
ON_PERSON = "on (project, employee)"
BY_EMPLOYEE = "by (job, instance, project, employee)"
# The project's midnight, by which a timestamp is known to be of today.
MIDNIGHT = f"max by (project) ({WINDOW_START}{{{TODAY_MATCHERS}}})"
ANSWERED = f"max by (project) ({LAST_SUCCESS}{{{TODAY_MATCHERS}}})"


def status_matcher(status: str) -> str:
    """The matcher of one status."""
    return f'status="{status}"'


def current_status(matcher: str) -> str:
    """Selects the employees who hold a status at the newest poll."""
    return f"ringostat_employee_current_status{{{MATCHERS}, {matcher}}}"


def per_person(series: str) -> str:
    """One series for each project and employee, whichever instances it is of."""
    return f"max by (project, employee) ({series})"


def per_status(series: str) -> str:
    """One series for each project, employee and status, whichever instances it is of."""
    return f"max by (project, employee, status) ({series})"


def in_departments(series: str) -> str:
    """Those of the people's series whose employee is in a chosen department now.

    The department is no label of them; `max` counts somebody of several departments once.
    """
    return f"{series} * {ON_PERSON} group_left () {per_person(MEMBERSHIPS)}"


def in_departments_all_along(series: str) -> str:
    """The same for a query over time: by the memberships of the last day of the range.

    Loaded history has them once a day, and while Ringostat does not answer there are none.
    """
    members = per_person(f"last_over_time({MEMBERSHIPS}[1d] @ end())")
    return f"{series} * {ON_PERSON} group_left () {members}"


def holders(matcher: str) -> str:
    """1 for each chosen employee who holds one of the statuses now, by project and status."""
    return in_departments(per_status(current_status(matcher)))


def seconds_today(matcher: str, offset: str = "") -> str:
    """The chosen employees' seconds of today by status; `offset` is as of PromQL."""
    return in_departments(per_status(f"{STATUS_SECONDS}{{{TODAY_MATCHERS}, {matcher}}}{offset}"))


def day_seconds(matcher: str, offset: str = "") -> str:
    """The chosen employees' seconds of today, statuses added up."""
    return f"sum by (project, employee) ({seconds_today(matcher, offset)})"


def pinned(expression: str) -> str:
    """The expression's series as of the end of the time range, at each moment of a range query."""
    return re.sub(r"(\}(?:\[\w+\])?)", r"\1 @ end()", expression)


def total(people: str) -> str:
    """The sum of the people's values; 0 where there are none."""
    return f"sum({people}) or vector(0)"


def labelled(series: str, label: str, value: str) -> str:
    """The series with one more label."""
    return f'label_replace({series}, "{label}", "{value}", "", "")'


def instant_query(expression: str, legend: str = "") -> Dataquery:
    """An instant query, evaluated at the end of the dashboard's time range."""
    query = Dataquery().expr(expression).instant()
    return query.legend_format(legend) if legend else query


def table_query(expression: str) -> Dataquery:
    """An instant query whose labels become the columns of a table."""
    return instant_query(expression).format(PromQueryFormat.TABLE)


def range_query(expression: str, legend: str) -> Dataquery:
    """A range query over the dashboard's time range."""
    return Dataquery().expr(expression).range().legend_format(legend)

"""PromQL for the panels: label matchers, series that several panels use, query targets."""

from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

MATCHERS = 'job=~"$job", instance=~"$instance", project=~"$project"'
WINDOW_MATCHERS = f'{MATCHERS}, window=~"$window"'
TODAY_MATCHERS = f'{MATCHERS}, window="today"'

BUILT_IN_STATUSES = "online|offline|dnd|speaking"
CUSTOM_STATUS = f'status!~"{BUILT_IN_STATUSES}"'
NOT_OFFLINE = 'status!="offline"'
ABLE_TO_TALK = 'status=~"online|speaking"'
SPEAKING = 'status="speaking"'

STATUS_SECONDS = "ringostat_employee_status_seconds"
LAST_SUCCESS = "ringostat_report_last_success_timestamp_seconds"
# The memberships in the chosen departments, for dashboards that have the variable.
DEPARTMENT_INFO = f'ringostat_employee_department_info{{{MATCHERS}, department=~"$department"}}'
# The project's midnight, by which a timestamp is known to be of today.
START_OF_TODAY = f"ringostat_report_window_start_timestamp_seconds{{{TODAY_MATCHERS}}}"
ON_PROJECT = "on (job, instance, project) group_left ()"
ON_EMPLOYEE = "on (job, instance, project, employee) group_left ()"
BY_EMPLOYEE = "by (job, instance, project, employee)"


def status_matcher(status: str) -> str:
    """The matcher of one status."""
    return f'status="{status}"'


def current_status(matcher: str) -> str:
    """Selects the employees who hold a status at the newest poll."""
    return f"ringostat_employee_current_status{{{MATCHERS}, {matcher}}}"


def status_seconds(matcher: str) -> str:
    """Selects the seconds in a status within the chosen window."""
    return f"{STATUS_SECONDS}{{{WINDOW_MATCHERS}, {matcher}}}"


def in_departments(series: str) -> str:
    """Those of the employees' series whose employee is in a chosen department.

    The department is no label of them; `max` counts somebody of several departments once.
    """
    return f"({series}) * {ON_EMPLOYEE} max {BY_EMPLOYEE} ({DEPARTMENT_INFO})"


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

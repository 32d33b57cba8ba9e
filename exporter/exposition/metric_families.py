"""Every metric family: name, type, labels, help. The one list, with `people_families`.

docs/metrics.md is held equal to it by a test; the order here is the order on the page.
"""

from exporter.exposition.family import Family
from exporter.exposition.people_families import (
    EMPLOYEE_DEPARTMENT_INFO,
    EMPLOYEE_INFO,
    SIP_ACCOUNT_ONLINE,
    SIP_ACCOUNT_SPEAKING,
    SIP_ACCOUNTS_UP,
    STAFF_UP,
    UNLISTED_EMPLOYEES,
)
from exporter.exposition.shift_families import (
    SCHEDULED_SECONDS,
    SHIFT_END,
    SHIFT_START,
    STATUS_INFO,
    STATUS_LIMIT,
)

EMPLOYEE_STATUS_SECONDS = Family(
    "ringostat_employee_status_seconds",
    "gauge",
    ("project", "employee", "status", "window"),
    "Seconds that the employee spent in the status within the window, from the newest valid "
    "report; polled in the background, never at a scrape. Pin window= in every query.",
)
CUSTOM_STATUS_INFO = Family(
    "ringostat_custom_status_info",
    "info",
    ("project", "status_id", "status"),
    "Custom statuses of the project; status is the word used in the employee families.",
)
PROJECT_INFO = Family(
    "ringostat_project_info",
    "info",
    ("project", "project_id", "timezone"),
    "Configured projects; the day of a project begins at midnight of its timezone.",
)
UP = Family(
    "ringostat_up",
    "gauge",
    ("project",),
    "1 if the newest request of every configured window succeeded, else 0; absent before the "
    "first request.",
)
CUSTOM_STATUSES_UP = Family(
    "ringostat_custom_statuses_up",
    "gauge",
    ("project",),
    "1 if the newest request for the custom statuses succeeded, else 0; absent before the first "
    "request.",
)
LAST_SUCCESS = Family(
    "ringostat_report_last_success_timestamp_seconds",
    "gauge",
    ("project", "window"),
    "Unix time of the last valid report for the window.",
)
REPORT_EMPLOYEES = Family(
    "ringostat_report_employees",
    "gauge",
    ("project", "window"),
    "Number of employees shown for the window.",
)
WINDOW_START = Family(
    "ringostat_report_window_start_timestamp_seconds",
    "gauge",
    ("project", "window"),
    "Unix time at which the requested window begins, in the project's timezone.",
)
WINDOW_END = Family(
    "ringostat_report_window_end_timestamp_seconds",
    "gauge",
    ("project", "window"),
    "Unix time at which the requested window ends, exclusive, in the project's timezone.",
)
COVERED_SECONDS = Family(
    "ringostat_report_covered_seconds",
    "gauge",
    ("project", "window"),
    "Time that the report accounts for: the most common sum of an employee's seconds; absent "
    "without employees.",
)
INCONSISTENT_EMPLOYEES = Family(
    "ringostat_report_inconsistent_employees",
    "gauge",
    ("project", "window"),
    "Number of received rows whose sum differs from the covered time by over 5 seconds, or that "
    "have an unreadable value.",
)
DUPLICATE_EMPLOYEES = Family(
    "ringostat_report_duplicate_employees",
    "gauge",
    ("project", "window"),
    "Number of names that were received more than once; their rows are added up.",
)
ANOMALIES = Family(
    "ringostat_report_anomalies_total",
    "counter",
    ("project", "reason"),
    "Unexpected values and rows of valid reports, counted at each poll.",
)
POLLS_SKIPPED = Family(
    "ringostat_polls_skipped_total",
    "counter",
    ("project",),
    "Polls skipped because the previous poll took longer than the interval.",
)
POLLER_RESTARTS = Family(
    "ringostat_poller_restarts_total",
    "counter",
    ("project",),
    "Times the poll loop recovered from an internal error.",
)
POLL_ERRORS = Family(
    "ringostat_poll_errors_total",
    "counter",
    ("project", "method", "reason"),
    "Requests to Ringostat that failed after their retries.",
)
API_REQUESTS = Family(
    "ringostat_api_requests_total",
    "counter",
    ("method",),
    "Attempts of requests to Ringostat, including retries.",
)
API_REQUEST_DURATION = Family(
    "ringostat_api_request_duration_seconds",
    "histogram",
    ("method",),
    "Duration of each attempt of a request to Ringostat, including failed ones.",
)
BUILD_INFO = Family(
    "ringostat_exporter_build_info",
    "info",
    ("version", "revision", "python_version"),
    "Version, source revision and Python version of the running exporter.",
)
SHARD_INFO = Family(
    "ringostat_exporter_shard_info",
    "info",
    ("shard", "total"),
    "Shard of the projects that this process polls.",
)
RELOAD_SUCCESSFUL = Family(
    "ringostat_exporter_config_last_reload_successful",
    "gauge",
    (),
    "1 if the last reload of the configuration was successful, else 0.",
)
RELOAD_TIMESTAMP = Family(
    "ringostat_exporter_config_last_reload_success_timestamp_seconds",
    "gauge",
    (),
    "Unix time of the last successful reload of the configuration.",
)
LOOP_LAG = Family(
    "ringostat_exporter_event_loop_lag_seconds",
    "histogram",
    (),
    "Delay with which the event loop runs a timer, measured twice a second.",
)
CURRENT_STATUS = Family(
    "ringostat_employee_current_status",
    "gauge",
    ("project", "employee", "status"),
    "1 for the status held at the last poll, derived from two reports; no series while it is "
    "unknown. In a simulated contact centre at least 99.5% of the shown statuses were right at an "
    "interval of 30s, 98.5% at 60s, 94.5% at 2m; above that it is a guess.",
)
CURRENT_STATUS_SINCE = Family(
    "ringostat_employee_current_status_since_timestamp_seconds",
    "gauge",
    ("project", "employee"),
    "Unix time at which the current status began, at most one interval off; absent until a "
    "change is seen.",
)
FIRST_ACTIVE = Family(
    "ringostat_employee_first_active_timestamp_seconds",
    "gauge",
    ("project", "employee"),
    "Unix time at which the employee first left offline today: exact, or absent. After a restart "
    "it is absent for employees already active; bridge with last_over_time.",
)
LAST_ACTIVE = Family(
    "ringostat_employee_last_active_timestamp_seconds",
    "gauge",
    ("project", "employee"),
    "Unix time of the employee's last moment not offline today; while active, of the last poll; "
    "absent where a gap leaves it open.",
)
EMPLOYEE_TIME = Family(
    "ringostat_employee_time_seconds_total",
    "counter",
    ("project", "employee", "status"),
    "Seconds gained since the process started, across midnights. Without a yesterday window, the "
    "tail of each day after its last poll is missing.",
)

# Carry the label `project`: rendered where that project's snapshot changes.
OF_PROJECTS = (
    EMPLOYEE_STATUS_SECONDS,
    CURRENT_STATUS,
    CURRENT_STATUS_SINCE,
    FIRST_ACTIVE,
    LAST_ACTIVE,
    EMPLOYEE_TIME,
    SCHEDULED_SECONDS,
    SHIFT_START,
    SHIFT_END,
    EMPLOYEE_INFO,
    EMPLOYEE_DEPARTMENT_INFO,
    SIP_ACCOUNT_ONLINE,
    SIP_ACCOUNT_SPEAKING,
    STATUS_INFO,
    STATUS_LIMIT,
    CUSTOM_STATUS_INFO,
    PROJECT_INFO,
    UP,
    CUSTOM_STATUSES_UP,
    STAFF_UP,
    SIP_ACCOUNTS_UP,
    LAST_SUCCESS,
    REPORT_EMPLOYEES,
    WINDOW_START,
    WINDOW_END,
    COVERED_SECONDS,
    INCONSISTENT_EMPLOYEES,
    DUPLICATE_EMPLOYEES,
    UNLISTED_EMPLOYEES,
    ANOMALIES,
    POLLS_SKIPPED,
    POLLER_RESTARTS,
    POLL_ERRORS,
)
# The exporter's own: kept on a registry.
OF_PROCESS = (
    API_REQUESTS,
    API_REQUEST_DURATION,
    BUILD_INFO,
    SHARD_INFO,
    RELOAD_SUCCESSFUL,
    RELOAD_TIMESTAMP,
    LOOP_LAG,
)
FAMILIES = OF_PROJECTS + OF_PROCESS

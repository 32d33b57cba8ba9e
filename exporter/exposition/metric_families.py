"""Every metric family: name, type, labels, help. The one list.

docs/metrics.md is held equal to it by a test; the order here is the order on the page.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["gauge", "info", "counter", "histogram"]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric family.

    Attributes:
        name: As it stands in queries: counters end in `_total`, infos in `_info`.
        kind: Its type in OpenMetrics; in the text format an info is a gauge.
        labels: The names of its labels.
        help: One line for its readers.
    """

    name: str
    kind: Kind
    labels: tuple[str, ...]
    help: str

    @property
    def base(self) -> str:
        """The family's name in OpenMetrics: without the suffix of its type."""
        suffix = {"counter": "_total", "info": "_info"}.get(self.kind, "")
        return self.name.removesuffix(suffix)


EMPLOYEE_STATUS_SECONDS = Family(
    "ringostat_employee_status_seconds",
    "gauge",
    ("project", "employee", "status", "window"),
    "Seconds the employee spent in the status within the window, by the newest good report; "
    "polled in the background, never at a scrape. Pin window= in every query.",
)
CUSTOM_STATUS_INFO = Family(
    "ringostat_custom_status_info",
    "info",
    ("project", "status_id", "status"),
    "The project's custom statuses; status is the word used in the employee families.",
)
PROJECT_INFO = Family(
    "ringostat_project_info",
    "info",
    ("project", "project_id", "timezone"),
    "A configured project; the timezone is the one whose midnight begins its day.",
)
UP = Family(
    "ringostat_up",
    "gauge",
    ("project",),
    "1 if the newest request of every configured window succeeded, else 0; absent before the "
    "first.",
)
CUSTOM_STATUSES_UP = Family(
    "ringostat_custom_statuses_up",
    "gauge",
    ("project",),
    "1 if the newest request for the custom statuses succeeded, else 0; absent before the first.",
)
LAST_SUCCESS = Family(
    "ringostat_report_last_success_timestamp_seconds",
    "gauge",
    ("project", "window"),
    "Unix time of the last good answer for the window.",
)
REPORT_EMPLOYEES = Family(
    "ringostat_report_employees",
    "gauge",
    ("project", "window"),
    "Employees shown in the window's report.",
)
WINDOW_START = Family(
    "ringostat_report_window_start_timestamp_seconds",
    "gauge",
    ("project", "window"),
    "Unix time at which the window that was asked for begins, in the project's zone.",
)
WINDOW_END = Family(
    "ringostat_report_window_end_timestamp_seconds",
    "gauge",
    ("project", "window"),
    "Unix time at which the window that was asked for ends, exclusive, in the project's zone.",
)
COVERED_SECONDS = Family(
    "ringostat_report_covered_seconds",
    "gauge",
    ("project", "window"),
    "The most common sum of an employee's seconds: the time the report accounts for. Absent "
    "without employees.",
)
INCONSISTENT_EMPLOYEES = Family(
    "ringostat_report_inconsistent_employees",
    "gauge",
    ("project", "window"),
    "Rows, as received, whose sum is over 5 seconds from the covered time or that have an "
    "unreadable value.",
)
DUPLICATE_EMPLOYEES = Family(
    "ringostat_report_duplicate_employees",
    "gauge",
    ("project", "window"),
    "Names that came more than once, as received; their rows are added up.",
)
ANOMALIES = Family(
    "ringostat_report_anomalies_total",
    "counter",
    ("project", "reason"),
    "Values and rows of good reports that were not as they should be, each time they were read.",
)
POLLS_SKIPPED = Family(
    "ringostat_polls_skipped_total",
    "counter",
    ("project",),
    "Polls that fell out because the one before took longer than the interval.",
)
POLLER_RESTARTS = Family(
    "ringostat_poller_restarts_total",
    "counter",
    ("project",),
    "How often the project's poll loop went on after a mistake of the exporter's own.",
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
    "Attempts of requests to Ringostat, retries included.",
)
API_REQUEST_DURATION = Family(
    "ringostat_api_request_duration_seconds",
    "histogram",
    ("method",),
    "Time of each attempt of a request to Ringostat, failed ones included.",
)
BUILD_INFO = Family(
    "ringostat_exporter_build_info",
    "info",
    ("version", "revision", "python_version"),
    "What is running.",
)
SHARD_INFO = Family(
    "ringostat_exporter_shard_info",
    "info",
    ("shard", "total"),
    "Which shard of the projects this process polls.",
)
RELOAD_SUCCESSFUL = Family(
    "ringostat_exporter_config_last_reload_successful",
    "gauge",
    (),
    "1 if the configuration was good when it was last read, else 0.",
)
RELOAD_TIMESTAMP = Family(
    "ringostat_exporter_config_last_reload_success_timestamp_seconds",
    "gauge",
    (),
    "Unix time at which the configuration in use was read.",
)
LOOP_LAG = Family(
    "ringostat_exporter_event_loop_lag_seconds",
    "histogram",
    (),
    "How late the event loop woke up a timer, measured twice a second.",
)
CURRENT_STATUS = Family(
    "ringostat_employee_current_status",
    "gauge",
    ("project", "employee", "status"),
    "1 for the status held at the last poll, read off two reports; no series while it is not "
    "known. In a simulated contact centre at least 99.5% of what was shown was right at an "
    "interval of 30s, 98.5% at 60s, 94.5% at 2m; above that it is a guess.",
)
CURRENT_STATUS_SINCE = Family(
    "ringostat_employee_current_status_since_timestamp_seconds",
    "gauge",
    ("project", "employee"),
    "Unix time at which the current status began, at most one interval off; absent until a "
    "change was seen.",
)
FIRST_ACTIVE = Family(
    "ringostat_employee_first_active_timestamp_seconds",
    "gauge",
    ("project", "employee"),
    "Unix time at which the employee first left offline today: exact, or absent. After a restart "
    "it is absent for those already active; bridge with last_over_time.",
)
LAST_ACTIVE = Family(
    "ringostat_employee_last_active_timestamp_seconds",
    "gauge",
    ("project", "employee"),
    "Unix time of the last moment not offline today; while active, of the last poll.",
)
EMPLOYEE_TIME = Family(
    "ringostat_employee_time_seconds_total",
    "counter",
    ("project", "employee", "status"),
    "Seconds gained since the process started, across midnights. Without a yesterday window the "
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
    CUSTOM_STATUS_INFO,
    PROJECT_INFO,
    UP,
    CUSTOM_STATUSES_UP,
    LAST_SUCCESS,
    REPORT_EMPLOYEES,
    WINDOW_START,
    WINDOW_END,
    COVERED_SECONDS,
    INCONSISTENT_EMPLOYEES,
    DUPLICATE_EMPLOYEES,
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

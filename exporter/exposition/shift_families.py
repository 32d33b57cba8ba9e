"""The families about shifts, and about what a status is for: facts; verdicts are rules.

Rules: docs/contract.md#8-shifts.
"""

from exporter.exposition.family import Family

SHIFT_START = Family(
    "ringostat_employee_shift_start_timestamp_seconds",
    "gauge",
    ("project", "employee"),
    "Unix time at which the employee's shift begins: the one that runs, else the next that begins "
    "today, else the last that ended today; none on a day off.",
)
SHIFT_END = Family(
    "ringostat_employee_shift_end_timestamp_seconds",
    "gauge",
    ("project", "employee"),
    "Unix time at which the employee's shift ends, exclusive: of the same shift as the start.",
)
SCHEDULED_SECONDS = Family(
    "ringostat_employee_scheduled_seconds",
    "gauge",
    ("project", "employee", "window"),
    "Seconds of the window that lie in the employee's shifts, until the moment the report was "
    "asked for. Pin window= in every query.",
)
STATUS_INFO = Family(
    "ringostat_status_info",
    "info",
    ("project", "status", "kind"),
    "What a status is for: available (online), call (speaking), busy (dnd), offline, or of custom "
    "ones work, break, away, other.",
)
STATUS_LIMIT = Family(
    "ringostat_status_limit_seconds",
    "gauge",
    ("project", "status"),
    "How long an employee may be in the status on one day, as configured.",
)

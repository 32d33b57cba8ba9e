"""The families about people: who they are, in which department, on which line.

Rules: docs/contract.md#7-people.
"""

from exporter.exposition.family import Family

EMPLOYEE_INFO = Family(
    "ringostat_employee_info",
    "info",
    ("project", "employee", "employee_id"),
    "Employees of the staff list; of several with one name the ids are joined by commas.",
)
EMPLOYEE_DEPARTMENT_INFO = Family(
    "ringostat_employee_department_info",
    "info",
    ("project", "employee", "department"),
    "Departments of every employee whom a shown window or the staff list names, one series a "
    "membership; department is (none) where no department is known.",
)
STAFF_UP = Family(
    "ringostat_staff_up",
    "gauge",
    ("project",),
    "1 if the newest request for the staff list succeeded, else 0; absent before the first "
    "request, and where it is not configured.",
)
SIP_ACCOUNTS_UP = Family(
    "ringostat_sip_accounts_up",
    "gauge",
    ("project",),
    "1 if the newest requests for the SIP accounts succeeded, else 0; absent before the first "
    "ones, and where they are not configured.",
)
UNLISTED_EMPLOYEES = Family(
    "ringostat_report_unlisted_employees",
    "gauge",
    ("project",),
    "Number of employees shown in today's report, or in the first window's, whom the staff list "
    "does not know: their names do not match.",
)
SIP_ACCOUNT_ONLINE = Family(
    "ringostat_sip_account_online",
    "gauge",
    ("project", "sip_account", "employee"),
    "1 if the SIP account is online or speaking, else 0; employee is empty where the owner is "
    "not known.",
)
SIP_ACCOUNT_SPEAKING = Family(
    "ringostat_sip_account_speaking",
    "gauge",
    ("project", "sip_account", "employee"),
    "1 if the SIP account takes part in a call, else 0; employee is empty where the owner is "
    "not known.",
)

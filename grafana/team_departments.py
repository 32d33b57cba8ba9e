"""The Team dashboard's table of departments: who is free, on a call, away or has not come."""

from grafana.fields import override_property, transformation
from grafana.panels import Panel, table
from grafana.queries import (
    BY_EMPLOYEE,
    DEPARTMENT_INFO,
    MATCHERS,
    NOT_OFFLINE,
    ON_EMPLOYEE,
    SPEAKING,
    STATUS_SECONDS,
    TODAY_MATCHERS,
    current_status,
    status_matcher,
    table_query,
)


def _by_department(employees: str) -> str:
    """The employees' values, added up in each department; somebody of several is in each.

    Where two exporters poll one project an employee counts once.
    """
    members = f"{DEPARTMENT_INFO} * {ON_EMPLOYEE} {employees}"
    return f"sum by (project, department) (max by (project, department, employee) ({members}))"


def _people(employees: str) -> str:
    """How many of the employees are in each department; 0 where none of them is."""
    none = f"0 * max by (project, department) ({DEPARTMENT_INFO})"
    return f"{_by_department(employees)} or {none}"


def _today(matcher: str) -> str:
    """The employees' seconds of today in statuses."""
    return f"sum {BY_EMPLOYEE} ({STATUS_SECONDS}{{{TODAY_MATCHERS}, {matcher}}})"


def _now(matcher: str) -> str:
    """1 for whoever holds one of the statuses by the newest report."""
    return f"max {BY_EMPLOYEE} ({current_status(matcher)})"


def departments_panel() -> Panel:
    """A line for each department."""
    speaking = f'ringostat_sip_account_speaking{{{MATCHERS}, employee!=""}}'
    columns = {
        "Free": _people(_now(status_matcher("online"))),
        "On a call": _people(_now(SPEAKING)),
        # Without SIP accounts this column is empty rather than 0.
        "On a call by SIP": _by_department(f"max {BY_EMPLOYEE} ({speaking})"),
        "Away": _people(_now('status!~"online|offline|speaking"')),
        "Not come": _people(f"({_today(NOT_OFFLINE)} == bool 0)"),
        "On calls today": _by_department(_today(SPEAKING)),
    }
    panel = table(
        "Departments",
        "How many people of each department are free, on a call or away by the newest report, on "
        "a call by their SIP accounts, or were offline all day. Whoever is in two counts in both.",
        "short",
        *(table_query(expression) for expression in columns.values()),
    )
    names = {f"Value #{letter}": name for letter, name in zip("ABCDEF", columns, strict=True)}
    order = ["department", *names, "project"]
    organized = transformation(
        "organize",
        excludeByName={"Time": True},
        indexByName={field: index for index, field in enumerate(order)},
        renameByName={"department": "Department", "project": "Project", **names},
    )
    duration = [override_property("unit", "dthms"), override_property("decimals", 0)]
    return (
        panel.with_transformation(transformation("merge"))
        .with_transformation(organized)
        .override_by_name("On calls today", duration)
    )

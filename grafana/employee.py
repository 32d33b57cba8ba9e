"""Ringostat / Employee: one person over days and weeks."""

from typing import Any

from grafana.fields import HOURS_UNIT, coloured_by_status, zero_mapping
from grafana.layout import dashboard
from grafana.panels import Panel, daily_bars, daily_points, stacked, stat, timeseries
from grafana.queries import (
    ABLE_TO_TALK,
    MATCHERS,
    NOT_OFFLINE,
    ON_PROJECT,
    SPEAKING,
    START_OF_TODAY,
    STATUS_SECONDS,
    TODAY_MATCHERS,
    instant_query,
    range_query,
)
from grafana.variables import query_variable, single_value

EMPLOYEE_MATCHER = 'employee=~"$employee"'
OF_EMPLOYEE_TODAY = f"{TODAY_MATCHERS}, {EMPLOYEE_MATCHER}"


def day_total(matcher: str) -> str:
    """The employee's seconds in a status on each day.

    A report only grows from midnight to midnight, so a day's largest value is its last one.
    """
    return f"max_over_time({STATUS_SECONDS}{{{OF_EMPLOYEE_TODAY}, {matcher}}}[1d])"


def today_panel() -> Panel:
    """The hours of today by status."""
    series = f"{STATUS_SECONDS}{{{OF_EMPLOYEE_TODAY}}}"
    panel = stat(
        "Today",
        "How long the employee has been in each status today.",
        HOURS_UNIT,
        instant_query(f"sum by (status) ({series})", "{{status}}"),
    )
    return coloured_by_status(panel.decimals(1).mappings(zero_mapping()))


def hours_panel() -> Panel:
    """The hours of each day by status."""
    panel = timeseries(
        "Hours per day",
        "How long the employee was in each status on each day, offline left out. "
        "A bar stands before the midnight (of the dashboard's time zone) that ends "
        "its day.",
        HOURS_UNIT,
        range_query(f"sum by (status) ({day_total(NOT_OFFLINE)})", "{{status}}"),
    )
    return coloured_by_status(stacked(daily_bars(panel))).decimals(1)


def active_panel() -> Panel:
    """When the employee was first and last active on each day."""

    def hour_of_day(name: str, legend: str) -> Any:
        metric = f"ringostat_employee_{name}_active_timestamp_seconds"
        series = f"{metric}{{{MATCHERS}, {EMPLOYEE_MATCHER}}}"
        since_midnight = f"max by (employee) ({series} - {ON_PROJECT} {START_OF_TODAY})"
        return range_query(f"max_over_time(({since_midnight})[1d:5m])", legend)

    panel = timeseries(
        "Arrival and leaving",
        "Hours after midnight at which the employee was first and last active each day, read "
        "off live polls: arrival only where it is known exactly, neither for loaded history. "
        "A point stands at the midnight that ends its day.",
        HOURS_UNIT,
        hour_of_day("first", "first active"),
        hour_of_day("last", "last active"),
    )
    return daily_points(panel).decimals(1)


def speaking_panel() -> Panel:
    """The time on calls of each day, compared with the team's median."""
    of_team = f"max_over_time({STATUS_SECONDS}{{{TODAY_MATCHERS}, {SPEAKING}}}[1d])"
    panel = timeseries(
        "Speaking, beside the team",
        "Time on calls on each day, and the median of those of the team who had any. A point "
        "stands at the midnight that ends its day.",
        HOURS_UNIT,
        range_query(f"max by (employee) ({day_total(SPEAKING)})", "{{employee}}"),
        range_query(f"quantile(0.5, {of_team} > 0)", "median of the team"),
    )
    return daily_points(panel).decimals(1)


def occupancy_panel() -> Panel:
    """The share of the time on calls of each day."""
    speaking = f"sum by (employee) ({day_total(SPEAKING)})"
    able_to_talk = f"sum by (employee) ({day_total(ABLE_TO_TALK)})"
    panel = timeseries(
        "Occupancy per day",
        "Of the time the employee could take calls on a day, the share spent on one.",
        "percentunit",
        range_query(f"{speaking} / ({able_to_talk} > 0)", "{{employee}}"),
    )
    return panel.max(1).interval("1d")


def build() -> Any:
    """The dashboard."""
    names = f"label_values({STATUS_SECONDS}{{{TODAY_MATCHERS}}}, employee)"
    panels = [
        (today_panel(), 24, 4),
        (hours_panel(), 24, 10),
        (active_panel(), 12, 9),
        (speaking_panel(), 12, 9),
        (occupancy_panel(), 24, 8),
    ]
    return dashboard(
        "ringostat-employee",
        "Ringostat / Employee",
        "One person over days and weeks.",
        "now-14d",
        [single_value(query_variable("employee", "Employee", names), "")],
        panels,
    )

"""Ringostat / Employee: one person over days and weeks."""

from typing import Any

from grafana.parts import (
    HOURS_UNIT,
    MATCHERS,
    TODAY_MATCHERS,
    coloured_by_status,
    daily_bars,
    daily_points,
    dashboard,
    instant_query,
    query_variable,
    range_query,
    single_value,
    stacked,
    stat,
    timeseries,
    zero_mapping,
)

EMPLOYEE_MATCHER = 'employee=~"$employee"'
SECONDS = "ringostat_employee_status_seconds"


def build() -> Any:
    """The dashboard."""
    # A day's last value is its largest: reports only grow from midnight to midnight.
    mine = f"{TODAY_MATCHERS}, {EMPLOYEE_MATCHER}"
    present = 'status!="offline"'
    hours = coloured_by_status(
        stacked(
            daily_bars(
                timeseries(
                    "Hours per day",
                    "How long the employee was in each status on each day, offline left out. "
                    "A bar stands before the midnight (of the dashboard's time zone) that ends "
                    "its day.",
                    HOURS_UNIT,
                    range_query(
                        f"sum by (status) (max_over_time({SECONDS}{{{mine}, {present}}}[1d]))",
                        "{{status}}",
                    ),
                )
            )
        )
    ).decimals(1)
    start = f"ringostat_report_window_start_timestamp_seconds{{{TODAY_MATCHERS}}}"
    on_project = "- on (job, instance, project) group_left ()"

    def of_day(name: str, legend: str) -> Any:
        series = (
            f"ringostat_employee_{name}_active_timestamp_seconds{{{MATCHERS}, {EMPLOYEE_MATCHER}}}"
        )
        inner = f"max by (employee) ({series} {on_project} {start})"
        return range_query(f"max_over_time(({inner})[1d:5m])", legend)

    coming = daily_points(
        timeseries(
            "Arrival and leaving",
            "Hours after midnight at which the employee was first and last active each day, read "
            "off live polls: arrival only where it is known exactly, neither for loaded history. "
            "A point stands at the midnight that ends its day.",
            HOURS_UNIT,
            of_day("first", "first active"),
            of_day("last", "last active"),
        )
    ).decimals(1)
    speaking = f'{SECONDS}{{{TODAY_MATCHERS}, status="speaking"}}'
    team = f"quantile(0.5, max_over_time({speaking}[1d]) > 0)"
    own = f'max by (employee) (max_over_time({SECONDS}{{{TODAY_MATCHERS}, {EMPLOYEE_MATCHER}, status="speaking"}}[1d]))'
    compared = daily_points(
        timeseries(
            "Speaking, beside the team",
            "Time on calls on each day, and the median of those of the team who had any. A point "
            "stands at the midnight that ends its day.",
            HOURS_UNIT,
            range_query(own, "{{employee}}"),
            range_query(team, "median of the team"),
        )
    ).decimals(1)
    today = stat(
        "Today",
        "How long the employee has been in each status today.",
        HOURS_UNIT,
        instant_query(
            f"sum by (status) ({SECONDS}{{{TODAY_MATCHERS}, {EMPLOYEE_MATCHER}}})", "{{status}}"
        ),
    )
    today = today.decimals(1).mappings(zero_mapping())

    def total(matcher: str) -> str:
        series = f"max_over_time({SECONDS}{{{TODAY_MATCHERS}, {EMPLOYEE_MATCHER}, {matcher}}}[1d])"
        return f"sum by (employee) ({series})"

    speaking_of, able = total('status="speaking"'), total('status=~"online|speaking"')
    shares = (
        timeseries(
            "Occupancy per day",
            "Of the time the employee could take calls on a day, the share spent on one.",
            "percentunit",
            range_query(f"{speaking_of} / ({able} > 0)", "{{employee}}"),
        )
        .max(1)
        .interval("1d")
    )
    names = query_variable(
        "employee", "Employee", f"label_values({SECONDS}{{{TODAY_MATCHERS}}}, employee)"
    )
    panels = [
        (coloured_by_status(today), 24, 4),
        (hours, 24, 10),
        (coming, 12, 9),
        (compared, 12, 9),
        (shares, 24, 8),
    ]
    return dashboard(
        "ringostat-employee",
        "Ringostat / Employee",
        "One person over days and weeks.",
        "now-14d",
        [single_value(names, "")],
        panels,
    )

"""The team's day: statuses over time, first and last activity, hours, yesterday beside today."""

from grafana.fields import (
    CUSTOM_COLOUR,
    HOURS_UNIT,
    STATUS_COLOURS,
    coloured_by_status,
    display_name,
    grouping_to_matrix,
    override_property,
    value_mappings,
    zero_mapping,
)
from grafana.panels import Panel, bar_chart, state_timeline, table
from grafana.queries import (
    CUSTOM_STATUS,
    MATCHERS,
    NOT_OFFLINE,
    ON_PROJECT,
    START_OF_TODAY,
    STATUS_SECONDS,
    current_status,
    in_departments,
    range_query,
    status_matcher,
    status_seconds,
    table_query,
)


def timeline_panel() -> Panel:
    """The status of each employee over time.

    A state timeline draws values, so each status becomes a number that is mapped back to its name.
    """
    matchers = (*(status_matcher(status) for status in STATUS_COLOURS), CUSTOM_STATUS)
    status_number = " or ".join(
        f"(max by (project, employee) ({in_departments(current_status(matcher))}) * {number})"
        for number, matcher in enumerate(matchers, 1)
    )
    names = [*STATUS_COLOURS.items(), ("custom", CUSTOM_COLOUR)]
    mappings = [(str(number), name, colour) for number, (name, colour) in enumerate(names, 1)]
    return state_timeline(
        "Statuses over time",
        "What each employee was on; a gap where it was not known.",
        range_query(status_number, "{{employee}}"),
    ).mappings(value_mappings(*mappings))


def active_panel() -> Panel:
    """When each employee was first and last active today."""
    first = f"ringostat_employee_first_active_timestamp_seconds{{{MATCHERS}}}"
    last = f"ringostat_employee_last_active_timestamp_seconds{{{MATCHERS}}}"
    # The series may have ended hours ago; its value counts as long as it is of today.
    first_of_today = f"last_over_time({first}[12h]) >= {ON_PROJECT} {START_OF_TODAY}"
    # Grafana's dates are in milliseconds.
    moments = " or ".join(
        f'label_replace(max by (project, employee) ({series}) * 1000, "moment", "{name}", "", "")'
        for name, series in (
            ("First", in_departments(first_of_today)),
            ("Last", in_departments(last)),
        )
    )
    panel = table(
        "First and last active",
        "When each employee first left offline today, exact or empty, and was last active.",
        "string",
        table_query(moments),
    )
    as_date = override_property("unit", "dateTimeAsIso")
    return (
        panel.with_transformation(grouping_to_matrix("employee", "moment", empty="null"))
        .override_by_name("employee\\moment", [display_name("Employee")])
        .override_by_name("First", [as_date])
        .override_by_name("Last", [as_date])
    )


def hours_panel() -> Panel:
    """The hours of each employee by status."""
    panel = bar_chart(
        "Hours by employee",
        "How long each employee was in each status in the chosen window, offline left out.",
        HOURS_UNIT,
        "employee\\status",
        table_query(f"sum by (employee, status) ({in_departments(status_seconds(NOT_OFFLINE))})"),
    )
    matrix = grouping_to_matrix("employee", "status", empty="zero")
    return coloured_by_status(panel.with_transformation(matrix)).decimals(1)


def yesterday_panel() -> Panel:
    """The team's hours by status, yesterday and today."""
    series = f'{STATUS_SECONDS}{{{MATCHERS}, window=~"today|yesterday"}}'
    panel = table(
        "Yesterday beside today",
        "Hours of the whole team in each status; today as far as it has come.",
        HOURS_UNIT,
        table_query(f"sum by (status, window) ({in_departments(series)})"),
    )
    return (
        panel.with_transformation(grouping_to_matrix("status", "window", empty="zero"))
        .override_by_name("status\\window", [display_name("Status")])
        .override_by_name("today", [display_name("Today")])
        .override_by_name("yesterday", [display_name("Yesterday")])
        .decimals(1)
        .mappings(zero_mapping())
    )

"""Ringostat / Team: kept open all day by a team lead."""

from typing import Any

from grafana.parts import (
    BUILT_IN,
    COLOURS,
    CUSTOM_COLOUR,
    HOURS_UNIT,
    MATCHERS,
    TODAY_MATCHERS,
    WINDOW_MATCHERS,
    bar_chart,
    coloured_by_status,
    dashboard,
    fixed_colour,
    instant_query,
    override_property,
    range_query,
    row,
    stacked,
    stat,
    state_timeline,
    table,
    table_query,
    thresholds,
    timeseries,
    transformation,
    value_mappings,
    window_variable,
    zero_mapping,
)

CURRENT_STATUS = f"ringostat_employee_current_status{{{MATCHERS}}}"
CURRENT_STATUS_SINCE = f"ringostat_employee_current_status_since_timestamp_seconds{{{MATCHERS}}}"
LAST_SUCCESS = "ringostat_report_last_success_timestamp_seconds"
SECONDS = "ringostat_employee_status_seconds"
ON_EMPLOYEE = "on (job, instance, project, employee)"


CUSTOM = f'status!~"{BUILT_IN}"'
PRESENT = 'status!="offline"'


def status_matcher(status: str) -> str:
    """The matcher of one status."""
    return f'status="{status}"'


def current_status(matcher: str) -> str:
    """Who holds a status."""
    return f"ringostat_employee_current_status{{{MATCHERS}, {matcher}}}"


def status_seconds(matcher: str) -> str:
    """Seconds in a status within the chosen window."""
    return f"{SECONDS}{{{WINDOW_MATCHERS}, {matcher}}}"


def now_panels() -> list[tuple[Any, int, int]]:
    """How many are on what, and how fresh that is."""
    counts = stat(
        "On now",
        "How many employees hold each status, by the newest poll; custom ones by their titles.",
        "short",
        *(
            instant_query(f"sum({current_status(status_matcher(status))}) or vector(0)", status)
            for status in COLOURS
        ),
        instant_query(f"sum by (status) ({current_status(CUSTOM)})", "{{status}}"),
    ).override_by_query("E", [fixed_colour(CUSTOM_COLOUR)])
    age = (
        stat(
            "Age of the data",
            "How long ago Ringostat last answered well for today; of several projects the oldest.",
            "s",
            instant_query(f"max(time() - {LAST_SUCCESS}{{{TODAY_MATCHERS}}})"),
        )
        .thresholds(thresholds((None, "green"), (300, "orange"), (900, "red")))
        .decimals(0)
    )
    up = stat(
        "Projects",
        "Whether the newest requests of every chosen project succeeded.",
        "short",
        instant_query(f"min(ringostat_up{{{MATCHERS}}})"),
    ).mappings(value_mappings(v0=("Down", "red"), v1=("Up", "green")))
    return [(coloured_by_status(counts), 16, 5), (up, 4, 5), (age, 4, 5)]


def who_panel() -> Any:
    """Who is on what and since when, the longest dnd and custom statuses first."""
    lasting = f"(time() - {CURRENT_STATUS_SINCE}) * {ON_EMPLOYEE} group_right () "
    away = current_status('status!~"online|offline|speaking"')
    busy = current_status('status=~"online|speaking"')
    # `or` keeps the order of its sides; where no beginning was seen the time is not a number.
    ordered = " or ".join(
        [
            f"sort_desc({lasting}{one})"
            for one in (away, busy, current_status(status_matcher("offline")))
        ]
        + [f"{CURRENT_STATUS} * NaN"]
    )
    statuses = [
        override_property("custom.cellOptions", {"type": "color-text"}),
        override_property(
            "mappings",
            [
                {
                    "type": "value",
                    "options": {
                        status: {"text": status, "color": colour, "index": index}
                        for index, (status, colour) in enumerate(COLOURS.items())
                    },
                }
            ],
        ),
        fixed_colour(CUSTOM_COLOUR),
    ]
    unseen = {
        "type": "special",
        "options": {"match": "null+nan", "result": {"text": "not seen", "index": 0}},
    }
    return (
        table(
            "Who is on what",
            "The status of each employee at the newest poll and for how long; the beginning of "
            "some was not seen. Those longest in do-not-disturb or a custom status come first.",
            HOURS_UNIT,
            table_query(ordered),
        )
        .with_transformation(
            transformation(
                "organize",
                excludeByName={"Time": True, "instance": True, "job": True, "__name__": True},
                indexByName={"employee": 0, "status": 1, "Value": 2, "project": 3},
                renameByName={
                    "employee": "Employee",
                    "status": "Status",
                    "Value": "For",
                    "project": "Project",
                },
            )
        )
        .decimals(1)
        .override_by_name("Status", statuses)
        .override_by_name("For", [override_property("mappings", [unseen])])
    )


def day_panels() -> list[tuple[Any, int, int]]:
    """The day so far: lanes, hours, coming and going."""
    code = " or ".join(
        f"(max by (project, employee) ({current_status(matcher)}) * {number})"
        for number, matcher in enumerate(
            (*(status_matcher(status) for status in COLOURS), CUSTOM), 1
        )
    )
    timeline = state_timeline(
        "Statuses over time",
        "What each employee was on; a gap where it was not known.",
        range_query(code, "{{employee}}"),
    ).mappings(
        value_mappings(
            v1=("speaking", COLOURS["speaking"]),
            v2=("online", COLOURS["online"]),
            v3=("dnd", COLOURS["dnd"]),
            v4=("offline", COLOURS["offline"]),
            v5=("custom", CUSTOM_COLOUR),
        )
    )
    matrix = transformation(
        "groupingToMatrix",
        columnField="status",
        rowField="employee",
        valueField="Value",
        emptyValue="zero",
    )
    per_employee = f"sum by (employee, status) ({status_seconds(PRESENT)})"
    hours = coloured_by_status(
        bar_chart(
            "Hours by employee",
            "How long each employee was in each status in the chosen window, offline left out.",
            HOURS_UNIT,
            "employee\\status",
            table_query(per_employee),
        ).with_transformation(matrix)
    ).decimals(1)
    first = f"ringostat_employee_first_active_timestamp_seconds{{{MATCHERS}}}"
    last = f"ringostat_employee_last_active_timestamp_seconds{{{MATCHERS}}}"
    start = f"ringostat_report_window_start_timestamp_seconds{{{TODAY_MATCHERS}}}"
    of_today = f"last_over_time({first}[12h]) >= on (job, instance, project) group_left () {start}"
    moments = " or ".join(
        f'label_replace(max by (project, employee) ({series}) * 1000, "moment", "{word}", "", "")'
        for word, series in (("First", of_today), ("Last", last))
    )
    coming = (
        table(
            "First and last active",
            "When each employee first left offline today, exact or empty, and was last active.",
            "string",
            table_query(moments),
        )
        .with_transformation(
            transformation(
                "groupingToMatrix",
                columnField="moment",
                rowField="employee",
                valueField="Value",
                emptyValue="null",
            )
        )
        .override_by_name("employee\\moment", [override_property("displayName", "Employee")])
        .override_by_name("First", [override_property("unit", "dateTimeAsIso")])
        .override_by_name("Last", [override_property("unit", "dateTimeAsIso")])
    )
    return [(timeline, 24, 15), (coming, 12, 12), (hours, 24, 14)]


def share_panels() -> list[tuple[Any, int, int]]:
    """Occupancy and speaking share over time, and yesterday beside today."""
    gained = "ringostat_employee_time_seconds_total"

    def hourly(matcher: str) -> str:
        return f"sum by (project) (increase({gained}{{{MATCHERS}, {matcher}}}[1h]))"

    speaking, able = hourly(status_matcher("speaking")), hourly('status=~"online|speaking"')
    shares = timeseries(
        "Occupancy and speaking share",
        "Of the last hour. Occupancy: of the time people could take calls, the share they were on "
        "one. Speaking share: the same of all the time they were there.",
        "percentunit",
        range_query(f"{speaking} / ({able} > 0)", "{{project}} occupancy"),
        range_query(f"{speaking} / ({hourly(PRESENT)} > 0)", "{{project}} speaking share"),
    ).max(1)
    people = stacked(
        coloured_by_status(
            timeseries(
                "People by status",
                "How many employees held each status, offline left out.",
                "short",
                range_query(f"sum by (status) ({current_status(PRESENT)})", "{{status}}"),
            )
        )
    )
    both = (
        table(
            "Yesterday beside today",
            "Hours of the whole team in each status; today as far as it has come.",
            HOURS_UNIT,
            table_query(
                f'sum by (status, window) ({SECONDS}{{{MATCHERS}, window=~"today|yesterday"}})'
            ),
        )
        .with_transformation(
            transformation(
                "groupingToMatrix",
                columnField="window",
                rowField="status",
                valueField="Value",
                emptyValue="zero",
            )
        )
        .override_by_name("status\\window", [override_property("displayName", "Status")])
        .override_by_name("today", [override_property("displayName", "Today")])
        .override_by_name("yesterday", [override_property("displayName", "Yesterday")])
        .decimals(1)
        .mappings(zero_mapping())
    )
    return [(people, 12, 9), (shares, 12, 9), (both, 12, 12)]


def build() -> Any:
    """The dashboard."""
    timeline, coming, hours = day_panels()
    people, shares, both = share_panels()
    panels = [
        *now_panels(),
        (who_panel(), 24, 14),
        row("The day"),
        timeline,
        coming,
        both,
        row("The team"),
        people,
        shares,
        hours,
    ]
    return dashboard(
        "ringostat-team",
        "Ringostat / Team",
        "Who is on the phone, who is late, how was yesterday.",
        "now-12h",
        [window_variable()],
        panels,
    )

"""Ringostat / Team: kept open all day by a team lead."""

from typing import Any

from grafana.fields import coloured_by_status
from grafana.layout import dashboard, row
from grafana.panels import Panel, stacked, timeseries
from grafana.queries import (
    ABLE_TO_TALK,
    MATCHERS,
    NOT_OFFLINE,
    SPEAKING,
    current_status,
    in_departments,
    range_query,
)
from grafana.team_day import active_panel, hours_panel, timeline_panel, yesterday_panel
from grafana.team_departments import departments_panel
from grafana.team_now import now_panels, who_panel
from grafana.variables import department_variable, window_variable


def shares_panel() -> Panel:
    """Occupancy and speaking share over time."""
    counter = "ringostat_employee_time_seconds_total"

    def last_hour(matcher: str) -> str:
        gained = f"increase({counter}{{{MATCHERS}, {matcher}}}[1h])"
        return f"sum by (project) ({in_departments(gained)})"

    speaking = last_hour(SPEAKING)
    return timeseries(
        "Occupancy and speaking share",
        "Of the last hour. Occupancy: of the time people could take calls, the share they were on "
        "one. Speaking share: the same of all the time they were there.",
        "percentunit",
        range_query(f"{speaking} / ({last_hour(ABLE_TO_TALK)} > 0)", "{{project}} occupancy"),
        range_query(f"{speaking} / ({last_hour(NOT_OFFLINE)} > 0)", "{{project}} speaking share"),
    ).max(1)


def people_panel() -> Panel:
    """How many employees held each status over time."""
    panel = timeseries(
        "People by status",
        "How many employees held each status, offline left out.",
        "short",
        range_query(
            f"sum by (status) ({in_departments(current_status(NOT_OFFLINE))})", "{{status}}"
        ),
    )
    return stacked(coloured_by_status(panel))


def build() -> Any:
    """The dashboard."""
    panels = [
        *now_panels(),
        (departments_panel(), 24, 8),
        (who_panel(), 24, 14),
        row("The day"),
        (timeline_panel(), 24, 15),
        (active_panel(), 12, 12),
        (yesterday_panel(), 12, 12),
        row("The team"),
        (people_panel(), 12, 9),
        (shares_panel(), 12, 9),
        (hours_panel(), 24, 14),
    ]
    return dashboard(
        "ringostat-team",
        "Ringostat / Team",
        "Who is on the phone, who is late, how was yesterday.",
        "now-12h",
        [department_variable(), window_variable()],
        panels,
    )

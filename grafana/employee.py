"""Ringostat / Employee: people over days and weeks."""

from typing import Any

from grafana import navigation
from grafana.fields import DURATION, HOURS
from grafana.layout import Board, dashboard
from grafana.panels import Panel, daily_bars, daily_points, stacked, stat, timeseries
from grafana.queries import (
    ABLE_TO_TALK,
    MATCHERS,
    MIDNIGHT,
    NOT_OFFLINE,
    SPEAKING,
    STATUS_SECONDS,
    TODAY_MATCHERS,
    in_departments,
    in_departments_all_along,
    instant_query,
    per_person,
    per_status,
    range_query,
    status_matcher,
)
from grafana.status_groups import SHOWN, coloured_by_group, of_group
from grafana.variables import department_variable, employee_variable
from grafana.wording import Language

EMPLOYEE_MATCHER = 'employee=~"$employee"'
OF_EMPLOYEE_TODAY = f"{TODAY_MATCHERS}, {EMPLOYEE_MATCHER}"
# A value stands at the midnight that begins its day: the query looks ahead from there.
DAY = "[1d] offset -1d"
FIVE_MINUTES_OF_DAY = "[1d:5m] offset -1d"
# At midnight Prometheus still looks back at the day before, which is none of the day that begins.
DAY_BEGIN = f"({MIDNIGHT} > time() - 86400)"


def day_total(matcher: str, of: str = OF_EMPLOYEE_TODAY) -> str:
    """The seconds of people in each status on each day; a day off has none.

    A report only grows from midnight to midnight, so a day's largest value is its last one. It is
    taken over every instance: after a restart the day is told by another.
    """
    day = per_status(f"max_over_time({STATUS_SECONDS}{{{of}, {matcher}}}{DAY})")
    return f"({in_departments_all_along(day)} > 0)"


def today_panel(_: Language) -> Panel:
    """The time of today by status."""

    def seconds(matcher: str) -> str:
        series = per_status(f"{STATUS_SECONDS}{{{OF_EMPLOYEE_TODAY}, {matcher}}}")
        return f"({in_departments(series)} > 0)"

    panel = stat(
        _("Today"),
        _("How long the chosen people have been in each status today, offline left out."),
        DURATION,
        *(
            instant_query(f"sum by (status) ({of_group(group, seconds)})", "{{status}}")
            for group in SHOWN
        ),
    )
    return coloured_by_group(panel.decimals(0).no_value(_("not here today")), _)


def hours_panel(_: Language) -> Panel:
    """The hours of each day by status."""
    panel = timeseries(
        _("Hours per day"),
        _(
            "How long the chosen people were in each status on each day, offline left out. A bar"
            " stands after the midnight (of the dashboard's time zone) that begins its day."
        ),
        HOURS,
        *(
            range_query(f"sum by (status) ({of_group(group, day_total)}) / 3600", "{{status}}")
            for group in SHOWN
        ),
    )
    return coloured_by_group(stacked(daily_bars(panel)), _).decimals(1)


def _first_active() -> str:
    """Hours after midnight of the arrival: where that was not seen, at the latest.

    That bound is the least of the day's, so days of which less than an hour was watched have none:
    of a loaded day there is only the end.
    """
    metric = "ringostat_employee_first_active_timestamp_seconds"
    exact = _hour_of_day("min_over_time", f"{metric}{{{MATCHERS}, {EMPLOYEE_MATCHER}}}")
    seconds = f"{STATUS_SECONDS}{{{OF_EMPLOYEE_TODAY}"
    offline = per_person(f"{seconds}, {status_matcher('offline')}}}")
    there = f"sum by (project, employee) ({per_status(f'{seconds}, {NOT_OFFLINE}}}')}) > 0"
    bound = f"({offline} and {there} and on (project) {DAY_BEGIN})"
    watched = f"count_over_time({bound}{FIVE_MINUTES_OF_DAY}) >= 12"
    latest = f"(min_over_time({bound}{FIVE_MINUTES_OF_DAY}) and {watched})"
    return f"({exact} or {latest})"


def _hour_of_day(over_time: str, series: str) -> str:
    """Seconds after the project's midnight of a moment, one for each day."""
    since_midnight = f"{per_person(series)} - on (project) group_left () {DAY_BEGIN}"
    return f"{over_time}(({since_midnight}){FIVE_MINUTES_OF_DAY})"


def active_panel(_: Language) -> Panel:
    """When people were first and last active on each day."""
    last = "ringostat_employee_last_active_timestamp_seconds"
    last_active = _hour_of_day("max_over_time", f"{last}{{{MATCHERS}, {EMPLOYEE_MATCHER}}}")
    hours = (
        (_first_active(), _("{{employee}} came")),
        (last_active, _("{{employee}} left")),
    )
    panel = timeseries(
        _("Arrival and leaving"),
        _(
            "Hours after midnight at which people came, at the latest where it was not seen, and"
            " left on each day; days off are gaps. Not for loaded history. A point stands at the"
            " midnight that begins its day."
        ),
        HOURS,
        *(
            range_query(f"{in_departments_all_along(moments)} / 3600", legend)
            for moments, legend in hours
        ),
    )
    return daily_points(panel).decimals(1)


def speaking_panel(_: Language) -> Panel:
    """The time on calls of each day, compared with the team's median."""
    team = f"sum by (project, employee) ({day_total(SPEAKING, TODAY_MATCHERS)})"
    panel = timeseries(
        _("On calls, beside the team"),
        _(
            "Time on calls on each day, and the median of those of the chosen departments who "
            "had any. A point stands at the midnight that begins its day."
        ),
        HOURS,
        range_query(f"sum by (project, employee) ({day_total(SPEAKING)}) / 3600", "{{employee}}"),
        range_query(f"quantile(0.5, {team}) / 3600", _("median of the team")),
    )
    return daily_points(panel).decimals(1)


def occupancy_panel(_: Language) -> Panel:
    """The share of the time on calls of each day."""
    speaking = f"sum by (project, employee) ({day_total(SPEAKING)})"
    able_to_talk = f"sum by (project, employee) ({day_total(ABLE_TO_TALK)})"
    panel = timeseries(
        _("Occupancy per day"),
        _("Of the time people could take calls on a day, the share spent on one."),
        "percentunit",
        range_query(f"{speaking} / {able_to_talk}", "{{employee}}"),
    )
    return daily_points(panel).max(1)


def build(_: Language) -> Any:
    """The dashboard."""
    return dashboard(
        _,
        Board(
            name=navigation.EMPLOYEE,
            title=_("Ringostat / Employee"),
            description=_("One person, or several, over days and weeks."),
            time_from="now-14d",
            panels=[
                (today_panel(_), 24, 4),
                (hours_panel(_), 24, 10),
                (active_panel(_), 12, 9),
                (speaking_panel(_), 12, 9),
                (occupancy_panel(_), 24, 8),
            ],
            variables=[department_variable(_), employee_variable(_)],
            links=[navigation.link_to_the_others(_)],
        ),
    )

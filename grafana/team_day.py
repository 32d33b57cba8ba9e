"""The team's day: each person's time, statuses over time, occupancy."""

from grafana.attendance import PRESENT, arrivals
from grafana.fields import fixed_colour, override_property, value_mappings
from grafana.navigation import to_employee
from grafana.panels import Panel, stacked, state_timeline, table, timeseries
from grafana.queries import (
    ABLE_TO_TALK,
    CUSTOM_STATUS,
    MATCHERS,
    NOT_OFFLINE,
    ON_PERSON,
    SPEAKING,
    STATUS_SECONDS,
    TODAY_MATCHERS,
    current_status,
    day_seconds,
    in_departments_all_along,
    per_status,
    pinned,
    range_query,
    seconds_today,
    status_matcher,
    table_query,
)
from grafana.status_groups import GROUPS, SHOWN, colour_of, coloured_by_group, of_group, shown_name
from grafana.tables import Column, Property, arranged, duration, gauge, sorted_by, width
from grafana.wording import Language

# Of what is no status: being there, and shares.
HERE_COLOUR = "#8ab8ff"
_WORK = f'max by (project, status) (ringostat_status_info{{{MATCHERS}, kind="work"}})'


def _bar(colour: str) -> tuple[Property, ...]:
    """A duration with a bar in its cell."""
    return (*duration(), gauge(), override_property("min", 0), fixed_colour(colour))


def by_person_panel(_: Language) -> Panel:
    """What each employee did of today."""

    def of_present(matcher: str) -> str:
        return f"{day_seconds(matcher)} and {ON_PERSON} ({PRESENT} > 0)"

    breaks = f"({seconds_today(CUSTOM_STATUS)} unless on (project, status) {_WORK})"
    occupancy = f"{day_seconds(SPEAKING)} / ({day_seconds(ABLE_TO_TALK)} > 0)"
    panel = table(
        _("Today by person"),
        _(
            "How long everybody who came today was on calls, free, in do not disturb, in other "
            "statuses but those of kind work, and there at all. Occupancy: of the time they "
            "could take calls, the share spent on one."
        ),
        "short",
        table_query(of_present(SPEAKING)),
        table_query(of_present(status_matcher("online"))),
        table_query(of_present(status_matcher("dnd"))),
        table_query(f"sum by (project, employee) ({breaks}) and {ON_PERSON} ({PRESENT} > 0)"),
        table_query(of_present(NOT_OFFLINE)),
        table_query(occupancy),
    )

    share = (
        *(override_property("unit", "percentunit"), override_property("decimals", 0), gauge()),
        *(fixed_colour(HERE_COLOUR), override_property("min", 0), override_property("max", 1)),
    )
    columns = [
        Column("employee", _("Employee"), (to_employee(_), width(140))),
        Column("Value #A", _("On calls"), _bar(colour_of("speaking"))),
        Column("Value #B", _("Free"), _bar(colour_of("online"))),
        Column("Value #C", _("DND"), _bar(colour_of("dnd"))),
        Column("Value #D", _("Breaks"), _bar(colour_of("break"))),
        Column("Value #E", _("Here"), _bar(HERE_COLOUR)),
        Column("Value #F", _("Occupancy"), share),
        Column("project", _("Project"), (width(90),)),
    ]
    return sorted_by(arranged(panel, columns), _("On calls"), largest_first=True)


def _over_time(matcher: str) -> str:
    return in_departments_all_along(per_status(current_status(matcher)))


def timeline_panel(_: Language) -> Panel:
    """The status of each employee over time, ordered by project and arrival.

    A state timeline draws values, so each group of statuses becomes a number that is mapped back
    to a word. Series come in the order of their labels, so the arrival is made a label as well.
    """
    numbers = " or ".join(
        f"max by (project, employee) ({of_group(group, _over_time)}) * {number}"
        for number, group in enumerate(GROUPS, 1)
    )
    # `arrivals` looks at the moment: the range has one order.
    moments = f'count_values by (project, employee) ("arrival", {pinned(arrivals(kept=False))})'
    order = f'label_join({moments}, "arrival", " ", "project", "arrival")'
    mappings = [
        (str(number), shown_name(group, _), group.colour) for number, group in enumerate(GROUPS, 1)
    ]
    return state_timeline(
        _("Statuses over time"),
        _(
            "What each employee was on, in the order of projects and arrivals; a gap where it "
            "was not known."
        ),
        range_query(f"({numbers}) * {ON_PERSON} group_left (arrival) {order}", "{{employee}}"),
    ).mappings(value_mappings(*mappings))


def people_panel(_: Language) -> Panel:
    """How many employees held each status over time."""
    panel = timeseries(
        _("People by status"),
        _("How many employees held each status, offline left out."),
        "short",
        *(
            range_query(f"sum by (status) ({of_group(group, _over_time)})", "{{status}}")
            for group in SHOWN
        ),
    )
    return stacked(coloured_by_group(panel, _))


def occupancy_panel(_: Language) -> Panel:
    """The occupancy of the day so far, today and yesterday."""

    def seconds(matcher: str, offset: str) -> str:
        series = f"{STATUS_SECONDS}{{{TODAY_MATCHERS}, {matcher}}}{offset}"
        return f"sum({in_departments_all_along(per_status(series))})"

    def share(offset: str = "") -> str:
        return f"{seconds(SPEAKING, offset)} / ({seconds(ABLE_TO_TALK, offset)} > 0)"

    return timeseries(
        _("Occupancy today and yesterday"),
        _(
            "Of the time since midnight in which people could take calls, the share they spent "
            "on one; yesterday's by the same time of day."
        ),
        "percentunit",
        range_query(share(), _("today")),
        range_query(share(" offset 1d"), _("yesterday")),
    ).max(1)

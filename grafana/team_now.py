"""The top of the team's dashboard: who holds which status at the newest poll."""

from grafana.fields import (
    CUSTOM_COLOUR,
    HOURS_UNIT,
    STATUS_COLOURS,
    coloured_by_status,
    fixed_colour,
    override_property,
    thresholds,
    transformation,
    value_mappings,
)
from grafana.layout import SizedPanel
from grafana.panels import Panel, stat, table
from grafana.queries import (
    ABLE_TO_TALK,
    CUSTOM_STATUS,
    LAST_SUCCESS,
    MATCHERS,
    TODAY_MATCHERS,
    current_status,
    in_departments,
    instant_query,
    status_matcher,
    table_query,
)

CURRENT_STATUS_SINCE = f"ringostat_employee_current_status_since_timestamp_seconds{{{MATCHERS}}}"


def _now(matcher: str) -> str:
    return in_departments(current_status(matcher))


def now_panels() -> list[SizedPanel]:
    """How many employees hold each status, and how fresh that is."""
    counts = stat(
        "On now",
        "How many employees hold each status, by the newest poll; custom ones by their titles.",
        "short",
        *(
            # `sum` of no series is empty, and the status would vanish instead of showing 0.
            instant_query(f"sum({_now(status_matcher(status))}) or vector(0)", status)
            for status in STATUS_COLOURS
        ),
        instant_query(f"sum by (status) ({_now(CUSTOM_STATUS)})", "{{status}}"),
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
    ).mappings(value_mappings(("0", "Down", "red"), ("1", "Up", "green")))
    return [(coloured_by_status(counts), 16, 5), (up, 4, 5), (age, 4, 5)]


def _longest_first() -> str:
    """Seconds in the current status: first those away, then those at work, then those offline.

    `or` keeps the order of its sides, which sorts the table without a column for it. An employee
    whose status began before the exporter could see it gets NaN.
    """
    lasting = (
        f"(time() - {CURRENT_STATUS_SINCE}) "
        "* on (job, instance, project, employee) group_right () "
    )
    away = _now('status!~"online|offline|speaking"')
    at_work = _now(ABLE_TO_TALK)
    offline = _now(status_matcher("offline"))
    ordered = [f"sort_desc({lasting}({group}))" for group in (away, at_work, offline)]
    unknown = f"{in_departments(f'ringostat_employee_current_status{{{MATCHERS}}}')} * NaN"
    return " or ".join([*ordered, unknown])


def who_panel() -> Panel:
    """Who holds which status and since when."""
    status_mappings = {
        status: {"text": status, "color": colour, "index": index}
        for index, (status, colour) in enumerate(STATUS_COLOURS.items())
    }
    coloured_text = [
        override_property("custom.cellOptions", {"type": "color-text"}),
        override_property("mappings", [{"type": "value", "options": status_mappings}]),
        fixed_colour(CUSTOM_COLOUR),
    ]
    not_seen = {
        "type": "special",
        "options": {"match": "null+nan", "result": {"text": "not seen", "index": 0}},
    }
    columns = transformation(
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
    panel = table(
        "Who is on what",
        "The status of each employee at the newest poll and for how long; the beginning of "
        "some was not seen. Those longest in do-not-disturb or a custom status come first.",
        HOURS_UNIT,
        table_query(_longest_first()),
    )
    return (
        panel.with_transformation(columns)
        .decimals(1)
        .override_by_name("Status", coloured_text)
        .override_by_name("For", [override_property("mappings", [not_seen])])
    )

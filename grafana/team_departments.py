"""The table of departments: how each of them stands, beside yesterday, and how old that is."""

from grafana.attendance import not_come
from grafana.fields import from_on, override_property, threshold_steps
from grafana.panels import Panel, table
from grafana.queries import (
    ABLE_TO_TALK,
    AWAY,
    DEPARTMENT_INFO,
    MATCHERS,
    MEMBERSHIPS,
    ON_PERSON,
    SPEAKING,
    STATUS_SECONDS,
    current_status,
    per_person,
    status_matcher,
    table_query,
)
from grafana.tables import Column, Property, arranged, coloured, duration, sorted_by, width
from grafana.team_tiles import NEVER, data_age
from grafana.wording import Language

_MEMBERS = f"max by (project, department, employee) ({MEMBERSHIPS})"
_LINES = f"max by (project, department) ({MEMBERSHIPS})"
# Of these no department is known while they fail, and they keep a line all the same.
_WITHOUT_LINES = (
    f"(max by (project) (ringostat_up{{{MATCHERS}}})"
    f" unless on (project) {DEPARTMENT_INFO}{{{MATCHERS}}})"
)


def _by_department(people: str) -> str:
    """The people's values, added up in each department; somebody of several is in each."""
    return f"sum by (project, department) ({_MEMBERS} * {ON_PERSON} group_left () {people})"


def _count(people: str) -> str:
    """How many people; 0 where there is nobody, or nobody is known while a project fails."""
    return f"{_by_department(people)} or 0 * {_LINES} or 0 * {_WITHOUT_LINES}"


def _now(matcher: str) -> str:
    return per_person(current_status(matcher))


def _seconds(matcher: str, window: str = "today", offset: str = "") -> str:
    """People's seconds in statuses; each status counts once, whichever instances tell of it."""
    series = f'{STATUS_SECONDS}{{{MATCHERS}, window="{window}", {matcher}}}{offset}'
    return f"sum by (project, employee) (max by (project, employee, status) ({series}))"


def _queries() -> list[str]:
    """What each column is made of, from the query A on."""
    speaking = _by_department(_seconds(SPEAKING))
    able = _by_department(_seconds(ABLE_TO_TALK))
    age = f"({_LINES} * on (project) group_left () {data_age()})"
    failing = f"({data_age()} and on (project) {_WITHOUT_LINES})"
    return [
        _count(_now(status_matcher("online"))),
        _count(_now(SPEAKING)),
        _count(_now(AWAY)),
        _count(f"({not_come()} + 1)"),
        f"{speaking} / ({able} > 0)",
        speaking,
        _by_department(_seconds(SPEAKING, offset=" offset 1d")),
        _by_department(_seconds(SPEAKING, window="yesterday")),
        f"{age} or {failing}",
    ]


def _thresholds(*steps: tuple[float | None, str]) -> Property:
    value = {"mode": "absolute", "steps": threshold_steps(*steps)}
    return override_property("thresholds", value)


def _columns(_: Language) -> list[Column]:
    share = (override_property("unit", "percentunit"), override_property("decimals", 0))
    free = (coloured(), _thresholds((None, "red"), (1, "orange"), (3, "green")))
    missing = (coloured(), _thresholds((None, "text"), (1, "orange")))
    narrow, roomy = width(110), override_property("custom.minWidth", 180)
    # The whole line is red where the data is old: what it says is no longer so.
    age = (
        *duration(),
        coloured(background=True, whole_row=True),
        _thresholds((None, "transparent"), (120, "orange"), (300, "dark-red")),
        override_property("mappings", from_on(NEVER, _("no data"), "dark-red")),
    )
    return [
        Column("project", _("Project")),
        Column("department", _("Department")),
        Column("Value #A", _("Free"), (*free, narrow)),
        Column("Value #B", _("On a call"), (narrow,)),
        Column("Value #C", _("Away"), (narrow,)),
        Column("Value #D", _("Not come"), (*missing, narrow)),
        Column("Value #E", _("Occupancy"), (*share, narrow)),
        Column("Value #F", _("On calls today"), (*duration(), width(145))),
        Column("Value #G", _("Yesterday by this time"), (*duration(), roomy)),
        Column("Value #H", _("Yesterday"), (*duration(), width(105))),
        Column("Value #I", _("Data age"), (*age, width(125))),
    ]


def departments_panel(_: Language) -> Panel:
    """A line for each department."""
    panel = table(
        _("Departments"),
        _(
            "How many people of each department are free, on a call, away or have not come, and "
            "how long they were on calls today, yesterday by this time, and yesterday. Whoever "
            "is in two departments counts in both. A red line is of a project that does not "
            "answer."
        ),
        "short",
        *(table_query(query) for query in _queries()),
    )
    return sorted_by(arranged(panel, _columns(_)), _("Project"), largest_first=False)

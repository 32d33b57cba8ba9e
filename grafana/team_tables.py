"""The tables of people on Team and Wallboard: who needs a look, came, has not come, is here."""

from grafana.attendance import arrivals, begun_shifts, lateness, not_come
from grafana.attention import free_first, needs_a_look, stretches
from grafana.fields import override_property, words
from grafana.navigation import to_employee
from grafana.panels import Panel, table
from grafana.queries import NOT_OFFLINE, ON_PERSON, table_query
from grafana.status_groups import status_mappings, with_kind
from grafana.tables import (
    Column,
    Property,
    arranged,
    blank,
    clock,
    coloured,
    duration,
    sorted_by,
    width,
)
from grafana.wording import Language


def _employee(_: Language) -> Column:
    return Column("employee", _("Employee"), (to_employee(_),))


def _project(_: Language) -> Column:
    return Column("project", _("Project"), (override_property("unit", "string"), width(95)))


def _status(_: Language) -> tuple[Property, ...]:
    return coloured(), override_property("mappings", status_mappings(_))


def needs_a_look_panel(_: Language) -> Panel:
    """Who is away too long, is on a long call, or came late, and why they are here."""
    reasons = {
        "over the day's limit": _("over the day's limit"),
        "long without a break": _("too long at a stretch"),
        "long call": _("long call"),
        "late": _("late"),
        "late or offline": _("late, or offline since"),
    }
    panel = table(
        _("Needs a look"),
        _(
            "Who is over a status's limit today or at one stretch (30 minutes of do not disturb,"
            " an hour of another status where there is no limit), on one call for over 20 "
            "minutes, or came over 10 minutes after the shift began."
        ),
        "short",
        table_query(needs_a_look()),
    ).no_value(_("Nobody"))
    columns = [
        _employee(_),
        Column("reason", _("Reason"), (words(reasons), width(165))),
        # Who is late has none.
        Column("status", _("Status"), (*_status(_), blank(), width(115))),
        Column("Value", _("For"), (*duration(), width(90))),
        _project(_),
    ]
    return sorted_by(arranged(panel, columns), _("For"), largest_first=True)


def not_come_panel(_: Language) -> Panel:
    """Who was not there for a second today and should have been."""
    since = f"({begun_shifts()} and {ON_PERSON} {not_come()}) * 1000"
    panel = table(
        _("Not come"),
        _(
            "Who was not there for a second today. Where shifts are known, of those whose shift "
            "has begun, and when it began."
        ),
        "short",
        table_query(not_come()),
        table_query(since),
    ).no_value(_("Nobody"))
    columns = [
        _employee(_),
        Column("Value #B", _("Shift from"), (*clock(), blank(), width(95))),
        _project(_),
    ]
    return sorted_by(arranged(panel, columns), _("Shift from"), largest_first=False)


def came_panel(_: Language) -> Panel:
    """When each employee came today."""
    bounds = {"at the latest": _("at the latest")}
    panel = table(
        _("Came"),
        _(
            "When each employee came today, the last first. Where that was not seen, as after a "
            "restart, they came at the latest then. Late is by how much after the shift began."
        ),
        "short",
        table_query(f"{arrivals()} * 1000"),
        table_query(lateness()),
    )
    late = (*duration(), override_property("color", {"mode": "fixed", "fixedColor": "orange"}))
    columns = [
        _employee(_),
        Column("Value #A", _("Came"), (*clock(), width(80))),
        Column("bound", _("Known"), (words(bounds), width(100))),
        Column("Value #B", _("Late"), (*late, coloured(), width(85))),
    ]
    return sorted_by(arranged(panel, columns), _("Came"), largest_first=True)


def here_now_panel(_: Language) -> Panel:
    """Who is there, in which status, and for how long."""
    bounds = {"at least": _("at least")}
    panel = table(
        _("Here now"),
        _(
            "Who is there, in which status and for how long: the free, then those away, then "
            "those on a call, the longest of each first. Where the begin was not seen, at least "
            "so long."
        ),
        "short",
        table_query(with_kind(stretches(NOT_OFFLINE))),
        table_query(with_kind(free_first())),
    ).no_value(_("Nobody"))
    columns = [
        _employee(_),
        Column("status", _("Status"), (*_status(_), width(115))),
        Column("bound", _("Known"), (words(bounds), blank(), width(95))),
        Column("Value #A", _("For"), (*duration(), width(90))),
        _project(_),
    ]
    return arranged(panel, columns, rank="Value #B")

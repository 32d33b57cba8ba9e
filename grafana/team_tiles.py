"""The tiles at the top of Team and Wallboard: how many people are free, away or have not come."""

from grafana_foundation_sdk.builders.common import VizTextDisplayOptions

from grafana.attendance import PRESENT, not_come
from grafana.fields import DURATION, from_on, thresholds
from grafana.navigation import to_panel
from grafana.panels import Panel, stat
from grafana.queries import (
    ABLE_TO_TALK,
    ANSWERED,
    ANY_STATUS,
    AWAY,
    MATCHERS,
    NOT_OFFLINE,
    SPEAKING,
    day_seconds,
    holders,
    instant_query,
    seconds_today,
    status_matcher,
    total,
)
from grafana.wording import Language

# Ids of the tables that tiles lead to: panels are numbered in the order of their places.
DEPARTMENTS, NEEDS_A_LOOK, NOT_COME, CAME, HERE_NOW, BY_PERSON = range(8, 14)
# Of the names beside several numbers, which Grafana would make too small to read.
_NAME_PIXELS = 14
# Stands for the age where a project has never been answered.
NEVER = 1e9
Step = tuple[float | None, str]


def data_age() -> str:
    """Seconds since each project's last good answer for today; very large where there was none."""
    failing = f"(max by (project) (ringostat_up{{{MATCHERS}}}) == 0)"
    return f"(time() - {ANSWERED} or on (project) {failing} + {NEVER:g})"


def _tile(title: str, text: str, unit: str, query: str, *steps: Step) -> Panel:
    return stat(title, text, unit, instant_query(query, title)).thresholds(thresholds(*steps))


def _now_tiles(_: Language) -> list[tuple[Panel, int]]:
    free = _tile(
        _("Free"),
        _("How many people are online and on no call, by the newest report."),
        "short",
        total(holders(status_matcher("online"))),
        *((None, "red"), (1, "orange"), (3, "green")),
    )
    calls = _tile(
        _("On a call"),
        _("How many people speak, by the newest report."),
        "short",
        total(holders(SPEAKING)),
        (None, "green"),
    )
    away = _tile(
        _("Away"),
        _("How many people are there but neither online nor speaking: do not disturb and breaks."),
        "short",
        total(holders(AWAY)),
        *((None, "text"), (1, "orange")),
    )
    return [(free, HERE_NOW), (calls, HERE_NOW), (away, NEEDS_A_LOOK)]


def _day_tiles(_: Language) -> list[tuple[Panel, int]]:
    everybody = f"count({day_seconds(ANY_STATUS)}) or vector(0)"
    came = f"count({PRESENT} > 0) or vector(0)"
    here = stat(
        _("Here"),
        _(
            "How many people are there now, how many were there for any time today, and how many"
            " the report of today names."
        ),
        "short",
        instant_query(total(holders(NOT_OFFLINE)), _("here")),
        instant_query(came, _("came")),
        instant_query(everybody, _("all")),
    ).thresholds(thresholds((None, "text")))
    missing = _tile(
        _("Not come"),
        _(
            "How many people were not there for a second today. Where shifts are known, of those"
            " whose shift has begun."
        ),
        "short",
        f"count({not_come()}) or vector(0)",
        *((None, "green"), (1, "orange"), (3, "red")),
    )
    return [(here, CAME), (missing, NOT_COME)]


def _share_and_age(_: Language) -> list[tuple[Panel, int]]:
    occupancy = _tile(
        _("Occupancy"),
        _("Of the time today in which people could take calls, the share they spent on one."),
        "percentunit",
        f"sum({seconds_today(SPEAKING)}) / (sum({seconds_today(ABLE_TO_TALK)}) > 0)",
        *((None, "text"), (0.85, "orange"), (0.95, "red")),
    )
    age = _tile(
        _("Data age"),
        _(
            "How long ago Ringostat last answered well for today: of the chosen projects the "
            "oldest. All that is shown is as old as this."
        ),
        DURATION,
        f"max({data_age()})",
        *((None, "green"), (120, "orange"), (300, "red")),
    ).mappings(from_on(NEVER, _("no data"), "red"))
    shown = [(occupancy, BY_PERSON), (age, DEPARTMENTS)]
    return [(panel.decimals(0).no_value(_("no data")), table_id) for panel, table_id in shown]


def tiles(_: Language, board: str, text_size: int | None = None) -> list[Panel]:
    """The tiles in their order; each leads to its table on the board.

    Args:
        _: The language.
        board: The English uid of the board that has the tables.
        text_size: Of the numbers but the age, in pixels; Grafana's choice if left out.
    """
    panels = []
    for panel, table_id in (*_now_tiles(_), *_day_tiles(_), *_share_and_age(_)):
        text = VizTextDisplayOptions().title_size(_NAME_PIXELS)
        if text_size is not None:
            text = text.title_size(text_size // 3)
        # The age may be words, which Grafana makes fit.
        if text_size is not None and table_id != DEPARTMENTS:
            text = text.value_size(text_size)
        panels.append(panel.text(text).links([to_panel(_, board, table_id, _("Who that is"))]))
    return panels

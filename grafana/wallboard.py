"""Ringostat / Wallboard: a department on a screen on the wall, read from across the room."""

from typing import Any

from grafana_foundation_sdk.models.common import TableCellHeight

from grafana import navigation
from grafana.layout import Board, dashboard
from grafana.team_departments import departments_panel
from grafana.team_tables import came_panel, needs_a_look_panel, not_come_panel
from grafana.team_tiles import tiles
from grafana.variables import department_variable
from grafana.wording import Language

_TILE_WIDTHS = (3, 3, 3, 6, 3, 3, 3)
_NUMBER_PIXELS = 64


def build(_: Language) -> Any:
    """The dashboard: the first three rows of Team, large."""
    tables = [
        (departments_panel(_), 24, 6),
        (needs_a_look_panel(_), 10, 13),
        (not_come_panel(_), 6, 13),
        (came_panel(_), 8, 13),
    ]
    numbers = tiles(_, navigation.TEAM, _NUMBER_PIXELS)
    return dashboard(
        _,
        Board(
            name=navigation.WALLBOARD,
            title=_("Ringostat / Wallboard"),
            description=_("One department, large, for a screen on the wall."),
            time_from="now/d",
            panels=[
                *((tile, width, 6) for tile, width in zip(numbers, _TILE_WIDTHS, strict=True)),
                *((panel.cell_height(TableCellHeight.LG), *size) for panel, *size in tables),
            ],
            variables=[department_variable(_, several=False)],
            links=[navigation.link_to_the_others(_), navigation.link_to_kiosk(_)],
            refresh="15s",
        ),
    )

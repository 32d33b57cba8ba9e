"""Ringostat / Team: kept open all day by a team lead."""

from typing import Any

from grafana import navigation
from grafana.layout import Board, dashboard
from grafana.team_day import by_person_panel, occupancy_panel, people_panel, timeline_panel
from grafana.team_departments import departments_panel
from grafana.team_tables import came_panel, here_now_panel, needs_a_look_panel, not_come_panel
from grafana.team_tiles import tiles
from grafana.variables import department_variable
from grafana.wording import Language

# Free, On a call, Away, Here, Not come, Occupancy, Data age: all of a line.
_TILE_WIDTHS = (3, 3, 3, 6, 3, 3, 3)


def build(_: Language) -> Any:
    """The dashboard. What it must answer at a glance stands in the first 22 lines of the grid."""
    return dashboard(
        _,
        Board(
            name=navigation.TEAM,
            title=_("Ringostat / Team"),
            description=_(
                "Who is free, away too long or has not come, and how each department stands."
            ),
            time_from="now/d",
            panels=[
                *(
                    (tile, width, 3)
                    for tile, width in zip(tiles(_, navigation.TEAM), _TILE_WIDTHS, strict=True)
                ),
                (departments_panel(_), 24, 5),
                (needs_a_look_panel(_), 10, 6),
                (not_come_panel(_), 6, 6),
                (came_panel(_), 8, 6),
                (here_now_panel(_), 9, 8),
                (by_person_panel(_), 15, 8),
            ],
            variables=[department_variable(_)],
            links=[navigation.link_to_the_others(_), navigation.link_to_kiosk(_)],
            folded={
                _("The day, person by person"): [(timeline_panel(_), 24, 16)],
                _("The day, all together"): [
                    (people_panel(_), 12, 9),
                    (occupancy_panel(_), 12, 9),
                ],
            },
        ),
    )

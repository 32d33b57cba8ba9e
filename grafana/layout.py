"""A dashboard of rows and panels.

The SDK's classic builder neither wraps lines of panels nor sets their ids; `dashboard` does. The
SDK calls the classic schema deprecated, but it is the one that every Grafana in use reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from grafana_foundation_sdk.builders.dashboard import Dashboard, DashboardLink, Row
from grafana_foundation_sdk.models import dashboard as model

from grafana.navigation import TAG
from grafana.panels import Panel
from grafana.variables import common_variables
from grafana.wording import Language

SCHEMA_VERSION = 42
GRID_COLUMNS = 24

# A panel with its width and height in units of Grafana's grid.
SizedPanel = tuple[Panel, int, int]


@dataclass(frozen=True, slots=True)
class Board:
    """What a dashboard is made of.

    Attributes:
        name: The uid of the English one.
        title, description: In the board's language.
        time_from: Where its time range begins, in Grafana's words.
        panels: In the order of their places; a panel's id is its number, from 1.
        variables: Its own ones.
        links: At its top.
        refresh: How often it asks.
        folded: Titles and panels of rows at the end, which are closed until somebody opens them.
    """

    name: str
    title: str
    description: str
    time_from: str
    panels: list[SizedPanel]
    variables: list[Any]
    links: Sequence[DashboardLink]
    refresh: str = "30s"
    folded: dict[str, list[SizedPanel]] = field(default_factory=dict)


def row(title: str) -> SizedPanel:
    """A row: the heading of the panels that follow."""
    return Row(title), GRID_COLUMNS, 1


class _Grid:
    """Places panels from left to right and from top to bottom, and numbers them."""

    def __init__(self) -> None:
        self._number = self._x = self._y = self._tallest = 0

    def place(self, panel: Panel, width: int, height: int) -> Panel:
        """The panel at the next free place."""
        if self._x + width > GRID_COLUMNS:
            self._x, self._y, self._tallest = 0, self._y + self._tallest, 0
        self._number += 1
        position = model.GridPos(h=height, w=width, x=self._x, y=self._y)
        self._x, self._tallest = self._x + width, max(self._tallest, height)
        return panel.id(self._number).grid_pos(position)

    def place_below(self, panels: list[SizedPanel]) -> list[Panel]:
        """The panels of a folded row; they take no room of what follows."""
        bottom = self._x, self._y, self._tallest
        placed = [self.place(*sized) for sized in panels]
        self._x, self._y, self._tallest = bottom
        return placed


def _folded_row(grid: _Grid, title: str, panels: list[SizedPanel]) -> model.RowPanel:
    row_panel: model.RowPanel = grid.place(Row(title).collapsed(True), GRID_COLUMNS, 1).build()
    row_panel.panels = [panel.build() for panel in grid.place_below(panels)]
    return row_panel


def dashboard(_: Language, board: Board) -> model.Dashboard:
    """A dashboard with the common variables, its own, and links."""
    builder = (
        Dashboard(board.title)
        .uid(_.named(board.name))
        .description(board.description)
        .tags([_.named(TAG)])
        .readonly()
        .timezone("browser")
        .time(board.time_from, "now")
        .refresh(board.refresh)
        .links([*board.links])
    )
    for variable in (*common_variables(_), *board.variables):
        builder = builder.with_variable(variable)
    grid = _Grid()
    for sized in board.panels:
        panel = grid.place(*sized)
        builder = builder.with_row(panel) if isinstance(panel, Row) else builder.with_panel(panel)
    built = builder.build()
    built.panels = [
        *(built.panels or []),
        *(_folded_row(grid, *each) for each in board.folded.items()),
    ]
    built.schema_version = SCHEMA_VERSION
    return built

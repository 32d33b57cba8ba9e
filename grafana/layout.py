"""A dashboard of rows and panels.

The SDK's classic builder neither wraps lines of panels nor sets their ids; `dashboard` does. The
SDK calls the classic schema deprecated, but it is the one that every Grafana in use reads.
"""

from typing import Any

from grafana_foundation_sdk.builders.dashboard import Dashboard, DashboardLink, Row
from grafana_foundation_sdk.models import dashboard as model

from grafana.panels import Panel
from grafana.variables import common_variables

SCHEMA_VERSION = 42
GRID_COLUMNS = 24

# A panel with its width and height in units of Grafana's grid.
SizedPanel = tuple[Panel, int, int]


def row(title: str) -> SizedPanel:
    """A row: the heading of the panels that follow."""
    return Row(title), GRID_COLUMNS, 1


def _positioned(sized_panels: list[SizedPanel]) -> list[Panel]:
    """Places panels from left to right and from top to bottom."""
    positioned = []
    x = y = tallest = 0
    for number, (panel, width, height) in enumerate(sized_panels, 1):
        if x + width > GRID_COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        position = model.GridPos(h=height, w=width, x=x, y=y)
        positioned.append(panel.id(number).grid_pos(position))
        x, tallest = x + width, max(tallest, height)
    return positioned


def _link_to_the_others() -> DashboardLink:
    return (
        DashboardLink("Ringostat")
        .type(model.DashboardLinkType.DASHBOARDS)
        .tags(["ringostat"])
        .keep_time(True)
        .include_vars(True)
    )


def dashboard(
    uid: str,
    title: str,
    description: str,
    time_from: str,
    variables: list[Any],
    sized_panels: list[SizedPanel],
) -> model.Dashboard:
    """A dashboard with the common variables, its own, and links to the other dashboards."""
    builder = (
        Dashboard(title)
        .uid(uid)
        .description(description)
        .tags(["ringostat"])
        .readonly()
        .timezone("browser")
        .time(time_from, "now")
        .refresh("30s")
        .link(_link_to_the_others())
    )
    for variable in (*common_variables(), *variables):
        builder = builder.with_variable(variable)
    for panel in _positioned(sized_panels):
        is_row = isinstance(panel, Row)
        builder = builder.with_row(panel) if is_row else builder.with_panel(panel)
    built = builder.build()
    built.schema_version = SCHEMA_VERSION
    return built

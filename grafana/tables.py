"""Tables: which columns there are, under which names and in which order."""

from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders.common import TableSortByFieldState
from grafana_foundation_sdk.models import dashboard as model

from grafana.fields import CLOCK, DURATION, override_property, transformation
from grafana.panels import Panel

Property = model.DynamicConfigValue


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        field: A label; `Value` of the only query, or `Value #B` of the query B.
        title: What stands above it.
        properties: How its cells look.
    """

    field: str
    title: str
    properties: tuple[Property, ...] = ()


def duration() -> tuple[Property, ...]:
    """Seconds as `01:31:55`."""
    return override_property("unit", DURATION), override_property("decimals", 0)


def clock() -> tuple[Property, ...]:
    """Milliseconds of Unix time as the time of day, `09:41`."""
    return (override_property("unit", CLOCK),)


def blank() -> Property:
    """The override's property that leaves cells empty where a table says `Nobody` if it is."""
    return override_property("noValue", "")


def width(pixels: int) -> Property:
    """The override's property that gives a column its width."""
    return override_property("custom.width", pixels)


def gauge() -> Property:
    """The override's property that draws a bar behind the number."""
    options = {"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}
    return override_property("custom.cellOptions", options)


def coloured(background: bool = False, whole_row: bool = False) -> Property:
    """The override's property that colours the text, or what is behind it."""
    options: dict[str, Any] = {"type": "color-background" if background else "color-text"}
    if background:
        options |= {"mode": "basic", "applyToRow": whole_row}
    return override_property("custom.cellOptions", options)


def arranged(panel: Panel, columns: list[Column], rank: str | None = None) -> Panel:
    """The table with these columns alone, in their order.

    Args:
        panel: A table of one query or of several, whose rows are joined by their labels.
        columns: All that is shown.
        rank: A field by which rows are ordered, the largest first; it need not be shown.
    """
    panel = panel.with_transformation(transformation("merge"))
    if rank is not None:
        sort = [{"field": rank, "desc": True}]
        panel = panel.with_transformation(transformation("sortBy", fields={}, sort=sort))
    fields = [column.field for column in columns]
    # What is not shown is left out by name: Grafana would append every other column.
    keep = transformation("filterFieldsByName", include={"names": fields})
    order = transformation(
        "organize",
        excludeByName={},
        indexByName={field: index for index, field in enumerate(fields)},
        renameByName={column.field: column.title for column in columns},
    )
    panel = panel.with_transformation(keep).with_transformation(order)
    for column in columns:
        if column.properties:
            panel = panel.override_by_name(column.title, list(column.properties))
    return panel


def sorted_by(panel: Panel, title: str, largest_first: bool) -> Panel:
    """The table in the order of a column, until somebody chooses another."""
    return panel.sort_by([TableSortByFieldState().display_name(title).desc(largest_first)])

"""The panels, by Grafana's names of their types, with the options that all of ours share."""

from string import ascii_uppercase
from typing import Any

from grafana_foundation_sdk.builders import common
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.statetimeline import Panel as StateTimeline
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as Timeseries
from grafana_foundation_sdk.models import common as models
from grafana_foundation_sdk.models.common import DataSourceRef

from grafana.fields import thresholds

DATASOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")

# The SDK's builders share no type.
Panel = Any


def _described(panel: Panel, title: str, description: str, unit: str) -> Panel:
    return panel.title(title).description(description).datasource(DATASOURCE).unit(unit)


def _with_targets(panel: Panel, targets: tuple[Dataquery, ...]) -> Panel:
    # The SDK leaves refIds empty, and Grafana then shows only one of a panel's queries.
    for letter, target in zip(ascii_uppercase, targets, strict=False):
        panel = panel.with_target(target.ref_id(letter))
    return panel


def stat(title: str, description: str, unit: str, *targets: Dataquery) -> Panel:
    """Large numbers, one per series."""
    panel = (
        _described(Stat(), title, description, unit)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .graph_mode(models.BigValueGraphMode.NONE)
        .color_mode(models.BigValueColorMode.VALUE)
        .thresholds(thresholds((None, "text")))
    )
    return _with_targets(panel, targets)


def table(title: str, description: str, unit: str, *targets: Dataquery) -> Panel:
    """A table with one row per series."""
    panel = _described(Table(), title, description, unit).min_width(70)
    return _with_targets(panel, targets)


def timeseries(title: str, description: str, unit: str, *targets: Dataquery) -> Panel:
    """Lines over time, with a legend below."""
    legend = (
        common.VizLegendOptions()
        .display_mode(models.LegendDisplayMode.LIST)
        .placement(models.LegendPlacement.BOTTOM)
        .show_legend(True)
        .calcs([])
    )
    panel = (
        _described(Timeseries(), title, description, unit)
        .legend(legend)
        .min(0)
        .line_width(1)
        .fill_opacity(10)
        .show_points(models.VisibilityMode.NEVER)
    )
    return _with_targets(panel, targets)


def stacked(panel: Panel) -> Panel:
    """A time series whose areas stand on top of each other."""
    stacking = common.StackingConfig().mode(models.StackingMode.NORMAL)
    return panel.stacking(stacking).fill_opacity(70).line_width(0)


def daily_bars(panel: Panel) -> Panel:
    """A time series as one bar per day, each after the midnight that begins the day."""
    after = models.BarAlignment.AFTER
    bars = panel.draw_style(models.GraphDrawStyle.BARS).bar_alignment(after)
    return bars.fill_opacity(80).interval("1d")


def daily_points(panel: Panel) -> Panel:
    """A time series as one point per day."""
    return panel.draw_style(models.GraphDrawStyle.POINTS).point_size(8).interval("1d")


def state_timeline(title: str, description: str, *targets: Dataquery) -> Panel:
    """One row of coloured regions per series."""
    panel = (
        _described(StateTimeline(), title, description, "short")
        .merge_values(True)
        .show_value(models.VisibilityMode.NEVER)
        .row_height(0.85)
        .line_width(0)
        .fill_opacity(80)
    )
    return _with_targets(panel, targets)

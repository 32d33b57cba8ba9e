"""What the dashboards are made of: queries, panels, variables and their layout.

The SDK's classic builder neither wraps rows nor sets panel ids and refIds; `board` does.
"""

from typing import Any

from grafana_foundation_sdk.builders import common
from grafana_foundation_sdk.builders import dashboard as classic
from grafana_foundation_sdk.builders.barchart import Panel as BarChart
from grafana_foundation_sdk.builders.prometheus import Dataquery
from grafana_foundation_sdk.builders.stat import Panel as Stat
from grafana_foundation_sdk.builders.statetimeline import Panel as StateTimeline
from grafana_foundation_sdk.builders.table import Panel as Table
from grafana_foundation_sdk.builders.timeseries import Panel as Timeseries
from grafana_foundation_sdk.models import common as shapes
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

SCHEMA_VERSION = 42
GRID_COLUMNS = 24
DATASOURCE = shapes.DataSourceRef(type_val="prometheus", uid="${datasource}")

# One colour per status everywhere; custom statuses share one, since their names are the users'.
COLOURS = {"speaking": "green", "online": "blue", "dnd": "orange", "offline": "#6e7480"}
CUSTOM_COLOUR = "purple"
BUILT_IN = "online|offline|dnd|speaking"
# `2h 15m` at a glance: hours and minutes.
HOURS_UNIT = "clocks"

MATCHERS = 'job=~"$job", instance=~"$instance", project=~"$project"'
WINDOW_MATCHERS = f'{MATCHERS}, window=~"$window"'
TODAY_MATCHERS = f'{MATCHERS}, window="today"'

# The SDK's builders share no type.
Panel = Any
Placed = list[tuple[Panel, int, int]]


def instant_query(expression: str, legend: str = "") -> Dataquery:
    """A query of the present."""
    made = Dataquery().expr(expression).instant()
    return made.legend_format(legend) if legend else made


def table_query(expression: str) -> Dataquery:
    """A query of the present whose labels become columns."""
    return instant_query(expression).format(PromQueryFormat.TABLE)


def range_query(expression: str, legend: str) -> Dataquery:
    """A query over the dashboard's range."""
    return Dataquery().expr(expression).range().legend_format(legend)


def transformation(name: str, **options: Any) -> model.DataTransformerConfig:
    """One of Grafana's transformations."""
    return model.DataTransformerConfig(id_val=name, options=options)


def override_property(name: str, value: Any) -> model.DynamicConfigValue:
    """A property of an override."""
    return model.DynamicConfigValue(id_val=name, value=value)


def fixed_colour(colour: str) -> model.DynamicConfigValue:
    """The override that gives a field its colour."""
    return override_property("color", {"mode": "fixed", "fixedColor": colour})


def thresholds(*found: tuple[float | None, str]) -> Any:
    """Thresholds: each colour from its value on."""
    return (
        classic.ThresholdsConfig()
        .mode(model.ThresholdsMode.ABSOLUTE)
        .steps([model.Threshold(value=value, color=colour) for value, colour in found])
    )


def value_mappings(**found: tuple[str, str]) -> list[Any]:
    """Value mappings: `v1=("Up", "green")` shows the value 1 as a green `Up`."""
    return [
        model.ValueMap(
            options={
                value.removeprefix("v"): model.ValueMappingResult(
                    text=text, color=colour, index=index
                )
                for index, (value, (text, colour)) in enumerate(found.items())
            }
        )
    ]


def zero_mapping() -> list[Any]:
    """A time of 0 as `0m`; the unit alone would say `000ms`."""
    return [model.ValueMap(options={"0": model.ValueMappingResult(text="0m", index=0)})]


def _described(panel: Panel, title: str, description: str, unit: str) -> Panel:
    return panel.title(title).description(description).datasource(DATASOURCE).unit(unit)


def _with(panel: Panel, targets: tuple[Dataquery, ...]) -> Panel:
    for letter, target in zip("ABCDEFGH", targets, strict=False):
        panel = panel.with_target(target.ref_id(letter))
    return panel


def stat(title: str, description: str, unit: str, *targets: Dataquery) -> Panel:
    """Large numbers, one a series."""
    panel = (
        _described(Stat(), title, description, unit)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .graph_mode(shapes.BigValueGraphMode.NONE)
        .color_mode(shapes.BigValueColorMode.VALUE)
        .thresholds(thresholds((None, "text")))
    )
    return _with(panel, targets)


def table(title: str, description: str, unit: str, *targets: Dataquery) -> Panel:
    """A table."""
    return _with(_described(Table(), title, description, unit), targets)


def timeseries(title: str, description: str, unit: str, *targets: Dataquery) -> Panel:
    """Lines over time; the legend names the newest value of each."""
    legend = (
        common.VizLegendOptions()
        .display_mode(shapes.LegendDisplayMode.LIST)
        .placement(shapes.LegendPlacement.BOTTOM)
        .show_legend(True)
        .calcs([])
    )
    panel = (
        _described(Timeseries(), title, description, unit)
        .legend(legend)
        .min(0)
        .line_width(1)
        .fill_opacity(10)
        .show_points(shapes.VisibilityMode.NEVER)
    )
    return _with(panel, targets)


def stacked(panel: Panel) -> Panel:
    """Areas of a curve on top of each other."""
    stacking = common.StackingConfig().mode(shapes.StackingMode.NORMAL)
    return panel.stacking(stacking).fill_opacity(70).line_width(0)


def daily_bars(panel: Panel) -> Panel:
    """A curve as bars, one a day, each before the midnight that ends the day."""
    before = shapes.BarAlignment.BEFORE
    bars = panel.draw_style(shapes.GraphDrawStyle.BARS).bar_alignment(before)
    return bars.fill_opacity(80).interval("1d")


def daily_points(panel: Panel) -> Panel:
    """A curve as points, one a day."""
    return panel.draw_style(shapes.GraphDrawStyle.POINTS).point_size(8).interval("1d")


def bar_chart(title: str, description: str, unit: str, x: str, *targets: Dataquery) -> Panel:
    """Lying stacked bars, one a value of the field `x`."""
    panel = (
        _described(BarChart(), title, description, unit)
        .x_field(x)
        .orientation(shapes.VizOrientation.HORIZONTAL)
        .stacking(shapes.StackingMode.NORMAL)
        .show_value(shapes.VisibilityMode.NEVER)
    )
    return _with(panel, targets)


def state_timeline(title: str, description: str, *targets: Dataquery) -> Panel:
    """A state timeline: a lane a series."""
    panel = (
        _described(StateTimeline(), title, description, "short")
        .merge_values(True)
        .show_value(shapes.VisibilityMode.NEVER)
        .row_height(0.85)
        .line_width(0)
        .fill_opacity(80)
    )
    return _with(panel, targets)


def coloured_by_status(panel: Panel) -> Panel:
    """Gives every field that is named like a status its colour; the last rule that fits wins."""
    panel = panel.override_by_regexp("/^(?!Value|Time|employee).*/", [fixed_colour(CUSTOM_COLOUR)])
    for status, colour in COLOURS.items():
        panel = panel.override_by_name(status, [fixed_colour(colour)])
    return panel


def query_variable(name: str, label: str, expression: str) -> Any:
    """A variable that is filled by a query: several at once, all by default."""
    return (
        classic.QueryVariable(name)
        .label(label)
        .datasource(DATASOURCE)
        .query(expression)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".+")
        .current(model.VariableOption(text="All", value="$__all"))
    )


def single_value(variable: Any, value: str) -> Any:
    """The same with one value at a time."""
    chosen = model.VariableOption(text=value, value=value)
    return variable.multi(False).include_all(False).all_value("").current(chosen)


def window_variable() -> Any:
    """Which window; today unless somebody chooses."""
    expression = (
        f"label_values(ringostat_report_last_success_timestamp_seconds{{{MATCHERS}}}, window)"
    )
    return single_value(query_variable("window", "Window", expression), "today")


def _common_variables() -> list[Any]:
    source = classic.DatasourceVariable("datasource").label("Data source").type("prometheus")
    info = "ringostat_project_info"
    return [
        source,
        query_variable("job", "Job", f"label_values({info}, job)"),
        query_variable("instance", "Instance", f'label_values({info}{{job=~"$job"}}, instance)'),
        query_variable(
            "project",
            "Project",
            f'label_values({info}{{job=~"$job", instance=~"$instance"}}, project)',
        ),
    ]


def row(title: str) -> tuple[Any, int, int]:
    """A line across that names what follows."""
    return classic.Row(title), GRID_COLUMNS, 1


def _lay_out(panels: Placed) -> list[Any]:
    """Places (panel, width, height) from left to right and top to bottom."""
    placed = []
    x = y = tallest = 0
    for number, (panel, width, height) in enumerate(panels, 1):
        if x + width > GRID_COLUMNS:
            x, y, tallest = 0, y + tallest, 0
        place = model.GridPos(h=height, w=width, x=x, y=y)
        placed.append(panel.id(number).grid_pos(place))
        x, tallest = x + width, max(tallest, height)
    return placed


def dashboard(
    uid: str, title: str, description: str, span: str, variables: list[Any], panels: Placed
) -> Any:
    """A dashboard: the common variables, its own, and links to the others of ours."""
    link = (
        classic.DashboardLink("Ringostat")
        .type(model.DashboardLinkType.DASHBOARDS)
        .tags(["ringostat"])
        .keep_time(True)
        .include_vars(True)
    )
    built = (
        classic.Dashboard(title)
        .uid(uid)
        .description(description)
        .tags(["ringostat"])
        .readonly()
        .timezone("browser")
        .time(span, "now")
        .refresh("30s")
        .link(link)
    )
    for variable in (*_common_variables(), *variables):
        built = built.with_variable(variable)
    for panel in _lay_out(panels):
        is_row = isinstance(panel, classic.Row)
        built = built.with_row(panel) if is_row else built.with_panel(panel)
    made = built.build()
    made.schema_version = SCHEMA_VERSION
    return made

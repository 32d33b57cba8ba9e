"""Field options: units, colours, thresholds, value mappings, overrides and transformations."""

from typing import Any

from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.models import dashboard as model

# One colour per status everywhere; custom statuses share one, since their names are the users'.
STATUS_COLOURS = {"speaking": "green", "online": "blue", "dnd": "orange", "offline": "#6e7480"}
CUSTOM_COLOUR = "purple"
# Shows seconds as `2h 15m`.
HOURS_UNIT = "clocks"


def transformation(name: str, **options: Any) -> model.DataTransformerConfig:
    """One of Grafana's transformations, by its id."""
    return model.DataTransformerConfig(id_val=name, options=options)


def grouping_to_matrix(row: str, column: str, empty: str) -> model.DataTransformerConfig:
    """Makes a table with one row per value of `row` and one column per value of `column`."""
    return transformation(
        "groupingToMatrix",
        columnField=column,
        rowField=row,
        valueField="Value",
        emptyValue=empty,
    )


def override_property(name: str, value: Any) -> model.DynamicConfigValue:
    """One property that an override sets."""
    return model.DynamicConfigValue(id_val=name, value=value)


def fixed_colour(colour: str) -> model.DynamicConfigValue:
    """The override's property that gives a field its colour."""
    return override_property("color", {"mode": "fixed", "fixedColor": colour})


def display_name(name: str) -> model.DynamicConfigValue:
    """The override's property that gives a field the name which is shown."""
    return override_property("displayName", name)


def coloured_by_status(panel: Any) -> Any:
    """Gives each field that is named like a status its colour.

    Grafana applies overrides in order, so the built-in statuses follow the rule for all others.
    """
    panel = panel.override_by_regexp("/^(?!Value|Time|employee).*/", [fixed_colour(CUSTOM_COLOUR)])
    for status, colour in STATUS_COLOURS.items():
        panel = panel.override_by_name(status, [fixed_colour(colour)])
    return panel


def thresholds(*steps: tuple[float | None, str]) -> Any:
    """Thresholds: each colour applies from its value upwards."""
    return (
        ThresholdsConfig()
        .mode(model.ThresholdsMode.ABSOLUTE)
        .steps([model.Threshold(value=value, color=colour) for value, colour in steps])
    )


def value_mappings(*mappings: tuple[str, str, str]) -> list[Any]:
    """Value mappings: `("1", "Up", "green")` shows the value 1 as a green `Up`."""
    options = {
        value: model.ValueMappingResult(text=text, color=colour, index=index)
        for index, (value, text, colour) in enumerate(mappings)
    }
    return [model.ValueMap(options=options)]


def zero_mapping() -> list[Any]:
    """Shows a time of 0 as `0m`; the unit alone would show `000ms`."""
    return [model.ValueMap(options={"0": model.ValueMappingResult(text="0m", index=0)})]

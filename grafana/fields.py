"""Field options: units, colours, thresholds, value mappings, overrides and transformations."""

from typing import Any

from grafana_foundation_sdk.builders.dashboard import ThresholdsConfig
from grafana_foundation_sdk.models import dashboard as model

# `02:15:00` in tables, hours on axes, `09:41` of a moment in milliseconds.
DURATION = "dthms"
HOURS = "h"
CLOCK = "time:HH:mm"


def transformation(name: str, **options: Any) -> model.DataTransformerConfig:
    """One of Grafana's transformations, by its id."""
    return model.DataTransformerConfig(id_val=name, options=options)


def override_property(name: str, value: Any) -> model.DynamicConfigValue:
    """One property that an override sets."""
    return model.DynamicConfigValue(id_val=name, value=value)


def fixed_colour(colour: str) -> model.DynamicConfigValue:
    """The override's property that gives a field its colour."""
    return override_property("color", {"mode": "fixed", "fixedColor": colour})


def display_name(name: str) -> model.DynamicConfigValue:
    """The override's property that gives a field the name which is shown."""
    return override_property("displayName", name)


def threshold_steps(*steps: tuple[float | None, str]) -> list[dict[str, Any]]:
    """Thresholds as an override's value: each colour applies from its value upwards."""
    return [{"value": value, "color": colour} for value, colour in steps]


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


def words(texts: dict[str, str]) -> model.DynamicConfigValue:
    """The override's property that shows other words for those of a column."""
    options = {
        word: {"text": text, "index": index} for index, (word, text) in enumerate(texts.items())
    }
    return override_property("mappings", [{"type": "value", "options": options}])


def from_on(value: float, text: str, colour: str) -> list[dict[str, Any]]:
    """Value mappings that show a word for everything from a value on."""
    result = {"text": text, "color": colour, "index": 0}
    return [{"type": "range", "options": {"from": value, "to": None, "result": result}}]

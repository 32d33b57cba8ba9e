"""The types of single values in the configuration, each with its own words for what is invalid."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from exporter.config.zones import ZoneSuggestions, zone_names
from exporter.durations import parse_duration
from exporter.files import FileValue
from exporter.polling.window import Window, parse_window
from exporter.ringostat.expressions import compile_expression
from exporter.ringostat.key import KeySource
from exporter.ringostat.names import clean
from exporter.ringostat.pseudonyms import Pseudonyms, pseudonyms_of_file
from exporter.ringostat.trust import Trust, read_trust
from exporter.yamlfile.sections import beside, quoting

_T = TypeVar("_T")


def _positive(value: float) -> float:
    if value <= 0:
        raise ValueError("must be more than 0")
    return value


def _regular(pattern: str) -> str:
    compile_expression(pattern)
    return pattern


def _name(value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise ValueError("must not be empty")
    return None if value is None else clean(value)


def _required_name(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return clean(value)


def _window(value: object) -> Window:
    if not isinstance(value, str):
        raise ValueError("must be the name of a window")
    return parse_window(value)


def _zone(name: object, info: ValidationInfo) -> object:
    if not isinstance(name, str):
        raise ValueError("must be the name of a time zone")
    if name in zone_names():
        # A damaged file of the system is no zone either.
        with suppress(OSError, ValueError, LookupError):
            return ZoneInfo(name)
    suggestions: ZoneSuggestions = (info.context or {}).get("zones") or ZoneSuggestions()
    near = suggestions.near(name)
    guess = f'(did you mean "{near}"?)' if near else ""
    raise quoting("unknown time zone", f'"{name}"', guess)


def _read_file(read: Callable[[Path], _T]) -> Callable[[object, ValidationInfo], _T | None]:
    """A validator that reads the file of a name; None where no file is named."""

    def validate(value: object, info: ValidationInfo) -> _T | None:
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise ValueError("must be a file name")
        path = beside(Path(value), info)
        try:
            return read(path)
        except ValueError as error:
            raise quoting("", str(path), str(error)) from None

    return validate


Duration = Annotated[float, BeforeValidator(parse_duration), AfterValidator(_positive)]
Pattern = Annotated[str, AfterValidator(_regular)]
Name = Annotated[str | None, AfterValidator(_name)]
RequiredName = Annotated[str, AfterValidator(_required_name)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
OneWindow = Annotated[Window, BeforeValidator(_window)]
PseudonymKeyFile = Annotated[
    FileValue[Pseudonyms] | None, BeforeValidator(_read_file(pseudonyms_of_file))
]
TrustFile = Annotated[Trust | None, BeforeValidator(_read_file(read_trust))]
KeyFile = Annotated[KeySource | None, BeforeValidator(_read_file(KeySource.of_file))]

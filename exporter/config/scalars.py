"""The types of single values in the configuration, each with its own words for what is invalid."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, ValidationInfo

from exporter.config.zones import ZoneSuggestions, zone_names
from exporter.durations import parse_duration
from exporter.files import FileValue
from exporter.polling.window import Window, parse_window
from exporter.ringostat.expressions import compile_expression
from exporter.ringostat.names import clean
from exporter.ringostat.pseudonyms import Pseudonyms, pseudonyms_of_file
from exporter.ringostat.trust import Trust, read_trust
from exporter.yamlfile.sections import beside, quoting


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


def _trust(value: object, info: ValidationInfo) -> Trust | None:
    """The certificates of a file that is named, read and loaded."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("must be a file name")
    path = beside(Path(value), info)
    try:
        return read_trust(path)
    except ValueError as error:
        raise quoting("", str(path), str(error)) from None


def _pseudonyms(value: object, info: ValidationInfo) -> FileValue[Pseudonyms] | None:
    """The pseudonyms of a key file that is named, read."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError("must be a file name")
    path = beside(Path(value), info)
    try:
        return pseudonyms_of_file(path)
    except ValueError as error:
        raise quoting("", str(path), str(error)) from None


Duration = Annotated[float, BeforeValidator(parse_duration), AfterValidator(_positive)]
Pattern = Annotated[str, AfterValidator(_regular)]
Name = Annotated[str | None, AfterValidator(_name)]
RequiredName = Annotated[str, AfterValidator(_required_name)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
OneWindow = Annotated[Window, BeforeValidator(_window)]
PseudonymKeyFile = Annotated[FileValue[Pseudonyms] | None, BeforeValidator(_pseudonyms)]
TrustFile = Annotated[Trust | None, BeforeValidator(_trust)]

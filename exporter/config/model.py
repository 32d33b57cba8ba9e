"""The configuration file: its keys with their types, defaults and bounds.

These models are known to this package alone; everybody else gets the plain values that
`to_settings` and `to_spec` make of them.
"""

import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from exporter.config.zones import ZoneSuggestions
from exporter.durations import parse_duration
from exporter.loopback import is_loopback
from exporter.polling.project import ProjectSpec
from exporter.polling.window import Window, parse_window
from exporter.ringostat.key import KeySource, parse_key
from exporter.ringostat.names import EmployeeFilter, clean
from exporter.ringostat.settings import ApiSettings
from exporter.yamlfile.scalars import Number, WholeNumber
from exporter.yamlfile.sections import OrEmpty, Section, beside, quoting

_SHORTEST_INTERVAL = 15.0
_SHORTEST_INTERVAL_ON_LOOPBACK = 1.0


def _positive(value: float) -> float:
    if value <= 0:
        raise ValueError("must be more than 0")
    return value


def _regular(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error:
        raise ValueError("is not a valid regular expression") from None
    return pattern


def _name(value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise ValueError("must not be empty")
    return None if value is None else clean(value)


def _window(value: object) -> Window:
    if not isinstance(value, str):
        raise ValueError("must be the name of a window")
    return parse_window(value)


def _zone(name: object, info: ValidationInfo) -> object:
    if not isinstance(name, str):
        raise ValueError("must be the name of a time zone")
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        suggestions: ZoneSuggestions = (info.context or {}).get("zones") or ZoneSuggestions()
        near = suggestions.near(name)
        guess = f'(did you mean "{near}"?)' if near else ""
        raise quoting("unknown time zone", f'"{name}"', guess) from None


Duration = Annotated[float, BeforeValidator(parse_duration), AfterValidator(_positive)]
Pattern = Annotated[str, AfterValidator(_regular)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
OneWindow = Annotated[Window, BeforeValidator(_window)]


class Api(Section):
    """`api`: how Ringostat is reached, and how often it may be asked."""

    base_url: str = "https://api.ringostat.net"
    timeout: Duration = 15.0
    max_concurrency: Annotated[WholeNumber, Field(ge=1)] = 8
    requests_per_second: Annotated[Number, Field(gt=0, le=1000)] = 5.0
    max_response_bytes: Annotated[WholeNumber, Field(ge=1)] = 2_097_152
    ca_file: Path | None = None
    proxy_url: str | None = None

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        host = parts.hostname or ""
        if not host or parts.query or parts.fragment or "@" in parts.netloc or parts.port == 0:
            raise ValueError("must be a URL like https://api.ringostat.net")
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
            raise ValueError(
                "must be https, because it carries the key; http is for loopback only"
            )
        return value.rstrip("/")

    @field_validator("proxy_url")
    @classmethod
    def _check_proxy_url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "http://none")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise ValueError("must be a URL like http://proxy.example:3128")
        return value

    @field_validator("ca_file")
    @classmethod
    def _check_ca_file(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is None:
            return None
        path = beside(value, info)
        if not path.is_file():
            raise ValueError("names a file that does not exist")
        return path

    @property
    def on_loopback(self) -> bool:
        """Whether the API is a test stand on this machine, which may be polled faster."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    def to_settings(self) -> ApiSettings:
        """The plain value for the client."""
        return ApiSettings(
            base_url=self.base_url,
            timeout_seconds=self.timeout,
            max_concurrency=self.max_concurrency,
            requests_per_second=self.requests_per_second,
            max_response_bytes=self.max_response_bytes,
            ca_file=self.ca_file,
            proxy_url=self.proxy_url,
        )


class Employees(Section):
    """`employees`: who is shown, by expressions that must match the whole cleaned name."""

    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()


class Settings(Section):
    """The keys of `defaults`, which each project may have too. Times are in seconds."""

    interval: Duration = 60.0
    settled_interval: Duration = 900.0
    catalog_interval: Duration = 3600.0
    stale_after: Duration | None = None
    timezone: Zone = ZoneInfo("UTC")
    windows: Annotated[tuple[OneWindow, ...], Field(min_length=1)] = (Window("today"),)
    max_employees: Annotated[WholeNumber, Field(ge=1)] = 5000
    presence: bool = True
    employees: Annotated[Employees, OrEmpty] = Employees()

    @field_validator("interval", "settled_interval", "catalog_interval")
    @classmethod
    def _check_interval(cls, value: float, info: ValidationInfo) -> float:
        loopback = (info.context or {}).get("on_loopback", False)
        shortest = _SHORTEST_INTERVAL_ON_LOOPBACK if loopback else _SHORTEST_INTERVAL
        if value < shortest:
            raise ValueError(f"must be at least {shortest:g}s")
        return value

    @field_validator("windows")
    @classmethod
    def _check_windows(cls, value: tuple[Window, ...]) -> tuple[Window, ...]:
        if len(set(value)) != len(value):
            raise ValueError("has a window twice")
        return value


class Identity(BaseModel):
    """The keys by which projects differ; valid or not whatever else is wrong with one."""

    id: Annotated[WholeNumber, Field(ge=1)]
    name: Annotated[str | None, AfterValidator(_name)] = None

    @property
    def label(self) -> str:
        """The value of the label `project`."""
        return self.name or str(self.id)


class Project(Settings, Identity):
    """One of `projects`."""

    auth_key: KeySource | None = None
    auth_key_file: KeySource | None = None

    @field_validator("auth_key", mode="before")
    @classmethod
    def _read_key(cls, value: object) -> KeySource | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise ValueError("must be a string")
        return KeySource(parse_key(value))

    @field_validator("auth_key_file", mode="before")
    @classmethod
    def _read_key_file(cls, value: object, info: ValidationInfo) -> KeySource | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise ValueError("must be a file name")
        path = beside(Path(value), info)
        try:
            return KeySource.of_file(path)
        except ValueError as error:
            raise quoting("", str(path), str(error)) from None

    @model_validator(mode="after")
    def _check_key(self) -> Self:
        if (self.auth_key is None) == (self.auth_key_file is None):
            if self.auth_key is not None:
                raise ValueError("auth_key and auth_key_file exclude each other")
            raise ValueError("auth_key or auth_key_file is required")
        return self

    def to_spec(self, defaults: Settings) -> ProjectSpec:
        """The plain value for the poller, with `defaults` where the project has no key."""
        missing = defaults.model_fields_set - self.model_fields_set
        whole = self.model_copy(update={name: getattr(defaults, name) for name in missing})
        key = self.auth_key or self.auth_key_file
        assert key is not None  # _check_key
        return ProjectSpec(
            project_id=whole.id,
            name=whole.label,
            key=key,
            zone=whole.timezone,
            windows=whole.windows,
            interval=whole.interval,
            settled_interval=whole.settled_interval,
            catalog_interval=whole.catalog_interval,
            stale_after=whole.stale_after,
            max_employees=whole.max_employees,
            presence=whole.presence,
            shown=EmployeeFilter(whole.employees.include, whole.employees.exclude),
        )

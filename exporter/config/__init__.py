"""config.yaml -> plain values for the client and the poller, or every mistake with its line."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exporter.config.api_section import ApiSection, is_on_loopback
from exporter.config.model import Project, Settings
from exporter.config.projects import check_projects
from exporter.config.zones import ZoneSuggestions
from exporter.errors import ConfigurationError
from exporter.log import places
from exporter.polling.project import ProjectSpec
from exporter.polling.recurring import queries_of
from exporter.polling.shard import shard_of
from exporter.ringostat.key import Secret
from exporter.ringostat.settings import ApiSettings
from exporter.words import show_word
from exporter.yamlfile.sections import fail, read_section, read_source
from exporter.yamlfile.source import Source

_KEYS = ("api", "defaults", "projects")
_MOST_CONNECTIONS = 10
_LONGEST_SURE_INTERVAL = 120.0
_MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class Config:
    """A valid configuration.

    Attributes:
        api: How the API is reached.
        projects: What to poll, in the order of the file; `defaults` are applied.
        zone_unset: Ids of the projects whose time zone is the built-in default, because neither
            they nor `defaults` set one.
    """

    api: ApiSettings
    projects: tuple[ProjectSpec, ...]
    zone_unset: frozenset[int] = frozenset()

    def of_shard(self, index: int, total: int) -> "Config":
        """The configuration with only the projects of one shard; shard 0 of 1 has them all."""
        mine = (spec for spec in self.projects if shard_of(spec.project_id, total) == index)
        return replace(self, projects=tuple(mine))

    @property
    def requests_per_second(self) -> float:
        """The rate that polling everything on time needs, without retries."""
        return sum(
            len(query.methods) / query.interval(spec)
            for spec in self.projects
            for query in queries_of(spec)
        )

    @property
    def warnings(self) -> list[str]:
        """Sentences about what is valid, but may not do what its author expects."""
        return [
            *self._rate_warnings(),
            *self._project_warnings(),
            *self._pseudonym_warnings(),
        ]

    def _rate_warnings(self) -> Iterator[str]:
        need, limit = self.requests_per_second, self.api.requests_per_second
        if need > limit:
            yield (
                f"polling on time needs {need:.2f} requests per second, but "
                f"api.requests_per_second is {limit:g}, so polls will be late; raise it, or the "
                "intervals"
            )
        if self.api.max_concurrency > _MOST_CONNECTIONS:
            yield f"api.max_concurrency over {_MOST_CONNECTIONS} counts as {_MOST_CONNECTIONS}"

    def _project_warnings(self) -> Iterator[str]:
        slow = [
            spec.name
            for spec in self.projects
            if spec.presence and spec.interval > _LONGEST_SURE_INTERVAL
        ]
        if slow:
            yield (
                f"{_projects(slow)}: with an interval of over 2m the current status of an "
                "employee is a guess; shorten it, or set presence: false"
            )
        for sharing in _of_one_key([spec for spec in self.projects if spec.sip_accounts]):
            yield (
                f"{_projects(sharing)}: sip_accounts with one auth_key; the key alone says whose "
                "accounts are meant, so give each a key of its own"
            )
        hidden = [
            spec.name
            for spec in self.projects
            if spec.sip_accounts and not spec.staff and spec.names().filters
        ]
        if hidden:
            yield (
                f"{_projects(hidden)}: without staff nobody knows whose a SIP account is, so "
                "those of people whom employees hides are shown, too; set staff: true"
            )
        yield from _unknown_departments(self.projects)
        unset = [spec for spec in self.projects if spec.project_id in self.zone_unset]
        if unset:
            yield (
                f"{_projects([spec.name for spec in unset])}: timezone is not set, so days begin "
                f"at midnight in {unset[0].zone.key}; set it to the zone in which Ringostat "
                "reckons the account's days"
            )

    def _pseudonym_warnings(self) -> Iterator[str]:
        """One a file, by what its mode was when it was read: nothing here waits for a disk."""
        readable: dict[str, list[str]] = {}
        for spec in self.projects:
            if spec.pseudonyms is not None and spec.pseudonyms.readable_by_others:
                readable.setdefault(str(spec.pseudonyms.path), []).append(spec.name)
        for path, names in readable.items():
            yield (
                f"{_projects(names)}: others on this machine may read {path}, and so find out "
                f"whose a pseudonym is; run chmod o-r {path}"
            )


def _unknown_departments(specs: Iterable[ProjectSpec]) -> Iterator[str]:
    """Shifts of departments that neither the configuration nor Ringostat can know."""
    for spec in specs:
        own = {department.name for department in spec.departments.every}
        shifts = spec.roster.shifts if spec.roster and not spec.staff else ()
        unknown = {name for shift in shifts for name in shift.departments} - own
        if unknown:
            yield (
                f"project {spec.name}: shifts are of departments ({len(unknown)}) that are not "
                "among its own, and without staff nobody tells of others"
            )


def _of_one_key(specs: Sequence[ProjectSpec]) -> Iterator[list[str]]:
    """The names of projects, of each key that several of them have."""
    names: dict[Secret, list[str]] = {}
    for spec in specs:
        names.setdefault(spec.key.current(), []).append(spec.name)
    yield from (sharing for sharing in names.values() if len(sharing) > 1)


def _projects(names: Sequence[str]) -> str:
    """`project Sales`, or `projects A, B and 7 more`: one line, however many there are."""
    shown, more = ", ".join(names[:_MOST_NAMES]), len(names) - _MOST_NAMES
    return f"project{'s' * (len(names) > 1)} {shown}" + (f" and {more} more" if more > 0 else "")


def load(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Reads and validates a configuration file.

    Args:
        path: Where it is; relative paths in it are from its folder.
        environment: For `${NAME}`; the process's own if left out.

    Raises:
        ConfigurationError: With one line for each mistake, `config.yaml:12: path: text`.
    """
    try:
        source = read_source(path, os.environ if environment is None else environment)
        config = None if source.mistakes and source.values is None else _read(source, path.parent)
    except ConfigurationError:
        raise
    except Exception as error:  # noqa: BLE001 - no file of any content is worth a traceback
        raise ConfigurationError([f"{path}: internal error: {show_word(places(error))}"]) from None
    if source.mistakes or config is None:
        fail(path, source.mistakes)
    return config


def _read(source: Source, folder: Path) -> Config | None:
    values = source.values if source.values is not None else {}
    if not isinstance(values, dict):
        source.complain((), "must be a mapping with the keys api, defaults and projects")
        return None
    for key in (key for key in values if key not in _KEYS):
        source.complain((key,), f"unknown key{source.did_you_mean(key, _KEYS)}")
    context: dict[str, Any] = {"folder": folder, "zones": ZoneSuggestions()}
    api = read_section(ApiSection, values.get("api"), ("api",), source, context)
    context["on_loopback"] = is_on_loopback(values.get("api"))
    defaults = read_section(Settings, values.get("defaults"), ("defaults",), source, context)
    entries = values.get("projects")
    if not isinstance(entries, list) or not entries:
        missing = "projects" not in values
        text = "is required" if missing else "must be a list of at least one project"
        source.complain(("projects",), f"{text}; it says what is polled")
        return None
    projects = [
        read_section(Project, entry, ("projects", number), source, context)
        for number, entry in enumerate(entries)
    ]
    check_projects(entries, source)
    settings = None if api is None else _settings_of(api, source)
    if settings is None or defaults is None or source.mistakes:
        return None
    good = [project for project in projects if project is not None]
    specs = tuple(project.to_spec(defaults) for project in good)
    zone_set = "timezone" in defaults.model_fields_set
    unset = (one.id for one in good if not zone_set and "timezone" not in one.model_fields_set)
    return Config(settings, specs, frozenset(unset))


def _settings_of(api: ApiSection, source: Source) -> ApiSettings | None:
    try:
        return api.to_settings()
    except ValueError as error:
        source.complain(("api", "ca_file"), f"is not set, and the file of certifi {error}")
        return None

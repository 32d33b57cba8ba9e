"""config.yaml -> Config, or every mistake with its line."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exporter.config.model import Api, Project, Settings
from exporter.polling.project import ProjectSpec
from exporter.polling.query import queries_of
from exporter.polling.shard import shard_of
from exporter.ringostat.names import clean
from exporter.ringostat.settings import ApiSettings
from exporter.yamlfile.sections import did_you_mean, fail, read_section, read_source
from exporter.yamlfile.source import Source

_KEYS = ("api", "defaults", "projects")
_MOST_CONNECTIONS = 10
_LONGEST_SURE_INTERVAL = 120.0


@dataclass(frozen=True, slots=True)
class Config:
    """A good configuration.

    Attributes:
        api: How the API is reached.
        projects: With what `defaults` gives them; in the order of the file.
    """

    api: ApiSettings
    projects: tuple[ProjectSpec, ...]

    def of_shard(self, index: int, total: int) -> "Config":
        """The same with the projects of one shard alone; shard 0 of 1 has all of them."""
        mine = (spec for spec in self.projects if shard_of(spec.project_id, total) == index)
        return replace(self, projects=tuple(mine))

    @property
    def requests_per_second(self) -> float:
        """What polling everything on time needs, retries left out."""
        return sum(
            1 / query.interval(spec) for spec in self.projects for query in queries_of(spec)
        )

    @property
    def warnings(self) -> list[str]:
        """What will work, and not as somebody may hope."""
        found = []
        need, limit = self.requests_per_second, self.api.requests_per_second
        if need > limit:
            found.append(
                f"polling on time needs {need:.2f} requests per second, "
                f"api.requests_per_second is {limit:g}: polls will be late; raise it, "
                "or the intervals"
            )
        if self.api.max_concurrency > _MOST_CONNECTIONS:
            found.append(f"api.max_concurrency over {_MOST_CONNECTIONS} is read as that")
        found += [
            f"project {spec.name}: at an interval of over 2m the current status of an "
            "employee becomes a guess; shorten it, or set presence: false"
            for spec in self.projects
            if spec.presence and spec.interval > _LONGEST_SURE_INTERVAL
        ]
        return found


def load(path: Path, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration in a file.

    Args:
        path: Where it is; relative paths inside are from its folder.
        environment: For `${NAME}`; the process's own where it is left out.

    Raises:
        ConfigurationError: With one line for each mistake, `config.yaml:12: path: text`.
    """
    source = read_source(path, os.environ if environment is None else environment)
    config = None if source.mistakes and source.values is None else _read(source, path.parent)
    if source.mistakes or config is None:
        fail(path, source.mistakes)
    return config


def _read(source: Source, folder: Path) -> Config | None:
    values = source.values if source.values is not None else {}
    if not isinstance(values, dict):
        source.complain((), "the file must hold the keys api, defaults and projects")
        return None
    for key in values.keys() - set(_KEYS):
        source.complain((key,), f"unknown key{did_you_mean(key, _KEYS)}")
    context: dict[str, Any] = {"folder": folder}
    api = read_section(Api, values.get("api"), ("api",), source, context)
    context["on_loopback"] = api is not None and api.on_loopback
    defaults = read_section(Settings, values.get("defaults"), ("defaults",), source, context)
    entries = values.get("projects")
    if not isinstance(entries, list) or not entries:
        missing = "is required" if "projects" not in values else "must be a list, not empty"
        source.complain(("projects",), f"{missing}: what is to be polled?")
        return None
    _find_twins(entries, source)
    projects = [
        read_section(Project, entry, ("projects", number), source, context)
        for number, entry in enumerate(entries)
    ]
    if api is None or defaults is None:
        return None
    specs = (project.to_spec(defaults) for project in projects if project is not None)
    return Config(api.to_settings(), tuple(specs))


def _find_twins(entries: list[object], source: Source) -> None:
    """Complains of two projects with one id, or one name after defaulting."""
    ids: dict[str, int] = {}
    names: dict[str, int] = {}
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            continue
        project_id = entry["id"].strip()
        project_id = str(int(project_id)) if project_id.isdecimal() else project_id
        name = entry.get("name")
        label = clean(name) if isinstance(name, str) else project_id
        for key, value, seen in (("id", project_id, ids), ("name", label, names)):
            if value in seen:
                first = source.line_of(("projects", seen[value], key))
                source.complain(("projects", number, key), f"also on line {first}; must be unique")
                break
            seen[value] = number

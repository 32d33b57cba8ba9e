"""`check`: is the configuration good, and what would be polled?"""

from collections.abc import Mapping
from pathlib import Path

from exporter.config import Config, load
from exporter.polling.shard import shard_of


def check(path: Path, environment: Mapping[str, str], shard: tuple[int, int]) -> Config:
    """Prints what the configuration would poll, and the requests per second that needs.

    Returns:
        The configuration.

    Raises:
        ConfigurationError: It is not good.
    """
    config = load(path, environment)
    index, total = shard
    for project in config.projects:
        if shard_of(project.id, total) != index:
            continue
        key = project.key.path or "in the configuration"
        print(f"project {project.label} (id {project.id}, {project.timezone.key}), key: {key}")
        for window in project.windows:
            every = project.settled_interval if window.settled else project.interval
            print(f"  {window.name}: every {every:g}s")
        print(f"  custom statuses: every {project.catalog_interval:g}s")
    need, limit = config.requests_per_second, config.api.requests_per_second
    print(f"asks {config.api.base_url}")
    print(f"needs {need:.3g} requests per second of {limit:g} allowed")
    for warning in config.warnings:
        print(f"warning: {warning}")
    print(f"{path}: good")
    return config

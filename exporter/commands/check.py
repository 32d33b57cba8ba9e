"""`check`: validates the configuration and shows what would be polled."""

from collections.abc import Mapping
from pathlib import Path

from exporter.config import Config, load


def check(path: Path, environment: Mapping[str, str], shard: tuple[int, int]) -> Config:
    """Prints what would be polled, and the requests per second that this needs.

    All of it is about one shard, since each process has a rate limit of its own.

    Returns:
        The shard's part of the configuration.

    Raises:
        ConfigurationError: The configuration is invalid.
    """
    config = load(path, environment).of_shard(*shard)
    for spec in config.projects:
        key = spec.key.path or "in the configuration"
        print(f"project {spec.name} (id {spec.project_id}, {spec.zone.key}), key: {key}")
        for window in spec.windows:
            print(f"  {window.name}: every {spec.interval_of(window):g}s")
        print(f"  custom statuses: every {spec.catalog_interval:g}s")
    need, limit = config.requests_per_second, config.api.requests_per_second
    print(f"asks {config.api.base_url}")
    print(f"needs {need:.3g} requests per second of {limit:g} allowed")
    for warning in config.warnings:
        print(f"warning: {warning}")
    print(f"{path}: good")
    return config

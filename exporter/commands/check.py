"""`check`: validates the configuration and shows what would be polled."""

from collections.abc import Mapping
from pathlib import Path

from exporter.commands.output import write_line
from exporter.config import Config, load
from exporter.durations import format_duration
from exporter.polling.recurring import queries_of


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
        write_line(f"project {spec.name} (id {spec.project_id}, {spec.zone.key}), key: {key}")
        if spec.pseudonyms is not None:
            write_line(f"  names: shown as pseudonyms, key: {spec.pseudonyms.path}")
        for query in queries_of(spec):
            write_line(f"  {query.title}: every {format_duration(query.interval(spec))}")
    need, limit = config.requests_per_second, config.api.requests_per_second
    write_line(f"asks {config.api.base_url}")
    write_line(f"needs {need:.3g} requests per second of {limit:g} allowed")
    for warning in config.warnings:
        write_line(f"warning: {warning}")
    write_line(f"{path}: good")
    return config

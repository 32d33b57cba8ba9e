"""The configuration as the rooms below know it: plain values."""

from exporter import __version__
from exporter.config import Config
from exporter.config.model import Project
from exporter.polling.project import ProjectSpec
from exporter.ringostat.client import ApiSettings
from exporter.ringostat.names import EmployeeFilter


def make_spec(project: Project) -> ProjectSpec:
    """A project of the configuration as the poller knows it."""
    return ProjectSpec(
        project_id=project.id,
        name=project.label,
        key=project.key,
        zone=project.timezone,
        windows=project.windows,
        interval=project.interval,
        settled_interval=project.settled_interval,
        catalog_interval=project.catalog_interval,
        stale_after=project.stale_after,
        max_employees=project.max_employees,
        presence=project.presence,
        shown=EmployeeFilter(project.employees.include, project.employees.exclude),
    )


def make_api_settings(config: Config) -> ApiSettings:
    """The API's part of the configuration as the client knows it."""
    api = config.api
    return ApiSettings(
        base_url=api.base_url,
        timeout_seconds=api.timeout,
        max_concurrency=api.max_concurrency,
        requests_per_second=api.requests_per_second,
        max_response_bytes=api.max_response_bytes,
        ca_file=api.ca_file,
        proxy_url=api.proxy_url,
        user_agent=f"ringostat-exporter/{__version__}",
    )

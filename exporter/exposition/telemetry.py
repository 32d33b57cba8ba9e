"""The exporter's own metrics, on a registry that is handed in."""

import platform
from collections.abc import Iterator

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.core import Metric

from exporter.exposition import metric_families
from exporter.ringostat.calls import METHODS

_REQUEST_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30)
_LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Telemetry:
    """What the process tells of itself."""

    def __init__(
        self, registry: CollectorRegistry, version: str, revision: str, shard: tuple[int, int]
    ) -> None:
        self._registry = registry
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        requests = metric_families.API_REQUESTS
        self._requests = Counter(requests.base, requests.help, requests.labels, registry=registry)
        duration = metric_families.API_REQUEST_DURATION
        self._duration = Histogram(
            duration.base,
            duration.help,
            duration.labels,
            buckets=_REQUEST_BUCKETS,
            registry=registry,
        )
        for method in METHODS:
            self._requests.labels(method)
            self._duration.labels(method)
        build, shards = metric_families.BUILD_INFO, metric_families.SHARD_INFO
        Info(build.base, build.help, registry=registry).info(
            {
                "version": version,
                "revision": revision,
                "python_version": platform.python_version(),
            }
        )
        Info(shards.base, shards.help, registry=registry).info(
            {"shard": str(shard[0]), "total": str(shard[1])}
        )
        good, when = metric_families.RELOAD_SUCCESSFUL, metric_families.RELOAD_TIMESTAMP
        self._reload_good = Gauge(good.base, good.help, registry=registry)
        self._reload_time = Gauge(when.base, when.help, registry=registry)
        lag = metric_families.LOOP_LAG
        self._lag = Histogram(lag.base, lag.help, buckets=_LAG_BUCKETS, registry=registry)

    def attempted(self, method: str, seconds: float) -> None:
        """Counts one attempt of a request to the API."""
        self._requests.labels(method).inc()
        self._duration.labels(method).observe(seconds)

    def reloaded(self, moment: float) -> None:
        """The configuration was read, at a Unix time in seconds, and is in use."""
        self._reload_good.set(1)
        self._reload_time.set(moment)

    def reload_failed(self) -> None:
        """The configuration was read and is not good; the previous one stays."""
        self._reload_good.set(0)

    def lagged(self, seconds: float) -> None:
        """The event loop woke a timer so much too late."""
        self._lag.observe(max(0.0, seconds))

    def collect(self) -> Iterator[Metric]:
        """The families, without the `_created` samples that the library adds."""
        for metric in self._registry.collect():
            metric.samples = [
                sample for sample in metric.samples if not sample.name.endswith("_created")
            ]
            yield metric

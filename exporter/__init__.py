"""ringostat-exporter: Ringostat's employee statuses as Prometheus metrics."""

__version__ = "0.1.0"

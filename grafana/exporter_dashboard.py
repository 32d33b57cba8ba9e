"""Ringostat / Exporter: for those who keep the exporter running."""

from typing import Any

from grafana.exporter_people import UP_OR_DOWN, people_panels
from grafana.fields import thresholds, value_mappings
from grafana.layout import SizedPanel, dashboard, row
from grafana.panels import Panel, stat, timeseries
from grafana.queries import (
    LAST_SUCCESS,
    MATCHERS,
    TODAY_MATCHERS,
    WINDOW_MATCHERS,
    instant_query,
    range_query,
)
from grafana.variables import window_variable

PROCESS_MATCHERS = 'job=~"$job", instance=~"$instance"'


def increase(metric: str) -> str:
    """How much a project's counter grew, resolved to the width of the panel."""
    return f"increase({metric}{{{MATCHERS}}}[$__rate_interval])"


def by_reason(metric: str, otherwise: str) -> str:
    """Growth of a counter by reason; a line at 0 named `otherwise` where nothing was counted.

    An empty panel would leave open whether nothing happened or nothing was measured.
    """
    zero = f"sum by (project) (ringostat_project_info{{{MATCHERS}}}) * 0"
    return (
        f"sum by (project, reason) ({increase(metric)}) > 0"
        f' or label_replace({zero}, "reason", "{otherwise}", "", "")'
    )


def state_panels() -> list[SizedPanel]:
    """Whether the exporter is well."""
    up = stat(
        "Projects",
        "Whether the newest request of every window succeeded.",
        "short",
        instant_query(f"max by (project) (ringostat_up{{{MATCHERS}}})", "{{project}}"),
    ).mappings(value_mappings(*UP_OR_DOWN))
    custom_statuses_up = f"ringostat_custom_statuses_up{{{MATCHERS}}}"
    catalog = stat(
        "Custom statuses",
        "Whether the newest request for the custom statuses succeeded.",
        "short",
        instant_query(f"max by (project) ({custom_statuses_up})", "{{project}}"),
    ).mappings(value_mappings(*UP_OR_DOWN))
    reload_successful = "ringostat_exporter_config_last_reload_successful"
    reload = stat(
        "Configuration",
        "Whether the configuration was good when it was last read.",
        "short",
        instant_query(f"min({reload_successful}{{{PROCESS_MATCHERS}}})"),
    ).mappings(value_mappings(("0", "Refused", "red"), ("1", "Good", "green")))
    build_info = f"ringostat_exporter_build_info{{{PROCESS_MATCHERS}}}"
    version = stat(
        "Version",
        "The exporter's version by instance.",
        "short",
        instant_query(f"max by (version) ({build_info})", "{{version}}"),
    ).text_mode("name")
    return [(up, 10, 4), (catalog, 8, 4), (reload, 3, 4), (version, 3, 4)]


def age_panel() -> Panel:
    """The age of the chosen window's data."""
    return timeseries(
        "Age of the data",
        "How long ago the chosen window was last answered well.",
        "s",
        range_query(
            f"time() - max by (project) ({LAST_SUCCESS}{{{WINDOW_MATCHERS}}})", "{{project}}"
        ),
    )


def errors_panel() -> Panel:
    """Failed requests."""
    return timeseries(
        "Failed requests by reason",
        "Requests that failed after their retries.",
        "short",
        range_query(
            by_reason("ringostat_poll_errors_total", otherwise="no failure"),
            "{{project}} {{reason}}",
        ),
    )


def latency_panel() -> Panel:
    """How fast Ringostat answers."""
    buckets = f"ringostat_api_request_duration_seconds_bucket{{{PROCESS_MATCHERS}}}"

    def quantile(of: float) -> Any:
        rates = f"sum by (le, method) (rate({buckets}[$__rate_interval]))"
        # A method without recent requests has the quantile NaN, which `>= 0` leaves out.
        return range_query(
            f"histogram_quantile({of}, {rates}) >= 0", f"{{{{method}}}} p{of * 100:g}"
        )

    return timeseries(
        "Latency of Ringostat",
        "Time of one attempt, failed ones included: median and 99th percentile.",
        "s",
        quantile(0.5),
        quantile(0.99),
    )


def attempts_panel() -> Panel:
    """How often Ringostat is asked."""
    requests = f"ringostat_api_requests_total{{{PROCESS_MATCHERS}}}"
    return timeseries(
        "Attempts",
        "Attempts of requests by method; retries count.",
        "reqps",
        range_query(f"sum by (method) (rate({requests}[$__rate_interval]))", "{{method}}"),
    )


def skips_panel() -> Panel:
    """Polls that were skipped, and poll loops that recovered."""
    skipped = increase("ringostat_polls_skipped_total")
    restarts = increase("ringostat_poller_restarts_total")
    return timeseries(
        "Skipped polls and restarts",
        "Polls that fell out because the one before took too long, and restarts of a poll loop.",
        "short",
        range_query(f"sum by (project) ({skipped})", "{{project}} skipped"),
        range_query(f"sum by (project) ({restarts})", "{{project}} restarts"),
    )


def report_panels() -> list[SizedPanel]:
    """Whether the numbers can be trusted."""
    missing = timeseries(
        "Elapsed less covered",
        "Time since the project's midnight that today's report does not account for. Near 0 is "
        "right; a constant number of quarters of an hour is a wrong time zone; growing is frozen.",
        "s",
        range_query(
            "max by (project) ("
            f"{LAST_SUCCESS}{{{TODAY_MATCHERS}}}"
            f" - ringostat_report_window_start_timestamp_seconds{{{TODAY_MATCHERS}}}"
            f" - ringostat_report_covered_seconds{{{TODAY_MATCHERS}}})",
            "{{project}}",
        ),
    )
    inconsistent = f"ringostat_report_inconsistent_employees{{{WINDOW_MATCHERS}}}"
    duplicate = f"ringostat_report_duplicate_employees{{{WINDOW_MATCHERS}}}"
    rows = timeseries(
        "Odd rows",
        "Rows of the chosen window whose sum differs from the others', and names that came twice.",
        "short",
        range_query(f"max by (project) ({inconsistent})", "{{project}} inconsistent"),
        range_query(f"max by (project) ({duplicate})", "{{project}} duplicate"),
    )
    anomalies = timeseries(
        "Anomalies by reason",
        "Values and rows that were not as they should be.",
        "short",
        range_query(
            by_reason("ringostat_report_anomalies_total", otherwise="no anomaly"),
            "{{project}} {{reason}}",
        ),
    )
    return [(missing, 8, 8), (rows, 8, 8), (anomalies, 8, 8)]


def process_panels() -> list[SizedPanel]:
    """The process and its scrapes."""

    def by_instance(metric: str) -> Any:
        series = f"{metric}{{{PROCESS_MATCHERS}}}"
        return range_query(f"max by (instance) ({series})", "{{instance}}")

    memory = timeseries(
        "Memory",
        "Resident memory of the exporter.",
        "bytes",
        by_instance("process_resident_memory_bytes"),
    )
    samples = timeseries(
        "Series of a scrape",
        "How many samples Prometheus took from one scrape.",
        "short",
        by_instance("scrape_samples_scraped"),
    )
    lag_buckets = f"ringostat_exporter_event_loop_lag_seconds_bucket{{{PROCESS_MATCHERS}}}"
    lag_rates = f"sum by (le, instance) (rate({lag_buckets}[$__rate_interval]))"
    lag = timeseries(
        "Event loop lag",
        "How late a timer woke up: 99th percentile.",
        "s",
        range_query(f"histogram_quantile(0.99, {lag_rates})", "{{instance}}"),
    )
    scrape = timeseries(
        "Scrape duration",
        "How long Prometheus took for a scrape.",
        "s",
        by_instance("scrape_duration_seconds"),
    ).thresholds(thresholds((None, "green")))
    return [(memory, 6, 7), (samples, 6, 7), (lag, 6, 7), (scrape, 6, 7)]


def build() -> Any:
    """The dashboard."""
    panels = [
        *state_panels(),
        row("Polls"),
        (age_panel(), 12, 8),
        (errors_panel(), 12, 8),
        (latency_panel(), 8, 8),
        (attempts_panel(), 8, 8),
        (skips_panel(), 8, 8),
        row("Reports"),
        *report_panels(),
        row("People"),
        *people_panels(),
        row("Process"),
        *process_panels(),
    ]
    return dashboard(
        "ringostat-exporter",
        "Ringostat / Exporter",
        "Whether the exporter and its numbers can be trusted.",
        "now-6h",
        [window_variable()],
        panels,
    )

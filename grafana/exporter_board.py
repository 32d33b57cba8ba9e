"""Ringostat / Exporter: for whoever keeps the exporter running."""

from typing import Any

from grafana.parts import (
    MATCHERS,
    TODAY_MATCHERS,
    WINDOW_MATCHERS,
    dashboard,
    instant_query,
    range_query,
    row,
    stat,
    thresholds,
    timeseries,
    value_mappings,
    window_variable,
)

PROCESS_MATCHERS = 'job=~"$job", instance=~"$instance"'


def or_zero(words: str) -> str:
    """A line at 0 for each project, so that a panel says that nothing happened."""
    zero = f"sum by (project) (ringostat_project_info{{{MATCHERS}}}) * 0"
    return f' or label_replace({zero}, "reason", "{words}", "", "")'


def state_panels() -> list[tuple[Any, int, int]]:
    """Is it well?"""
    up = stat(
        "Projects",
        "Whether the newest request of every window succeeded.",
        "short",
        instant_query(f"max by (project) (ringostat_up{{{MATCHERS}}})", "{{project}}"),
    ).mappings(value_mappings(v0=("Down", "red"), v1=("Up", "green")))
    catalog = stat(
        "Custom statuses",
        "Whether the newest request for the custom statuses succeeded.",
        "short",
        instant_query(
            f"max by (project) (ringostat_custom_statuses_up{{{MATCHERS}}})", "{{project}}"
        ),
    ).mappings(value_mappings(v0=("Down", "red"), v1=("Up", "green")))
    good = "ringostat_exporter_config_last_reload_successful"
    reload = stat(
        "Configuration",
        "Whether the configuration was good when it was last read.",
        "short",
        instant_query(f"min({good}{{{PROCESS_MATCHERS}}})"),
    ).mappings(value_mappings(v0=("Refused", "red"), v1=("Good", "green")))
    version = stat(
        "Version",
        "The exporter's version by instance.",
        "short",
        instant_query(
            f"max by (version) (ringostat_exporter_build_info{{{PROCESS_MATCHERS}}})",
            "{{version}}",
        ),
    ).text_mode("name")
    return [(up, 10, 4), (catalog, 8, 4), (reload, 3, 4), (version, 3, 4)]


def poll_panels() -> list[tuple[Any, int, int]]:
    """Between the exporter and Ringostat."""
    age = timeseries(
        "Age of the data",
        "How long ago the chosen window was last answered well.",
        "s",
        range_query(
            "time() - max by (project) "
            f"(ringostat_report_last_success_timestamp_seconds{{{WINDOW_MATCHERS}}})",
            "{{project}}",
        ),
    )
    errors = timeseries(
        "Failed requests by reason",
        "Requests that failed after their retries.",
        "short",
        range_query(
            "sum by (project, reason) "
            f"(increase(ringostat_poll_errors_total{{{MATCHERS}}}[$__rate_interval])) > 0"
            + or_zero("no failure"),
            "{{project}} {{reason}}",
        ),
    )
    buckets = f"ringostat_api_request_duration_seconds_bucket{{{PROCESS_MATCHERS}}}"

    def quantile(of: float) -> Any:
        text = f"histogram_quantile({of}, sum by (le, method) (rate({buckets}[$__rate_interval])))"
        # A method that is not asked in a while has no time: NaN, which is not 0 or more.
        return range_query(f"{text} >= 0", f"{{{{method}}}} p{of * 100:g}")

    latency = timeseries(
        "Latency of Ringostat",
        "Time of one attempt, failed ones included: median and 99th percentile.",
        "s",
        quantile(0.5),
        quantile(0.99),
    )
    attempts = timeseries(
        "Attempts",
        "Attempts of requests by method; retries count.",
        "reqps",
        range_query(
            f"sum by (method) (rate(ringostat_api_requests_total{{{PROCESS_MATCHERS}}}[$__rate_interval]))",
            "{{method}}",
        ),
    )
    skips = timeseries(
        "Skipped polls and restarts",
        "Polls that fell out because the one before took too long, and restarts of a poll loop.",
        "short",
        range_query(
            "sum by (project) "
            f"(increase(ringostat_polls_skipped_total{{{MATCHERS}}}[$__rate_interval]))",
            "{{project}} skipped",
        ),
        range_query(
            "sum by (project) "
            f"(increase(ringostat_poller_restarts_total{{{MATCHERS}}}[$__rate_interval]))",
            "{{project}} restarts",
        ),
    )
    return [(age, 12, 8), (errors, 12, 8), (latency, 8, 8), (attempts, 8, 8), (skips, 8, 8)]


def report_panels() -> list[tuple[Any, int, int]]:
    """Can the numbers be trusted?"""
    missing = timeseries(
        "Elapsed less covered",
        "Time since the project's midnight that today's report does not account for. Near 0 is "
        "right; a constant number of quarters of an hour is a wrong time zone; growing is frozen.",
        "s",
        range_query(
            "max by (project) ("
            f"ringostat_report_last_success_timestamp_seconds{{{TODAY_MATCHERS}}}"
            f" - ringostat_report_window_start_timestamp_seconds{{{TODAY_MATCHERS}}}"
            f" - ringostat_report_covered_seconds{{{TODAY_MATCHERS}}})",
            "{{project}}",
        ),
    )
    rows = timeseries(
        "Odd rows",
        "Rows of the chosen window whose sum differs from the others', and names that came twice.",
        "short",
        range_query(
            f"max by (project) (ringostat_report_inconsistent_employees{{{WINDOW_MATCHERS}}})",
            "{{project}} inconsistent",
        ),
        range_query(
            f"max by (project) (ringostat_report_duplicate_employees{{{WINDOW_MATCHERS}}})",
            "{{project}} duplicate",
        ),
    )
    anomalies = timeseries(
        "Anomalies by reason",
        "Values and rows that were not as they should be.",
        "short",
        range_query(
            "sum by (project, reason) "
            f"(increase(ringostat_report_anomalies_total{{{MATCHERS}}}[$__rate_interval])) > 0"
            + or_zero("no anomaly"),
            "{{project}} {{reason}}",
        ),
    )
    return [(missing, 8, 8), (rows, 8, 8), (anomalies, 8, 8)]


def process_panels() -> list[tuple[Any, int, int]]:
    """The process itself."""
    memory = timeseries(
        "Memory",
        "Resident memory of the exporter.",
        "bytes",
        range_query(
            f"max by (instance) (process_resident_memory_bytes{{{PROCESS_MATCHERS}}})",
            "{{instance}}",
        ),
    )
    series = timeseries(
        "Series of a scrape",
        "How many samples Prometheus took from one scrape.",
        "short",
        range_query(
            f"max by (instance) (scrape_samples_scraped{{{PROCESS_MATCHERS}}})", "{{instance}}"
        ),
    )
    lag_buckets = f"ringostat_exporter_event_loop_lag_seconds_bucket{{{PROCESS_MATCHERS}}}"
    lag = timeseries(
        "Event loop lag",
        "How late a timer woke up: 99th percentile.",
        "s",
        range_query(
            "histogram_quantile(0.99, sum by (le, instance) "
            f"(rate({lag_buckets}[$__rate_interval])))",
            "{{instance}}",
        ),
    )
    scrape = timeseries(
        "Scrape duration",
        "How long Prometheus took for a scrape.",
        "s",
        range_query(
            f"max by (instance) (scrape_duration_seconds{{{PROCESS_MATCHERS}}})", "{{instance}}"
        ),
    ).thresholds(thresholds((None, "green")))
    return [(memory, 6, 7), (series, 6, 7), (lag, 6, 7), (scrape, 6, 7)]


def build() -> Any:
    """The dashboard."""
    panels = [
        *state_panels(),
        row("Polls"),
        *poll_panels(),
        row("Reports"),
        *report_panels(),
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

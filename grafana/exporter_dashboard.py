"""Ringostat / Exporter: for those who keep the exporter running."""

from typing import Any

from grafana import navigation
from grafana.exporter_people import people_panels, up_or_down
from grafana.fields import thresholds, value_mappings
from grafana.layout import Board, SizedPanel, dashboard, row
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
from grafana.wording import Language

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


def state_panels(_: Language) -> list[SizedPanel]:
    """Whether the exporter is well."""
    up = stat(
        _("Projects"),
        _("Whether the newest request of every window succeeded."),
        "short",
        instant_query(f"max by (project) (ringostat_up{{{MATCHERS}}})", "{{project}}"),
    ).mappings(up_or_down(_))
    custom_statuses_up = f"ringostat_custom_statuses_up{{{MATCHERS}}}"
    catalog = stat(
        _("Custom statuses"),
        _("Whether the newest request for the custom statuses succeeded."),
        "short",
        instant_query(f"max by (project) ({custom_statuses_up})", "{{project}}"),
    ).mappings(up_or_down(_))
    reload_successful = "ringostat_exporter_config_last_reload_successful"
    reload = stat(
        _("Configuration"),
        _("Whether the configuration was good when it was last read."),
        "short",
        instant_query(f"min({reload_successful}{{{PROCESS_MATCHERS}}})"),
    ).mappings(value_mappings(("0", _("Refused"), "red"), ("1", _("Good"), "green")))
    build_info = f"ringostat_exporter_build_info{{{PROCESS_MATCHERS}}}"
    version = stat(
        _("Version"),
        _("The exporter's version by instance."),
        "short",
        instant_query(f"max by (version) ({build_info})", "{{version}}"),
    ).text_mode("name")
    return [(up, 10, 4), (catalog, 8, 4), (reload, 3, 4), (version, 3, 4)]


def age_panel(_: Language) -> Panel:
    """The age of the chosen window's data."""
    return timeseries(
        _("Age of the data"),
        _("How long ago the chosen window was last answered well."),
        "s",
        range_query(
            f"time() - max by (project) ({LAST_SUCCESS}{{{WINDOW_MATCHERS}}})", "{{project}}"
        ),
    )


def errors_panel(_: Language) -> Panel:
    """Failed requests."""
    return timeseries(
        _("Failed requests by reason"),
        _("Requests that failed after their retries."),
        "short",
        range_query(
            by_reason("ringostat_poll_errors_total", otherwise=_("no failure")),
            "{{project}} {{reason}}",
        ),
    )


def latency_panel(_: Language) -> Panel:
    """How fast Ringostat answers."""
    buckets = f"ringostat_api_request_duration_seconds_bucket{{{PROCESS_MATCHERS}}}"

    def quantile(of: float) -> Any:
        rates = f"sum by (le, method) (rate({buckets}[$__rate_interval]))"
        # A method without recent requests has the quantile NaN, which `>= 0` leaves out.
        return range_query(
            f"histogram_quantile({of}, {rates}) >= 0", f"{{{{method}}}} p{of * 100:g}"
        )

    return timeseries(
        _("Latency of Ringostat"),
        _("Time of one attempt, failed ones included: median and 99th percentile."),
        "s",
        quantile(0.5),
        quantile(0.99),
    )


def attempts_panel(_: Language) -> Panel:
    """How often Ringostat is asked."""
    requests = f"ringostat_api_requests_total{{{PROCESS_MATCHERS}}}"
    return timeseries(
        _("Attempts"),
        _("Attempts of requests by method; retries count."),
        "reqps",
        range_query(f"sum by (method) (rate({requests}[$__rate_interval]))", "{{method}}"),
    )


def skips_panel(_: Language) -> Panel:
    """Polls that were skipped, and poll loops that recovered."""
    skipped = increase("ringostat_polls_skipped_total")
    restarts = increase("ringostat_poller_restarts_total")
    return timeseries(
        _("Skipped polls and restarts"),
        _("Polls skipped because the previous one took too long, and restarts of a poll loop."),
        "short",
        range_query(f"sum by (project) ({skipped})", _("{{project}} skipped")),
        range_query(f"sum by (project) ({restarts})", _("{{project}} restarts")),
    )


def report_panels(_: Language) -> list[SizedPanel]:
    """Whether the numbers can be trusted."""
    missing = timeseries(
        _("Elapsed less covered"),
        _(
            "Time since the project's midnight that today's report does not account for. Near 0 "
            "is right; a constant number of quarters of an hour is a wrong time zone; growing is"
            " frozen."
        ),
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
        _("Odd rows"),
        _(
            "Rows of the chosen window whose sum differs from the others', and names that came "
            "twice."
        ),
        "short",
        range_query(f"max by (project) ({inconsistent})", _("{{project}} inconsistent")),
        range_query(f"max by (project) ({duplicate})", _("{{project}} duplicate")),
    )
    anomalies = timeseries(
        _("Anomalies by reason"),
        _("Values and rows that were not as they should be."),
        "short",
        range_query(
            by_reason("ringostat_report_anomalies_total", otherwise=_("no anomaly")),
            "{{project}} {{reason}}",
        ),
    )
    return [(missing, 8, 8), (rows, 8, 8), (anomalies, 8, 8)]


def process_panels(_: Language) -> list[SizedPanel]:
    """The process and its scrapes."""

    def by_instance(metric: str) -> Any:
        series = f"{metric}{{{PROCESS_MATCHERS}}}"
        return range_query(f"max by (instance) ({series})", "{{instance}}")

    memory = timeseries(
        _("Memory"),
        _("Resident memory of the exporter."),
        "bytes",
        by_instance("process_resident_memory_bytes"),
    )
    samples = timeseries(
        _("Series of a scrape"),
        _("How many samples Prometheus took from one scrape."),
        "short",
        by_instance("scrape_samples_scraped"),
    )
    lag_buckets = f"ringostat_exporter_event_loop_lag_seconds_bucket{{{PROCESS_MATCHERS}}}"
    lag_rates = f"sum by (le, instance) (rate({lag_buckets}[$__rate_interval]))"
    lag = timeseries(
        _("Event loop lag"),
        _("How late a timer woke up: 99th percentile."),
        "s",
        range_query(f"histogram_quantile(0.99, {lag_rates})", "{{instance}}"),
    )
    scrape = timeseries(
        _("Scrape duration"),
        _("How long Prometheus took for a scrape."),
        "s",
        by_instance("scrape_duration_seconds"),
    ).thresholds(thresholds((None, "green")))
    return [(memory, 6, 7), (samples, 6, 7), (lag, 6, 7), (scrape, 6, 7)]


def build(_: Language) -> Any:
    """The dashboard."""
    panels = [
        *state_panels(_),
        row(_("Polls")),
        (age_panel(_), 12, 8),
        (errors_panel(_), 12, 8),
        (latency_panel(_), 8, 8),
        (attempts_panel(_), 8, 8),
        (skips_panel(_), 8, 8),
        row(_("Reports")),
        *report_panels(_),
        row(_("People")),
        *people_panels(_),
        row(_("Process")),
        *process_panels(_),
    ]
    return dashboard(
        _,
        Board(
            name=navigation.EXPORTER,
            title=_("Ringostat / Exporter"),
            description=_("Whether the exporter and its numbers can be trusted."),
            time_from="now-6h",
            panels=panels,
            variables=[window_variable(_)],
            links=[navigation.link_to_the_others(_)],
        ),
    )

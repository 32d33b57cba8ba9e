"""The exporter's own metrics."""

from prometheus_client import CollectorRegistry

from exporter.exposition import metric_families
from exporter.exposition.telemetry import Telemetry


def collected(telemetry: Telemetry) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for metric in telemetry.collect()
        for sample in metric.samples
    }


def test_what_it_is_told_is_what_it_shows() -> None:
    """Attempts, reloads and lag appear as samples; a failed reload keeps the last good time."""
    telemetry = Telemetry(CollectorRegistry(), "1.2.3", "abc", (1, 4))
    method = (("method", "getCustomStatuses"),)
    assert collected(telemetry)["ringostat_api_requests_total", method] == 0
    telemetry.attempted("getCustomStatuses", 0.3)
    telemetry.reloaded(1700000000.0)
    telemetry.lagged(-0.1)
    telemetry.lagged(0.02)
    found = collected(telemetry)
    assert found["ringostat_api_requests_total", method] == 1
    assert found["ringostat_api_request_duration_seconds_sum", method] == 0.3
    assert found["ringostat_exporter_shard_info", (("shard", "1"), ("total", "4"))] == 1
    assert found["ringostat_exporter_config_last_reload_successful", ()] == 1
    assert found["ringostat_exporter_event_loop_lag_seconds_count", ()] == 2
    telemetry.reload_failed()
    found = collected(telemetry)
    assert found["ringostat_exporter_config_last_reload_successful", ()] == 0
    stamp = "ringostat_exporter_config_last_reload_success_timestamp_seconds"
    assert found[stamp, ()] == 1700000000.0


def test_its_families_are_the_catalogues_and_none_has_created_samples() -> None:
    """Types, HELP and labels are those of the one list of families."""
    telemetry = Telemetry(CollectorRegistry(), "1.2.3", "abc", (0, 1))
    metrics = {metric.name: metric for metric in telemetry.collect()}
    for family in metric_families.OF_PROCESS:
        metric = metrics[family.base]
        assert (metric.type, metric.documentation) == (family.kind, family.help)
        for sample in metric.samples:
            assert set(sample.labels) - {"le"} == set(family.labels)
    assert not any(
        name.startswith("_created") or "_created" in name for name, _ in collected(telemetry)
    )
    for other in ("process_cpu_seconds", "python_info", "python_gc_objects_collected"):
        assert other in metrics


def test_the_buckets_are_the_contracts() -> None:
    """The histogram of attempts has the documented bounds."""
    telemetry = Telemetry(CollectorRegistry(), "1", "a", (0, 1))
    bounds = {
        dict(labels)["le"]
        for name, labels in collected(telemetry)
        if name == "ringostat_api_request_duration_seconds_bucket"
    }
    assert bounds == {
        "0.05",
        "0.1",
        "0.25",
        "0.5",
        "1.0",
        "2.5",
        "5.0",
        "10.0",
        "15.0",
        "30.0",
        "+Inf",
    }

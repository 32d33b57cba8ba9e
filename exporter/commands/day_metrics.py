"""A day of a project as OpenMetrics: what a scrape in its last second would have shown."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import inf

from prometheus_client.core import Metric

from exporter.errors import UsageError
from exporter.exposition import metric_families, people_families, shift_families
from exporter.exposition.rendering import END, Format, render_metrics
from exporter.exposition.samples import sample_sets
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import TODAY
from exporter.ringostat.staff import StaffList

_SHOWN = (
    metric_families.EMPLOYEE_STATUS_SECONDS,
    shift_families.SCHEDULED_SECONDS,
    shift_families.SHIFT_START,
    shift_families.SHIFT_END,
    people_families.EMPLOYEE_INFO,
    people_families.EMPLOYEE_DEPARTMENT_INFO,
    shift_families.STATUS_INFO,
    shift_families.STATUS_LIMIT,
    metric_families.REPORT_EMPLOYEES,
    metric_families.WINDOW_START,
    metric_families.WINDOW_END,
    metric_families.COVERED_SECONDS,
    metric_families.INCONSISTENT_EMPLOYEES,
    metric_families.DUPLICATE_EMPLOYEES,
)


def check_labels(labels: Mapping[str, str]) -> None:
    """Whether every series can be given these labels.

    Raises:
        UsageError: The series have a label of this name, or the value is no text.
    """
    taken = {"__name__"}.union(*(family.labels for family in _SHOWN))
    for name, value in labels.items():
        if name in taken:
            raise UsageError(f"--label={name}=...: the series have a label {name} already")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise UsageError(f"--label={name}=...: the value is not valid UTF-8")


def to_openmetrics(metrics: Iterable[Metric]) -> bytes:
    """One exposition of these families."""
    return render_metrics(metrics, Format.OPENMETRICS) + END


def metrics_of_day(snapshot: ProjectSnapshot, moment: int, labels: dict[str, str]) -> list[Metric]:
    """The families of a day as a scrape at a Unix time would have had them."""
    metrics: dict[str, Metric] = {}
    for samples in sample_sets(_of_its_people(snapshot), moment):
        family = samples.family
        if family not in _SHOWN:
            continue
        metric = metrics.setdefault(family.name, Metric(family.base, family.help, family.kind))
        for values, number in sorted(samples.rows):
            own = dict(zip(family.labels, values, strict=True))
            metric.add_sample(family.name, own | labels, number, timestamp=moment)
    return [metrics[family.name] for family in _SHOWN if family.name in metrics]


def _of_its_people(snapshot: ProjectSnapshot) -> ProjectSnapshot:
    """The snapshot with the staff list of those alone whom the day's report names.

    Who is on the list now need not have been there on that day.
    """
    staff, answer = snapshot.staff.value, snapshot.answer_of(TODAY)
    if staff is None or answer is None:
        return snapshot
    named = answer.report.employees
    members = {name: member for name, member in staff.members.items() if name in named}
    # It was never too old: without this, departments would be there with the list and without it.
    listing = replace(snapshot.staff, value=StaffList(members), received=inf)
    return replace(snapshot, staff=listing)


def merged(metrics: list[Metric]) -> Metric:
    """One family of many days: contiguous, as OpenMetrics wants it, and in the order of time."""
    first = metrics[0]
    whole = Metric(first.name, first.documentation, first.type)
    whole.samples = sorted(
        (sample for metric in metrics for sample in metric.samples),
        key=lambda sample: (sorted(sample.labels.items()), sample.timestamp),
    )
    return whole

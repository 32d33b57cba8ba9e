"""A project's snapshot -> the samples of its metric families. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter

from exporter.errors import reasons
from exporter.exposition import metric_families, people_families
from exporter.exposition.family import Family
from exporter.exposition.named import statuses_lifetime
from exporter.exposition.people_samples import people_sets
from exporter.exposition.sample_sets import NO_KEY, EmployeeSamples, Row, Samples, SampleSet
from exporter.exposition.shift_samples import shift_sets, status_sets
from exporter.exposition.status_labels import label_catalog, labels_of
from exporter.polling.lifetime import ALWAYS, Lifetime
from exporter.polling.recurring import queries_of
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import TODAY
from exporter.ringostat.names import ShownNames, cut, normalise
from exporter.ringostat.rows import Anomaly


def _window_sets(
    snapshot: ProjectSnapshot, labels: Mapping[str, str], names: ShownNames
) -> Iterator[SampleSet]:
    """What a window's answer says, and the bounds it was asked for: ends with the answer.

    `ringostat_employee_status_seconds{employee="Ann",status="online",window="today",...} 5515`
    """
    project = snapshot.spec.name
    for state in snapshot.windows:
        if state.answer is None:
            continue
        report, period, window = state.answer.report, state.answer.period, state.window.name
        lifetimes, employees = (snapshot.lifetime_of(state),), names.select(report.employees)
        yield EmployeeSamples(
            metric_families.EMPLOYEE_STATUS_SECONDS,
            {"project": project, "window": window},
            labels,
            employees,
            lifetimes,
        )
        values: list[tuple[Family, float | None]] = [
            (metric_families.REPORT_EMPLOYEES, len(employees)),
            (metric_families.WINDOW_START, period.begins),
            (metric_families.WINDOW_END, period.ends),
            (metric_families.COVERED_SECONDS, report.covered_seconds),
            (metric_families.INCONSISTENT_EMPLOYEES, report.inconsistent_employees),
            (metric_families.DUPLICATE_EMPLOYEES, len(report.duplicates)),
        ]
        for family, value in values:
            if value is not None:
                row = ((project, window), float(value))
                yield Samples(family, (row,), lifetimes)


def _catalog_set(snapshot: ProjectSnapshot) -> Samples:
    """`ringostat_custom_status_info{project="Sales",status_id="1763",status="At lunch"} 1`."""
    catalog, spec = snapshot.catalog, snapshot.spec
    labels = label_catalog(catalog.value)
    rows = tuple(
        ((spec.name, cut(normalise(status.id)), labels[status.id]), 1.0)
        for status in catalog.value
    )
    lifetime = Lifetime(stale=catalog.received + spec.catalog_stale_after)
    return Samples(metric_families.CUSTOM_STATUS_INFO, rows, (lifetime,))


def _lasting_sets(snapshot: ProjectSnapshot) -> Iterator[Samples]:
    """What stays while the project is configured."""
    spec, name = snapshot.spec, snapshot.spec.name
    families: list[tuple[Family, Iterable[Row]]] = [
        (
            metric_families.PROJECT_INFO,
            [((name, str(spec.project_id), spec.zone.key), 1.0)],
        ),
        *((family, [((name,), float(up))]) for family, up in _ups(snapshot) if up is not None),
        (
            metric_families.LAST_SUCCESS,
            (
                ((name, state.window.name), state.last_success)
                for state in snapshot.windows
                if state.last_success is not None
            ),
        ),
        (
            metric_families.ANOMALIES,
            (
                ((name, str(reason)), float(snapshot.anomalies.get(reason, 0)))
                for reason in Anomaly
            ),
        ),
        (metric_families.POLLS_SKIPPED, [((name,), float(snapshot.polls_skipped))]),
        (metric_families.POLLER_RESTARTS, [((name,), float(snapshot.poller_restarts))]),
        (
            metric_families.POLL_ERRORS,
            (
                ((name, method, reason), float(snapshot.poll_errors.get((method, reason), 0)))
                for method in _methods(snapshot)
                for reason in reasons()
            ),
        ),
    ]
    return (Samples(family, tuple(rows)) for family, rows in families)


def _ups(snapshot: ProjectSnapshot) -> Iterable[tuple[Family, bool | None]]:
    """How the newest requests ended; None before the first."""
    return (
        (metric_families.UP, snapshot.up),
        (metric_families.CUSTOM_STATUSES_UP, snapshot.catalog.succeeded),
        (people_families.STAFF_UP, snapshot.staff.succeeded),
        (people_families.SIP_ACCOUNTS_UP, snapshot.sip_accounts.succeeded),
    )


def _methods(snapshot: ProjectSnapshot) -> Iterable[str]:
    """The methods that the project is asked, and those that failed before a reload."""
    asked = (method for query in queries_of(snapshot.spec) for method in query.methods)
    return dict.fromkeys((*asked, *(method for method, _ in snapshot.poll_errors)))


def _presence_sets(
    snapshot: ProjectSnapshot, labels: Mapping[str, str], names: ShownNames
) -> Iterator[EmployeeSamples]:
    """Who is on what, since when, and what was gained; the gains outlive the day.

    `ringostat_employee_current_status{project="Sales",employee="Ann",status="online"} 1`
    """
    presence, spec = snapshot.presence, snapshot.spec
    if presence is None:
        return
    fixed = {"project": spec.name}
    today = snapshot.state_of(TODAY)
    if today is not None and presence.newest is not None:
        people = names.select(presence.people).items()
        day, now = snapshot.lifetime_of(today), statuses_lifetime(snapshot)
        held = {name: {person.status: 1} for name, person in people if person.status is not None}
        yield EmployeeSamples(metric_families.CURRENT_STATUS, fixed, labels, held, (now,))
        for family, lifetime, moment_of in (
            (metric_families.CURRENT_STATUS_SINCE, now, attrgetter("since")),
            (metric_families.FIRST_ACTIVE, day, attrgetter("first_active")),
            (metric_families.LAST_ACTIVE, day, attrgetter("last_active")),
        ):
            moments = {name: moment_of(person) for name, person in people}
            known = {name: {NO_KEY: at} for name, at in moments.items() if at is not None}
            yield EmployeeSamples(family, fixed, {NO_KEY: ""}, known, (lifetime,))
    # Neither staleness nor midnight ends a counter: it goes with the names of two days.
    counted = names.select(presence.counted)
    yield EmployeeSamples(metric_families.EMPLOYEE_TIME, fixed, labels, counted, (ALWAYS,))


def sample_sets(snapshot: ProjectSnapshot, moment: float | None = None) -> Iterator[SampleSet]:
    """Everything that a snapshot exposes; empty sets are left out.

    Args:
        snapshot: What is known.
        moment: Unix time for which it is shown; without one, what follows the clock is left out.
    """
    labels, names = labels_of(snapshot), snapshot.spec.names()
    sets = (
        *_window_sets(snapshot, labels, names),
        *_presence_sets(snapshot, labels, names),
        *people_sets(snapshot, names),
        *shift_sets(snapshot, names, moment),
        *status_sets(snapshot, label_catalog(snapshot.catalog.value) | labels),
        _catalog_set(snapshot),
        *_lasting_sets(snapshot),
    )
    for samples in sets:
        if not _is_empty(samples):
            yield samples


def _is_empty(samples: SampleSet) -> bool:
    """Whether it is seen at once that there is nothing."""
    if isinstance(samples, EmployeeSamples):
        return not samples.employees
    return isinstance(samples, Samples) and not samples.rows

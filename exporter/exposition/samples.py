"""A project's snapshot -> metric families. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from prometheus_client.core import Metric

from exporter.errors import reasons
from exporter.exposition import metric_families
from exporter.exposition.metric_families import Family
from exporter.polling.presence import Presence
from exporter.polling.snapshot import Lifetime, ProjectSnapshot
from exporter.polling.updates import TODAY
from exporter.polling.window import midnight
from exporter.ringostat.names import cut, normalise
from exporter.ringostat.report import BUILT_IN, Anomaly, CustomStatus
from exporter.ringostat.rpc import METHODS

Row = tuple[tuple[str, ...], float]
# The status key of a family that has no label of that name.
NO_STATUS = ""


@dataclass(frozen=True, slots=True)
class Samples:
    """A few samples of one family that come and go together.

    Attributes:
        family: Which.
        rows: Values of the family's labels in its order, and the sample's value.
        lifetime: When they may be shown; None: while the project is configured. Two that differ
            in nothing else are equal: their lines are the same.
    """

    family: Family
    rows: tuple[Row, ...]
    lifetime: Lifetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class EmployeeSamples:
    """The samples of an employee family, which are nearly all of a page.

    Attributes:
        family: Which; it has the label `employee`.
        fixed: Labels that are the same for all of them.
        statuses: Status key -> its label; `NO_STATUS` alone in a family without that label.
        people: Employee -> status key -> value.
        lifetime: When they may be shown; as above.
    """

    family: Family
    fixed: Mapping[str, str]
    statuses: Mapping[str, str]
    people: Mapping[str, Mapping[str, float]]
    lifetime: Lifetime = field(compare=False)

    @property
    def rows(self) -> Iterator[Row]:
        """As `Samples` has them."""
        for employee, values in self.people.items():
            for key, value in values.items():
                labels = {**self.fixed, "employee": employee, "status": self.statuses[key]}
                yield tuple(labels[name] for name in self.family.labels), float(value)


SampleSet = Samples | EmployeeSamples


def to_metric(family: Family, rows: Iterable[Row]) -> Metric:
    """The family as prometheus_client knows it."""
    metric = Metric(family.base, family.help, family.kind)
    for values, number in rows:
        metric.add_sample(family.name, dict(zip(family.labels, values, strict=True)), number)
    return metric


def _unique(wanted: str, key: str, taken: set[str]) -> str:
    """A label for a key: the wanted word, or `word (key)` where that is taken."""
    label = cut(wanted)
    if label in taken:
        label = cut(f"{wanted} ({key})")
    number = 2
    while label in taken:
        label = cut(f"{wanted} ({key}) #{number}")
        number += 1
    taken.add(label)
    return label


def label_catalog(catalog: Iterable[CustomStatus]) -> dict[str, str]:
    """Custom status id -> its label: the title, or `title (id)` where that is not its alone."""
    statuses = list(catalog)
    titles = Counter(cut(status.title) for status in statuses)
    titles.update(BUILT_IN)
    taken = set(BUILT_IN)
    labels: dict[str, str] = {}
    for status in sorted(statuses, key=lambda one: titles[cut(one.title)]):
        number = normalise(status.id)
        shared = titles[cut(status.title)] > 1
        title = f"{status.title} ({number})" if shared else status.title
        labels[status.id] = _unique(title, number, taken)
    return labels


def label_statuses(keys: Collection[str], catalog: Mapping[str, str]) -> dict[str, str]:
    """The API's status key -> its label, no label twice.

    Built-ins are themselves, the id of a custom status is shown under its title, anything else
    under its own cleaned name.
    """
    labels = {key: key for key in BUILT_IN if key in keys}
    labels |= {key: catalog[key] for key in keys if key in catalog and key not in labels}
    taken = set(BUILT_IN) | set(labels.values())
    for key in sorted(set(keys) - labels.keys()):
        name = normalise(key)
        labels[key] = _unique(name, name, taken)
    return labels


def _window_pieces(snapshot: ProjectSnapshot, labels: Mapping[str, str]) -> Iterator[SampleSet]:
    """What a window's answer says, and the bounds it was asked for: ends with the answer.

    `ringostat_employee_status_seconds{employee="Ann",status="online",window="today",...} 5515`
    """
    for state in snapshot.windows:
        if state.answer is None:
            continue
        answer, report, window = state.answer, state.answer.report, state.window.name
        yield EmployeeSamples(
            metric_families.EMPLOYEE_STATUS_SECONDS,
            {"project": snapshot.name, "window": window},
            labels,
            report.employees,
            answer.lifetime,
        )
        figures: list[tuple[Family, float | None]] = [
            (metric_families.REPORT_EMPLOYEES, len(report.employees)),
            (metric_families.WINDOW_START, answer.start),
            (metric_families.WINDOW_END, answer.end),
            (metric_families.COVERED_SECONDS, report.covered_seconds),
            (metric_families.INCONSISTENT_EMPLOYEES, report.inconsistent_employees),
            (metric_families.DUPLICATE_EMPLOYEES, len(report.duplicates)),
        ]
        for family, value in figures:
            if value is not None:
                row = ((snapshot.name, window), float(value))
                yield Samples(family, (row,), answer.lifetime)


def _catalog_piece(snapshot: ProjectSnapshot, labels: Mapping[str, str]) -> Samples:
    """`ringostat_custom_status_info{project="Sales",status_id="1763",status="At lunch"} 1`."""
    rows = tuple(
        ((snapshot.name, cut(normalise(status.id)), labels[status.id]), 1.0)
        for status in snapshot.catalog.statuses
    )
    lifetime = Lifetime(float("-inf"), float("inf"), snapshot.catalog.stale)
    return Samples(metric_families.CUSTOM_STATUS_INFO, rows, lifetime)


def _lasting_pieces(snapshot: ProjectSnapshot) -> Iterator[Samples]:
    """What stays while the project is configured."""
    name = snapshot.name
    ups = (
        (metric_families.UP, snapshot.up),
        (metric_families.CUSTOM_STATUSES_UP, snapshot.catalog.succeeded),
    )
    found: list[tuple[Family, Iterable[Row]]] = [
        (
            metric_families.PROJECT_INFO,
            [((name, str(snapshot.project_id), snapshot.timezone), 1.0)],
        ),
        *((family, [((name,), float(up))]) for family, up in ups if up is not None),
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
            (((name, str(one)), float(snapshot.anomalies.get(one, 0))) for one in Anomaly),
        ),
        (metric_families.POLLS_SKIPPED, [((name,), float(snapshot.polls_skipped))]),
        (metric_families.POLLER_RESTARTS, [((name,), float(snapshot.poller_restarts))]),
        (
            metric_families.POLL_ERRORS,
            (
                ((name, method, reason), float(snapshot.poll_errors.get((method, reason), 0)))
                for method in METHODS
                for reason in reasons()
            ),
        ),
    ]
    return (Samples(family, tuple(rows)) for family, rows in found)


def presence_pieces(
    snapshot: ProjectSnapshot, presence: Presence, labels: Mapping[str, str]
) -> Iterator[EmployeeSamples]:
    """Who is on what, since when, and what was gained; the gains outlive the day.

    `ringostat_employee_current_status{project="Sales",employee="Ann",status="online"} 1`
    """
    fixed = {"project": snapshot.name}
    today = snapshot.state_of(TODAY).answer
    if today is not None:
        people = presence.people.items()
        lifetime = today.lifetime
        now = Lifetime(
            lifetime.begins, lifetime.ends, min(lifetime.stale, snapshot.statuses_stale)
        )
        held = {who: {one.status: 1} for who, one in people if one.status is not None}
        yield EmployeeSamples(metric_families.CURRENT_STATUS, fixed, labels, held, now)
        moments = (
            (metric_families.CURRENT_STATUS_SINCE, now, {who: one.since for who, one in people}),
            (
                metric_families.FIRST_ACTIVE,
                lifetime,
                {who: one.first_active for who, one in people},
            ),
            (metric_families.LAST_ACTIVE, lifetime, {who: one.last_active for who, one in people}),
        )
        for family, life, found in moments:
            known = {who: {NO_STATUS: at} for who, at in found.items() if at is not None}
            yield EmployeeSamples(family, fixed, {NO_STATUS: ""}, known, life)
    for day in sorted(set(presence.named.values())):
        # Named on one of the last two local days: gone at the second midnight after.
        until = midnight(day + timedelta(days=2), ZoneInfo(snapshot.timezone))
        life = Lifetime(float("-inf"), until, float("inf"))
        counted = {
            who: presence.gained[who] for who, last in presence.named.items() if last == day
        }
        yield EmployeeSamples(metric_families.EMPLOYEE_TIME, fixed, labels, counted, life)


def _keys(snapshot: ProjectSnapshot) -> set[str]:
    """Every status key that is shown anywhere, so that each has one label everywhere."""
    rows = [
        row
        for state in snapshot.windows
        if state.answer is not None
        for row in state.answer.report.employees.values()
    ]
    rows += snapshot.presence.gained.values() if snapshot.presence else []
    return set[str]().union(*rows)


def labels_of(snapshot: ProjectSnapshot) -> dict[str, str]:
    """Every status key of a project -> the word that is shown for it, everywhere the same."""
    return label_statuses(_keys(snapshot), label_catalog(snapshot.catalog.statuses))


def pieces(snapshot: ProjectSnapshot) -> Iterator[SampleSet]:
    """Everything that a snapshot exposes, family by family; empty pieces are left out."""
    catalog = label_catalog(snapshot.catalog.statuses)
    labels = label_statuses(_keys(snapshot), catalog)
    people = [
        *_window_pieces(snapshot, labels),
        *(presence_pieces(snapshot, snapshot.presence, labels) if snapshot.presence else ()),
    ]
    for piece in (*people, _catalog_piece(snapshot, catalog), *_lasting_pieces(snapshot)):
        if piece.people if isinstance(piece, EmployeeSamples) else piece.rows:
            yield piece

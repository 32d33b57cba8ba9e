"""What the pages say of people: every sample of the people families, as plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client.openmetrics import parser as openmetrics_parser

from tests.support.exporting import ERRORS, Samples, samples, select
from tests.support.processes import get

ANOMALIES = "ringostat_report_anomalies_total"
_INFO = "ringostat_employee_info"
_DEPARTMENT = "ringostat_employee_department_info"
_ONLINE = "ringostat_sip_account_online"
_SPEAKING = "ringostat_sip_account_speaking"
_UPS = ("ringostat_staff_up", "ringostat_sip_accounts_up", "ringostat_report_unlisted_employees")
# Every family about people, and its labels, no more and no fewer.
FAMILIES = {
    _INFO: {"project", "employee", "employee_id"},
    _DEPARTMENT: {"project", "employee", "department"},
    _ONLINE: {"project", "sip_account", "employee"},
    _SPEAKING: {"project", "sip_account", "employee"},
    **{name: {"project"} for name in _UPS},
}
OPENMETRICS = "application/openmetrics-text;version=1.0.0"
Flags = tuple[float | None, float | None]


@dataclass(frozen=True)
class People:
    """Everything that one page says of the people of one project.

    Attributes:
        ids: Employee -> employee_id.
        departments: Employee -> the departments.
        accounts: (SIP account, employee) -> online and speaking.
        staff_up: None where there is no such sample; likewise the next two.
        sip_up: Whether both lists were had.
        unlisted: The employees whom the staff list does not know.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, frozenset[str]] = field(default_factory=dict)
    accounts: Mapping[tuple[str, str], Flags] = field(default_factory=dict)
    staff_up: float | None = None
    sip_up: float | None = None
    unlisted: float | None = None


def departments(**of: Iterable[str]) -> dict[str, frozenset[str]]:
    """Employee -> departments; `Ann_Lee` is `Ann Lee`."""
    return {name.replace("_", " "): frozenset(words) for name, words in of.items()}


def people_of(page: Samples, project: str) -> People:
    """Every sample of the people families of a project; odd labels or values are failures."""
    _check_labels(page)
    ids: dict[str, str] = {}
    members: dict[str, frozenset[str]] = {}
    for labels in _info_labels(page, _INFO, project):
        assert labels["employee"] not in ids, f"two ids: {labels}"
        ids[labels["employee"]] = labels["employee_id"]
    for labels in _info_labels(page, _DEPARTMENT, project):
        name = labels["employee"]
        members[name] = members.get(name, frozenset()) | {labels["department"]}
    online, speaking = _accounts(page, _ONLINE, project), _accounts(page, _SPEAKING, project)
    flags = {who: (online.get(who), speaking.get(who)) for who in {*online, *speaking}}
    ups = [next(iter(select(page, name, project=project).values()), None) for name in _UPS]
    return People(ids, members, flags, *ups)


def openmetrics_samples(page: bytes) -> Samples:
    """Every sample of an OpenMetrics page."""
    families = openmetrics_parser.text_string_to_metric_families(page.decode())  # type: ignore[no-untyped-call]
    found: Samples = {}
    for family in families:
        for sample in family.samples:
            found[sample.name, frozenset(sample.labels.items())] = sample.value
    return found


def people_at(address: str, project: str) -> People:
    """What a running exporter says of a project now."""
    return people_of(samples(get(address)[2]), project)


def errors_of(page: Samples, project: str) -> dict[tuple[str, str], float]:
    """(method, reason) -> failed polls, of those that are not 0."""
    found = select(page, ERRORS, project=project)
    labelled = [(dict(labels), value) for (_, labels), value in found.items()]
    return {(labels["method"], labels["reason"]): value for labels, value in labelled if value}


def bad_staff(page: Samples, project: str) -> float | None:
    """The anomalies of the staff list."""
    found = select(page, ANOMALIES, project=project, reason="bad_staff")
    return next(iter(found.values()), None)


def _check_labels(page: Samples) -> None:
    for (name, labels), value in page.items():
        if name in FAMILIES:
            assert {label for label, _ in labels} == FAMILIES[name], (name, labels)
            assert value == 1 or name not in (_INFO, _DEPARTMENT), (name, labels, value)


def _info_labels(page: Samples, name: str, project: str) -> list[dict[str, str]]:
    return [dict(labels) for _, labels in select(page, name, project=project)]


def _accounts(page: Samples, name: str, project: str) -> dict[tuple[str, str], float]:
    return {
        (dict(labels)["sip_account"], dict(labels)["employee"]): value
        for (_, labels), value in select(page, name, project=project).items()
    }

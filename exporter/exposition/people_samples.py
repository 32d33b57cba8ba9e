"""Staff, departments and SIP accounts of a snapshot -> samples. Pure.

A staff list that is too old is as none: what was shown with it is shown without it from then on,
at the very moment, since both are rendered beforehand where the moment may come before the next
rendering.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import replace

from exporter.exposition import people_families
from exporter.exposition.named import grouped, staff_lifetime, windows_of
from exporter.exposition.sample_sets import DerivedSamples, Samples, SampleSet
from exporter.polling.lifetime import Lifetime
from exporter.polling.people import AccountStates, Memberships, StaffIds
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import TODAY
from exporter.ringostat.names import ShownNames
from exporter.ringostat.staff import StaffList


def people_sets(snapshot: ProjectSnapshot, names: ShownNames) -> Iterator[SampleSet]:
    """Everything about people but their seconds and statuses."""
    fixed = {"project": snapshot.spec.name}
    staff, fresh = snapshot.staff.value, staff_lifetime(snapshot)
    if staff is not None:
        source = StaffIds(staff, names)
        yield DerivedSamples(people_families.EMPLOYEE_INFO, fixed, source, (fresh,))
        yield from _unlisted(snapshot, staff, names)
    yield from _departments(snapshot, names)
    yield from _accounts(snapshot, names)


def _unlisted(
    snapshot: ProjectSnapshot, staff: StaffList, names: ShownNames
) -> Iterator[SampleSet]:
    """`ringostat_report_unlisted_employees{project="Sales"} 0`."""
    state = snapshot.state_of(TODAY) or snapshot.windows[0]
    if state.answer is None:
        return
    missing = state.answer.report.employees.keys() - staff.members.keys()
    number = sum(names.shows(name) for name in missing)
    lifetime = Lifetime.common((snapshot.lifetime_of(state), staff_lifetime(snapshot)))
    row = ((snapshot.spec.name,), float(number))
    yield Samples(people_families.UNLISTED_EMPLOYEES, (row,), (lifetime,))


def _departments(snapshot: ProjectSnapshot, names: ShownNames) -> Iterator[SampleSet]:
    """`ringostat_employee_department_info{project="Sales",employee="Ann",department="VIP"} 1`.

    Everybody whom the staff list names, while it is fresh; and whom a window names that is shown:
    without the staff list's departments, who is not on it or once it is stale.
    """
    fixed, family = {"project": snapshot.spec.name}, people_families.EMPLOYEE_DEPARTMENT_INFO
    staff, fresh, own = snapshot.staff.value, staff_lifetime(snapshot), snapshot.spec.departments
    if staff is not None:
        source = Memberships(staff.members.keys(), staff, own, names)
        yield DerivedSamples(family, fixed, source, (fresh,))
    members = staff.members if staff is not None else {}
    for people, lifetimes in grouped(windows_of(snapshot)):
        unlisted = people if staff is None else _ordered(people, lambda name: name not in members)
        listed = _ordered(people, members.__contains__)
        later = _only_from(fresh.stale, lifetimes)
        for some, shown in ((unlisted, lifetimes), (listed, later)):
            if some and shown:
                source = Memberships(some, None, own, names)
                yield DerivedSamples(family, fixed, source, shown)


def _ordered(people: Set[str], wanted: Callable[[str], bool]) -> Set[str]:
    """Those who are wanted, in the order in which they came."""
    return dict.fromkeys(filter(wanted, people)).keys()


def _only_from(moment: float, lifetimes: Iterable[Lifetime]) -> tuple[Lifetime, ...]:
    """What is left of lifetimes from a moment of the clock of ages on."""
    return tuple(
        replace(lifetime, since=moment) for lifetime in lifetimes if moment < lifetime.stale
    )


def _accounts(snapshot: ProjectSnapshot, names: ShownNames) -> Iterator[SampleSet]:
    """`ringostat_sip_account_online{project="Sales",sip_account="demo_ann",employee="Ann"} 1`."""
    accounts, staff = snapshot.sip_accounts.value, snapshot.staff.value
    if accounts is None or _owners_to_come(snapshot, names):
        return
    spec, fresh = snapshot.spec, staff_lifetime(snapshot)
    lifetime = Lifetime(stale=snapshot.sip_accounts.received + spec.sip_stale_after)
    owned, fixed = Lifetime.common((lifetime, fresh)), {"project": spec.name}
    anonymous = _only_from(fresh.stale, [lifetime])
    for speaking, family in (
        (False, people_families.SIP_ACCOUNT_ONLINE),
        (True, people_families.SIP_ACCOUNT_SPEAKING),
    ):
        if staff is not None:
            source = AccountStates(accounts, speaking, staff, True, names)
            yield DerivedSamples(family, fixed, source, (owned,))
        if anonymous:
            source = AccountStates(accounts, speaking, staff, False, names)
            yield DerivedSamples(family, fixed, source, anonymous)


def _owners_to_come(snapshot: ProjectSnapshot, names: ShownNames) -> bool:
    """Whether accounts may be of people whom the filter hides, as a staff list would tell."""
    return names.filters and snapshot.spec.staff and snapshot.staff.value is None

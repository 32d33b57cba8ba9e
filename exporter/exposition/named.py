"""Who is named somewhere, and as long as what: windows, the staff list, the day. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace

from exporter.polling.lifetime import Lifetime
from exporter.polling.presence import GAP_INTERVALS
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.window import TODAY, Dates, bounds

# Cleaned names, and the lifetime of what names them.
Source = tuple[Set[str], Lifetime]


def staff_lifetime(snapshot: ProjectSnapshot) -> Lifetime:
    """How long the staff list may be shown; never where there is none."""
    return Lifetime(stale=snapshot.staff.received + snapshot.spec.staff_stale_after)


def statuses_lifetime(snapshot: ProjectSnapshot) -> Lifetime:
    """How long it may be shown who is on what; never where that is not known."""
    presence, today = snapshot.presence, snapshot.state_of(TODAY)
    if presence is None or presence.newest is None or today is None:
        return Lifetime(stale=float("-inf"))
    day = snapshot.lifetime_of(today)
    until = presence.newest.sent.age + GAP_INTERVALS * snapshot.spec.interval
    return replace(day, stale=min(day.stale, until))


def windows_of(snapshot: ProjectSnapshot) -> list[Source]:
    """Whom each window names, as long as it is shown."""
    return [
        (state.answer.report.employees.keys(), snapshot.lifetime_of(state))
        for state in snapshot.windows
        if state.answer is not None
    ]


def named_by(snapshot: ProjectSnapshot) -> Iterator[tuple[Set[str], tuple[Lifetime, ...]]]:
    """Whom a window or the staff list names, or a report named on this local day."""
    sources = windows_of(snapshot)
    if snapshot.staff.value is not None:
        sources.append((snapshot.staff.value.members.keys(), staff_lifetime(snapshot)))
    if snapshot.named is not None:
        day = snapshot.named.day
        begins, ends = bounds(Dates(day, day), snapshot.spec.zone)
        sources.append((snapshot.named.people, Lifetime(begins, ends)))
    return grouped(sources)


def grouped(sources: Iterable[Source]) -> Iterator[tuple[Set[str], tuple[Lifetime, ...]]]:
    """Each name once, with the lifetimes of all that name it; in the order in which they come."""
    every = list(sources)
    if not every:
        return
    first = every[0][0]
    if all(people == first for people, _ in every):  # nearly always
        yield first, tuple(lifetime for _, lifetime in every)
        return
    lifetimes_of: defaultdict[str, tuple[Lifetime, ...]] = defaultdict(tuple)
    for people, lifetime in every:
        for name in people:
            lifetimes_of[name] += (lifetime,)
    groups: defaultdict[tuple[Lifetime, ...], dict[str, None]] = defaultdict(dict)
    for name, lifetimes in lifetimes_of.items():
        groups[lifetimes][name] = None
    for lifetimes, some in groups.items():
        yield some.keys(), lifetimes

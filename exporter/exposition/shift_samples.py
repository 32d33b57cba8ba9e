"""Shifts, scheduled time and what statuses are for -> samples. Pure.

The two timestamps of a shift follow the clock: they are rendered for the moment, and again when
the next shift begins or ends, and at midnight (`next_change`).
"""

import math
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace

from exporter.exposition import shift_families
from exporter.exposition.named import named_by
from exporter.exposition.sample_sets import DerivedSamples, Samples, SampleSet
from exporter.polling import roster
from exporter.polling.duty import Duty
from exporter.polling.lifetime import Lifetime
from exporter.polling.roster import Group
from exporter.polling.shifts import Span
from exporter.polling.snapshot import ProjectSnapshot
from exporter.polling.status_rules import BUILT_IN_KINDS, kind_of
from exporter.ringostat.names import ShownNames

# What was rendered for a moment stays so long after the clock changed it: until it is rendered
# again, so that no series is missing in between.
_GRACE_SECONDS = 5.0
_NO_TEXT = ""


def next_change(snapshot: ProjectSnapshot, moment: float) -> float:
    """The next Unix time at which a shift's begin or end, or midnight, changes what is shown."""
    duty = snapshot.duty
    change = roster.next_change(duty.groups, moment) if duty is not None else None
    return math.inf if change is None else change


@dataclass(frozen=True, slots=True)
class _Edges:
    """When the shifts of some people begin, or end.

    Attributes:
        groups: People by their shifts.
        spans: The shift of each group at the moment; None on a day off.
        people: Of whom; cleaned names.
        edge: 0 for the begin, 1 for the end.
        names: Who is shown, under which label.
    """

    groups: tuple[Group, ...]
    spans: tuple[Span | None, ...]
    people: Set[str]
    edge: int
    names: ShownNames

    def __iter__(self) -> Iterator[tuple[str, str, float]]:
        return iter(self.names.in_order(self._samples()))

    def _samples(self) -> Iterator[tuple[str, str, float]]:
        for group, span in zip(self.groups, self.spans, strict=True):
            for name in group.names if span is not None else ():
                if name in self.people and self.names.shows(name):
                    assert span is not None
                    yield self.names.label(name), _NO_TEXT, span[self.edge]


@dataclass(frozen=True, slots=True)
class _Scheduled:
    """How many seconds of a window lie in the shifts of some people, until a moment.

    Attributes:
        groups, people, names: As above.
        bounds: Unix time at which the window begins, and at which it ends, exclusive.
        until: The moment at which the report was asked for.
    """

    groups: tuple[Group, ...]
    people: Set[str]
    names: ShownNames
    bounds: tuple[float, float]
    until: float

    def __iter__(self) -> Iterator[tuple[str, str, float]]:
        return iter(self.names.in_order(self._samples()))

    def _samples(self) -> Iterator[tuple[str, str, float]]:
        for group in self.groups:
            seconds = group.timetable.scheduled_seconds(*self.bounds, self.until)
            for name in group.names:
                if name in self.people and self.names.shows(name):
                    yield self.names.label(name), _NO_TEXT, seconds


def shift_sets(
    snapshot: ProjectSnapshot, names: ShownNames, moment: float | None
) -> Iterator[SampleSet]:
    """The shift at a moment, and the scheduled time of each window."""
    duty = snapshot.duty
    if duty is None or not duty.groups:
        return
    yield from _scheduled_sets(snapshot, duty, names)
    if moment is not None:
        yield from _edge_sets(snapshot, duty, names, moment)


def _edge_sets(
    snapshot: ProjectSnapshot, duty: Duty, names: ShownNames, moment: float
) -> Iterator[SampleSet]:
    fixed = {"project": snapshot.spec.name}
    spans = tuple(group.timetable.shift_at(moment) for group in duty.groups)
    ends = next_change(snapshot, moment) + _GRACE_SECONDS
    for people, lifetimes in named_by(snapshot):
        until = tuple(replace(one, ends=min(one.ends, ends)) for one in lifetimes)
        for edge, family in enumerate((shift_families.SHIFT_START, shift_families.SHIFT_END)):
            source = _Edges(duty.groups, spans, people, edge, names)
            yield DerivedSamples(family, fixed, source, until)


def _scheduled_sets(
    snapshot: ProjectSnapshot, duty: Duty, names: ShownNames
) -> Iterator[SampleSet]:
    for state in snapshot.windows:
        if state.answer is None:
            continue
        period, shown = state.answer.period, snapshot.lifetime_of(state)
        fixed = {"project": snapshot.spec.name, "window": state.window.name}
        for people, lifetimes in named_by(snapshot):
            source = _Scheduled(
                duty.groups,
                people,
                names,
                (period.begins, period.ends),
                state.answer.sent.wall,
            )
            both = tuple(Lifetime.common((shown, lifetime)) for lifetime in lifetimes)
            yield DerivedSamples(shift_families.SCHEDULED_SECONDS, fixed, source, both)


def status_sets(snapshot: ProjectSnapshot, shown: Mapping[str, str]) -> Iterator[Samples]:
    """What each status is for, and its limit.

    Args:
        snapshot: What is known.
        shown: Status key -> label, of every status that is shown or in the catalog.
    """
    spec = snapshot.spec
    words = (*BUILT_IN_KINDS, *shown.values(), *(rule.word for rule in spec.statuses))
    kinds = tuple(
        ((spec.name, word, kind_of(word, spec.statuses)), 1.0) for word in dict.fromkeys(words)
    )
    yield Samples(shift_families.STATUS_INFO, kinds)
    limits = tuple(
        ((spec.name, rule.word), rule.limit) for rule in spec.statuses if rule.limit is not None
    )
    yield Samples(shift_families.STATUS_LIMIT, limits)

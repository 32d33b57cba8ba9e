"""Presence against the simulator's own timeline, over 30 days and all its people.

The reports are made of the timeline by running sums of this test's own; every figure that is
asserted is printed (`pytest -s`).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from exporter.instant import Instant
from exporter.polling.employee_day import Poll
from exporter.polling.presence import Limits, Presence, count_only, observe_today
from exporter.ringostat.report import Report
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk
from exporter.simulator.spans import OFFLINE, Span

BUILT_IN = ("online", "offline", "dnd", "speaking")
# 30 days with the change of clocks in Kyiv (29 March) or in New York (1 November).
SPRING, AUTUMN = date(2026, 3, 10), date(2026, 10, 12)


class Running:
    """One person's day, summed up as time goes on."""

    def __init__(self, segments: tuple[Span, ...]) -> None:
        self._segments = segments
        self._index = 0
        self._done: Counter[str] = Counter()

    def at(self, moment: int) -> tuple[dict[str, int], str]:
        """Seconds per status until a moment, and the status held then."""
        while self._segments[self._index].end <= moment and self._index + 1 < len(self._segments):
            segment = self._segments[self._index]
            self._done[segment.status] += segment.end - segment.start
            self._index += 1
        segment = self._segments[self._index]
        totals = dict(self._done)
        end = min(moment, segment.end)
        totals[segment.status] = totals.get(segment.status, 0) + end - segment.start
        return totals, segment.status


def make_report(desk: Desk, values: list[dict[str, int]]) -> Report:
    """Rows of one name added up, absent statuses 0: as the parser makes it of such rows."""
    statuses = {*BUILT_IN, *(key for row in values for key in row)}
    people: dict[str, dict[str, int]] = {}
    for person, row in zip(desk.people, values, strict=True):
        total = people.setdefault(person.name, dict.fromkeys(statuses, 0))
        for key, seconds in row.items():
            total[key] += seconds
    names = Counter(person.name for person in desk.people)
    return Report(people, duplicates=frozenset(n for n, times in names.items() if times > 1))


class Score:
    def __init__(self) -> None:
        self.shown = self.right = self.due = self.shown_when_due = 0
        self.first_active_due = self.first_active_shown = 0
        self.counted_days = 0


def days(first: date, number: int) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range(number))


def watch(centre: Centre, desk: Desk, begin: date, interval: int, score: Score) -> None:
    told = Presence()
    unique = [
        n for n, p in enumerate(desk.people) if sum(q.name == p.name for q in desk.people) == 1
    ]
    before: dict[str, dict[str, int]] = {}
    limits = Limits(interval, 10_000)
    for number, day in enumerate(days(begin, 30)):
        start, end = centre.midnight(desk, day), centre.midnight(desk, day + timedelta(days=1))
        lines = [centre.day(desk, index, day) for index in range(len(desk.people))]
        running = [Running(line) for line in lines]
        idle_seen: set[int] = set()
        # The process starts in the middle of the first day.
        for moment in range(start + 17 + (40_000 if number == 0 else 0), end, interval):
            found = [one.at(moment) for one in running]
            report = make_report(desk, [values for values, _ in found])
            poll = Poll(report, start, Instant(moment, moment))
            told = observe_today(told, poll, day, limits)
            fresh = moment - start < 2 * interval + 17 or (
                number == 0 and moment < start + 40_017 + 2 * interval
            )
            for index in unique:
                values, truth = found[index]
                held = told.people[desk.people[index].name].status
                if not any(n for key, n in values.items() if key != OFFLINE):
                    idle_seen.add(index)
                score.shown += held is not None
                score.right += held == truth
                if not fresh:
                    score.due += 1
                    score.shown_when_due += held is not None
        check_first_active(desk, told, lines, unique, idle_seen, number > 0, score)
        # At midnight, before or after the new day's first poll, the settled answer.
        whole = [Running(line).at(end)[0] for line in lines]
        settled = Poll(make_report(desk, whole), start, Instant(end, end))
        told = count_only(told, settled, day, limits)
        if number > 0:
            expected = make_report(desk, whole).employees
            for name, statuses in expected.items():
                gains = {
                    key: told.gained[name].get(key, 0) - before.get(name, {}).get(key, 0)
                    for key in {*statuses, *told.gained[name]}
                }
                assert {k: n for k, n in gains.items() if n} == {
                    k: n for k, n in statuses.items() if n
                }, (name, day)
            score.counted_days += 1
        before = {name: dict(statuses) for name, statuses in told.gained.items()}


def check_first_active(
    desk: Desk,
    told: Presence,
    lines: list[tuple[Span, ...]],
    unique: list[int],
    idle_seen: set[int],
    whole: bool,
    score: Score,
) -> None:
    for index in unique:
        shown = told.people[desk.people[index].name].first_active
        truth = next((s.start for s in lines[index] if s.status != OFFLINE), None)
        if shown is not None:
            assert shown == truth
            score.first_active_shown += 1
        if whole and truth is not None:
            began = index in idle_seen or lines[index][0].status != OFFLINE
            score.first_active_due += began
            assert not began or shown is not None


@pytest.mark.long
@pytest.mark.parametrize(
    ("interval", "least", "begin"),
    [(30, 0.995, SPRING), (60, 0.985, AUTUMN), (120, 0.945, SPRING)],
)
def test_thirty_days_of_everybody(interval: int, least: float, begin: date) -> None:
    """The shares that docs/presence.md states; exact arrivals and sums."""
    centre, score = Centre(), Score()
    for desk in centre.desks.values():
        watch(centre, desk, begin, interval, score)
    right = score.right / score.shown
    shown = score.shown_when_due / score.due
    print(
        f"\ninterval {interval}s from {begin}: {score.shown} statuses shown, {right:.2%} right; "
        f"shown in {shown:.2%} of the {score.due} due; first active exact for "
        f"{score.first_active_shown} and shown for all {score.first_active_due} due; "
        f"{score.counted_days} project days counted to the second"
    )
    assert right >= least
    assert shown >= 0.99
    assert score.first_active_due > 300
    assert score.counted_days == 87

"""When a question is asked next.

docs/contract.md#when-the-first-polls-come, docs/contract.md#rule-4-never-old,
docs/faults.md#retry and docs/faults.md#breaker.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.polling.schedule import Schedule, phase_of
from exporter.polling.shard import shard_of


def make(interval: float = 60.0, phase: float = 0.25, due: float = 1000.0) -> Schedule:
    return Schedule(interval, min(interval, 60.0), phase, due)


def test_from_the_second_poll_on_the_phase_is_the_projects_own() -> None:
    """Polls fall on the project's own moment within the interval."""
    schedule = make()
    assert schedule.succeeded(1000.0, 1001.0) == 0
    assert schedule.due == 1035.0  # 15 s after a whole minute: 1035 = 17 x 60 + 15
    schedule.succeeded(1035.0, 1036.0)
    assert schedule.due == 1095.0


@given(st.integers(1, 10**9), st.floats(1, 5000), st.floats(0, 10**6), st.floats(0, 40))
def test_the_second_poll_is_half_to_one_and_a_half_intervals_away(
    project: int, interval: float, start: float, took: float
) -> None:
    schedule = Schedule(interval, interval, phase_of(project), start)
    schedule.succeeded(start, start + took)
    assert interval * 0.499 <= schedule.due - (start + took) <= interval * 1.501


def test_phases_of_many_projects_are_spread() -> None:
    """Each tenth of an interval has about a tenth of a thousand projects."""
    tenths = [int(phase_of(number) * 10) for number in range(1, 1001)]
    assert all(60 <= tenths.count(tenth) <= 140 for tenth in range(10))


def test_polls_that_a_long_one_swallowed_are_counted() -> None:
    """The next poll keeps to the grid of intervals."""
    schedule = make()
    schedule.succeeded(1000.0, 1001.0)
    assert schedule.succeeded(1035.0, 1035.0 + 150.0) == 2
    assert schedule.due == 1035.0 + 180.0


def test_a_suspended_machine_polls_once_and_skips_nothing() -> None:
    """Time asleep is no long poll."""
    schedule = make()
    schedule.succeeded(1000.0, 1001.0)
    assert schedule.succeeded(1035.0 + 6 * 3600.0, 1036.0 + 6 * 3600.0) == 0
    assert schedule.due == 1035.0 + 6 * 3600.0 + 60.0


def test_after_five_failures_the_pause_doubles_up_to_fifteen_minutes() -> None:
    """One success brings the interval back."""
    schedule = make()
    now, pauses = 1000.0, []
    for _ in range(11):
        schedule.failed(now, now + 1)
        pauses.append(schedule.due - (now + 1))
        now = schedule.due
    assert all(pause <= 90 for pause in pauses[:4])
    assert pauses[4:] == [120.0, 240.0, 480.0, 900.0, 900.0, 900.0, 900.0]
    schedule.succeeded(now, now + 1)
    assert schedule.failures == 0
    assert 30 <= schedule.due - now <= 91


def test_a_failed_settled_window_is_asked_at_the_running_pace() -> None:
    """It does not wait its quarter of an hour."""
    schedule = make(interval=900.0)
    schedule.failed(1000.0, 1001.0)
    assert schedule.due - 1001.0 <= 90.0


def test_a_long_interval_is_never_shortened_by_the_breaker() -> None:
    """An interval over 15 minutes stays what it is."""
    schedule = Schedule(3600.0, 3600.0, 0.0, 0.0, failures=20)
    schedule.failed(0.0, 1.0)
    assert schedule.due == 3601.0


def test_a_refused_key_is_tried_after_5_then_10_then_15_minutes() -> None:
    schedule = make()
    pauses = []
    for _ in range(4):
        schedule.refused(2000.0)
        pauses.append(schedule.due - 2000.0)
    assert pauses == [300.0, 600.0, 900.0, 900.0]


def test_at_midnight_at_once_then_after_five_minutes_then_every_interval() -> None:
    """A settled window at its midnight: docs/contract.md#rule-4-never-old."""
    schedule = make(interval=900.0)
    schedule.succeeded(1000.0, 1001.0)
    schedule.ask_at_midnight(1100.0)
    assert schedule.due == 1100.0
    schedule.succeeded(1100.0, 1102.0)
    assert schedule.due == 1400.0
    schedule.succeeded(1400.0, 1401.0)
    assert schedule.due == 2300.0


def test_a_midnight_question_that_fails_is_still_asked_again_after_five_minutes() -> None:
    schedule = make(interval=900.0)
    schedule.succeeded(1000.0, 1001.0)
    schedule.ask_at_midnight(1100.0)
    schedule.failed(1100.0, 1101.0)
    again = schedule.due
    schedule.succeeded(again, again + 1)
    assert schedule.due == again + 300.0


@given(st.integers(1, 10**12), st.integers(1, 40))
def test_every_project_is_in_exactly_one_shard(project: int, total: int) -> None:
    """Any id and any number of shards give one shard that exists."""
    assert 0 <= shard_of(project, total) < total


@pytest.mark.parametrize("total", [1, 2, 3, 7, 16])
def test_one_shard_more_moves_few_projects_and_only_to_it(total: int) -> None:
    """About one in N+1 moves, and none between the old shards."""
    projects = range(1, 4001)
    before = [shard_of(number, total) for number in projects]
    after = [shard_of(number, total + 1) for number in projects]
    moved = [new for old, new in zip(before, after, strict=True) if old != new]
    assert set(moved) == {total}
    assert len(moved) == pytest.approx(4000 / (total + 1), rel=0.15)

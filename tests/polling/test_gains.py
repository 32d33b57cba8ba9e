"""The counter of seconds gained: docs/contract.md#employee-time-counter."""

from datetime import date

import pytest

from exporter.instant import Instant
from exporter.polling.employee_day import Poll
from exporter.polling.presence import Limits, Presence, observe_today
from exporter.ringostat.report import Report
from tests.support.reports import (
    BUILT_IN,
    DAY,
    NEXT,
    START,
    ann,
    gained,
    poll,
    report,
    settled,
    watch,
)


def test_the_first_report_is_the_counters_baseline_and_it_starts_at_0() -> None:
    """Seconds from before the process started are not counted."""
    told = watch((36000, ann(online=100)))
    assert dict(told.gained["Ann"]) == dict.fromkeys(BUILT_IN, 0)
    assert gained(watch((36060, ann(online=160)), told=told)) == {"online": 60}


def test_a_gap_within_a_day_loses_nothing() -> None:
    assert gained(watch((0, ann()), (80000, ann(online=80000)))) == {"online": 80000}


def test_a_correction_down_and_up_again_is_not_counted_twice() -> None:
    told = watch((0, ann()), (60, ann(online=60)), (120, ann(online=30)), (180, ann(online=90)))
    assert gained(told) == {"online": 90}


def test_a_day_after_a_day_that_was_seen_counts_from_0() -> None:
    """What a day has when its first report comes was gained since midnight."""
    told = watch((86000, ann(online=100)), (86460, ann(dnd=50)))
    assert gained(told) == {"dnd": 50}


def test_a_day_after_a_day_that_was_not_seen_has_its_own_baseline() -> None:
    """Seconds of a day whose beginning nobody watched are not counted."""
    later = 3 * 86400
    told = watch((86000, ann(online=100)), (later + 60, ann(dnd=50)))
    assert gained(told) == {}
    assert gained(watch((later + 120, ann(dnd=70)), told=told)) == {"dnd": 20}


def test_yesterdays_answers_bring_the_rest_of_the_day_before_or_after_the_new_days_first() -> None:
    """The order of the two answers makes no difference, and a repetition adds nothing."""
    told = watch((86340, ann(online=100)), (86390, ann(online=150)))
    rest = ann(online=160)
    first = watch((86402, ann(dnd=5)), told=settled(told, 86401, rest, DAY))
    second = settled(watch((86401, ann(dnd=5)), told=told), 86402, rest, DAY)
    assert gained(first) == gained(second) == {"online": 60, "dnd": 5}
    assert gained(settled(second, 87000, rest, DAY)) == {"online": 60, "dnd": 5}


def test_a_day_that_passed_unseen_counts_whole_after_one_that_was_seen() -> None:
    """Its mark is 0, since it began while the exporter ran; without that day nothing is known."""
    told = watch((86000, ann(online=100)))
    told = settled(told, 2 * 86400 + 60, ann(online=3600), NEXT)
    assert gained(told) == {"online": 3600}
    alone = settled(Presence(), 86460, ann(online=100), DAY)
    assert gained(alone) == {}
    early = settled(watch((36000, ann(online=100))), 36001, ann(online=9999), date(2026, 3, 24))
    assert gained(early) == {}


def test_a_day_that_began_before_the_process_never_counts_from_0() -> None:
    """Also where an answer for `yesterday` came first."""
    told = settled(Presence(), 36000, ann(online=9999), date(2026, 3, 24))
    told = watch((36001, ann(online=100)), (36061, ann(online=160)), told=told)
    assert gained(told) == {"online": 60}


def test_who_appears_later_counts_from_0_only_where_the_day_was_seen_whole() -> None:
    """Else the first report with the name is the baseline."""
    late = report(Ann={"online": 1}, Zoe={"online": 500})
    told = watch((36000, ann(online=1)), (36060, late))
    assert gained(told, "Zoe") == {}
    told = watch((86000, ann(online=1)), (86401, ann(online=1)), (86461, late))
    assert gained(told, "Zoe") == {"online": 500}


def test_an_unknown_value_is_no_gain_and_counts_from_where_the_day_began() -> None:
    """From 0 on a day that was seen whole, else from its first readable value."""
    odd = report(Ann={"online": 10}, unknown={"Ann": frozenset({"dnd"})})
    whole = ann(online=20, dnd=900)
    told = watch((36000, odd), (36060, whole))
    assert gained(told) == {"online": 10}
    assert gained(watch((36120, ann(online=20, dnd=960)), told=told)) == {"online": 10, "dnd": 60}
    told = watch((86000, ann(online=1)), (86401, odd), (86461, whole))
    assert gained(told) == {"online": 20, "dnd": 900}


def test_a_value_unknown_for_a_while_loses_and_invents_nothing() -> None:
    """The mark stays where it was, so what passed meanwhile counts when it is told again."""
    odd = report(Ann={"online": 70}, unknown={"Ann": frozenset({"dnd"})})
    told = watch((36000, ann(online=10, dnd=5)), (36060, odd), (36120, ann(online=80, dnd=55)))
    assert gained(told) == {"online": 70, "dnd": 50}


@pytest.mark.parametrize("doubled_first", [True, False])
def test_a_second_person_of_a_name_is_no_gain(doubled_first: bool) -> None:
    """The jump of a merged row is not taken for time spent."""
    one, two = report(Kim={"online": 100}), report("Kim", Kim={"online": 9000})
    polls = [(36000, two), (36060, one)] if doubled_first else [(36000, one), (36060, two)]
    assert gained(watch(*polls), "Kim") == {}


def test_a_series_stays_while_its_employee_was_named_on_one_of_two_days() -> None:
    """Counted back from the newest report's day: an outage ends no counter."""
    told = watch((36000, report(Ann={"online": 1}, Bob={"online": 1})), (90000, ann()))
    assert set(told.counted) == {"Ann", "Bob"}
    told = watch((2 * 86400 + 60, ann()), told=told)
    assert set(told.counted) == {"Ann"}


def test_a_clock_two_days_ahead_for_one_poll_changes_nothing_afterwards() -> None:
    """Marks, first and last active, status and counter go on as if it had not been."""
    calm = [(36000, ann(offline=30, online=100)), (36060, ann(offline=30, online=160))]
    false = Poll(
        report(Bob={"online": 5}), START + 2 * 86400, Instant(START + 2 * 86400 + 36120, 36120)
    )
    told = watch(*calm)
    wrong = observe_today(told, false, date(2026, 3, 27), Limits(60.0, 10_000))
    after = (36180, ann(offline=30, online=280))
    right, disturbed = watch(after, told=told), watch(after, told=wrong)
    assert gained(disturbed) == gained(right) == {"online": 180}
    assert disturbed.people == right.people
    assert set(disturbed.counted) == {"Ann"}


def test_a_day_that_was_seen_falsely_begins_anew_when_it_comes() -> None:
    """What a report of it said under the wrong clock is no mark."""
    false = Poll(ann(online=5000), START + 86400, Instant(START + 86400 + 36000, 36000))
    told = observe_today(Presence(), false, NEXT, Limits(60.0, 10_000))
    told = watch((36090, ann(online=5090)), (86460, ann(online=20)), told=told)
    assert gained(told) == {"online": 20}


def test_a_clock_set_back_over_a_midnight_counts_nothing_twice() -> None:
    """The new day's marks stay while the old one is the present once more."""
    told = watch((86000, ann(online=100)), (86405, ann(online=5)))
    back = Poll(ann(online=130), START, Instant(START + 86399, 86409))
    told = observe_today(told, back, DAY, Limits(60.0, 10_000))
    again = Poll(ann(online=15), START + 86400, Instant(START + 86405, 86415))
    told = observe_today(told, again, NEXT, Limits(60.0, 10_000))
    assert gained(told) == {"online": 45}


def test_names_past_the_limit_are_not_tracked_and_counted() -> None:
    """Who is tracked already stays so."""
    limits = Limits(60.0, 2)
    crowd = Report({f"P{n}": {"online": 1} for n in range(5)})
    told = observe_today(Presence(), poll(36000, crowd), DAY, limits)
    assert set(told.gained) == set(told.people) == {"P0", "P1"}
    assert told.over_limit == 3
    told = observe_today(
        told, poll(36060, report(P4={"online": 9}, P1={"online": 61})), DAY, limits
    )
    assert gained(told, "P1") == {"online": 60}
    assert told.over_limit == 1

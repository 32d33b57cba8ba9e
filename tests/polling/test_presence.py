"""Each rule of presence on two or three reports: docs/contract.md#presence."""

from datetime import UTC, date, datetime

import pytest

from exporter.polling.presence import (
    Person,
    Poll,
    Presence,
    add_gains,
    count_settled,
    observe_today,
)
from exporter.ringostat.report import Report

DAY = date(2026, 3, 25)
NEXT = date(2026, 3, 26)
START = datetime(2026, 3, 25, tzinfo=UTC).timestamp()
BUILT_IN = ("online", "offline", "dnd", "speaking")


def report(*doubled: str, **people: dict[str, int]) -> Report:
    keys = {*BUILT_IN, *(key for row in people.values() for key in row)}
    return Report(
        {name: {**dict.fromkeys(keys, 0), **row} for name, row in people.items()},
        duplicates=frozenset(doubled),
    )


def ann(**statuses: int) -> Report:
    return report(Ann=statuses)


def watch(
    *polls: tuple[int, Report], interval: float = 60.0, told: Presence | None = None
) -> Presence:
    """Polls of one day, each so many seconds after midnight."""
    told = told or Presence()
    for second, found in polls:
        told = observe_today(told, Poll(found, DAY, START, START + second, interval))
    return told


def who(told: Presence, name: str = "Ann") -> tuple[str | None, float | None]:
    """The status held and, in seconds after midnight, since when."""
    person = told.people[name]
    return person.status, None if person.since is None else person.since - START


def test_nothing_is_known_at_the_first_poll() -> None:
    assert who(watch((36000, ann(online=100, offline=35900)))) == (None, None)


def test_what_grew_alone_is_held_and_since_waits_for_a_change() -> None:
    """The status is known from the second poll, its beginning is not."""
    told = watch((36000, ann(online=100, offline=35900)), (36060, ann(online=160, offline=35900)))
    assert who(told) == ("online", None)


def test_an_only_status_of_the_day_is_held_since_its_start() -> None:
    """Who has seconds in one status only has had it since midnight."""
    told = watch((36000, ann(offline=36000)), (36060, ann(offline=36060)))
    assert who(told) == ("offline", 0)


CALM = ((36000, ann(online=100, dnd=9)), (36060, ann(online=160, dnd=9)))


def test_a_change_exactly_at_a_poll_began_at_the_poll_before() -> None:
    told = watch(*CALM, (36120, ann(online=160, dnd=69)))
    assert who(told) == ("dnd", 36060)


def test_since_stands_while_the_status_is_held() -> None:
    told = watch(*CALM, (36120, ann(online=160, dnd=69)), (36180, ann(online=160, dnd=129)))
    assert who(told) == ("dnd", 36060)


def test_of_two_that_grew_the_one_that_was_not_held_is() -> None:
    """Since the poll before, and what the held one still gained."""
    told = watch(*CALM, (36120, ann(online=180, dnd=49)))
    assert who(told) == ("dnd", 36080)


def test_of_three_that_grew_the_one_that_gained_most_beside_the_held() -> None:
    """It began when its gain fits before this poll."""
    told = watch(*CALM, (36120, ann(online=190, dnd=19, speaking=20)))
    assert who(told) == ("speaking", 36100)


def test_of_equal_gains_the_smaller_key() -> None:
    told = watch(*CALM, (36120, ann(online=180, speaking=20, dnd=29)))
    assert who(told) == ("dnd", 36100)


def test_two_that_grew_while_nothing_was_known() -> None:
    """The one that gained most is held, since this poll less its gain."""
    told = watch((36000, ann(online=100, dnd=9)), (36060, ann(online=115, dnd=54)))
    assert who(told) == ("dnd", 36015)


def test_a_custom_status_that_nobody_had_before_is_one_that_grew() -> None:
    told = watch(*CALM, (36120, ann(online=170, dnd=9, **{"1763": 50})))
    assert who(told) == ("1763", 36070)


def test_a_began_moment_is_never_before_the_poll_before() -> None:
    """The API counts until it answers, which is after the request was sent."""
    told = watch((36000, ann(online=100, dnd=9)), (36060, ann(online=103, dnd=77)))
    assert who(told) == ("dnd", 36000)


def test_no_status_when_the_last_poll_is_over_three_intervals_old() -> None:
    told = watch(*CALM, (36240, ann(online=340, dnd=9)))
    assert who(told) == ("online", None)
    told = watch(*CALM, (36241, ann(online=341, dnd=9)))
    assert who(told) == (None, None)


def test_no_status_at_the_first_poll_of_a_day() -> None:
    told = watch(*CALM)
    told = observe_today(told, Poll(ann(online=20), NEXT, START + 86400, START + 86420, 60.0))
    assert told.people["Ann"] == Person(first_active=START + 86400)


def test_no_status_for_a_name_that_came_twice() -> None:
    told = watch(
        (36000, report("Kim", Kim={"online": 9})), (36060, report("Kim", Kim={"online": 129}))
    )
    assert told.people["Kim"] == Person()


def test_nothing_grew_for_one_keeps_the_status_for_two_intervals() -> None:
    def both(bob: int) -> Report:
        return report(Ann={"online": 160, "dnd": 9}, Bob={"online": bob})

    polls = [(36000, report(Ann={"online": 100, "dnd": 9}, Bob={"online": 1})), (36060, both(61))]
    polls += [(36120, both(121)), (36180, both(181))]
    assert who(watch(*polls)) == ("online", None)
    assert who(watch(*polls, (36240, both(241)))) == (None, None)


def test_a_frozen_report_loses_every_status_after_two_intervals() -> None:
    """A report in which nobody grows says nothing of now."""
    frozen = ann(online=160, dnd=9)
    still = [(36060 + 60 * n, frozen) for n in range(4)]
    assert who(watch(CALM[0], *still[:3])) == ("online", None)
    assert who(watch(CALM[0], *still)) == (None, None)


def test_a_value_that_cannot_be_read_hides_the_status() -> None:
    """The unreadable value may be the one that grew."""
    unreadable = Report({"Ann": {"online": 160, "offline": 0, "dnd": 9}})
    assert who(watch(CALM[0], (36060, unreadable))) == (None, None)


def test_a_custom_value_that_only_this_employee_lacks_is_unreadable_and_hides_the_status() -> None:
    before = report(Ann={"online": 100, "7": 5}, Bob={"online": 1, "7": 5})
    now = Report(
        {
            "Ann": {**dict.fromkeys(BUILT_IN, 0), "online": 160},
            "Bob": {**dict.fromkeys(BUILT_IN, 0), "online": 61, "7": 5},
        }
    )
    told = watch((36000, before), (36060, now))
    assert who(told) == (None, None)
    assert who(told, "Bob") == ("online", None)


def test_a_correction_downward_grows_nothing() -> None:
    """A lower value is no growth, and the status stays."""
    told = watch(*CALM, (36120, ann(online=120, dnd=9)))
    assert who(told) == ("online", None)  # kept: nothing grew


def test_first_active_is_midnight_and_the_offline_seconds_before() -> None:
    """It is exact to the second, and later polls do not move it."""
    told = watch((30000, ann(offline=30000)), (30060, ann(offline=30017, online=43)))
    assert told.people["Ann"].first_active == START + 30017
    told = watch((30120, ann(offline=30077, online=43)), told=told)
    assert told.people["Ann"].first_active == START + 30017


def test_first_active_of_who_never_was_offline_is_the_days_start() -> None:
    assert watch((5000, ann(online=5000))).people["Ann"].first_active == START
    assert watch((0, ann())).people["Ann"].first_active is None


def test_after_a_start_in_mid_day_first_active_is_absent_for_who_was_active() -> None:
    told = watch(
        (36000, ann(offline=30000, online=6000)), (36060, ann(offline=30000, online=6060))
    )
    assert told.people["Ann"].first_active is None


def test_last_active_is_the_poll_while_active_and_then_stands() -> None:
    """After the change to offline it is the moment of that change."""
    told = watch(*CALM)
    assert told.people["Ann"].last_active == START + 36060
    told = watch((36120, ann(online=180, dnd=9, offline=40)), told=told)
    assert told.people["Ann"].last_active == START + 36080
    told = watch((36180, ann(online=180, dnd=9, offline=100)), told=told)
    assert told.people["Ann"].last_active == START + 36080


def test_last_active_of_who_was_offline_all_along_is_absent() -> None:
    told = watch((36000, ann(offline=30000, dnd=6000)), (36060, ann(offline=30060, dnd=6000)))
    assert told.people["Ann"].last_active is None


def gained(told: Presence, name: str = "Ann") -> dict[str, int]:
    return {key: seconds for key, seconds in told.gained[name].items() if seconds}


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
    told = watch((86000, ann(online=100)))
    told = observe_today(told, Poll(ann(dnd=50), NEXT, START + 86400, START + 86460, 60.0))
    assert gained(told) == {"dnd": 50}


def test_a_day_after_a_day_that_was_not_seen_has_its_own_baseline() -> None:
    """Seconds of a day that nobody watched begin are not counted."""
    told = watch((86000, ann(online=100)))
    later = date(2026, 3, 28)
    told = observe_today(
        told, Poll(ann(dnd=50), later, START + 3 * 86400, START + 3 * 86400 + 60, 60.0)
    )
    assert gained(told) == {}
    told = add_gains(told, ann(dnd=70), later)
    assert gained(told) == {"dnd": 20}


def test_yesterdays_answers_bring_the_rest_of_the_day_before_or_after_the_new_days_first() -> None:
    told = watch((86340, ann(online=100)), (86390, ann(online=150)))
    first = count_settled(told, ann(online=160), DAY)
    first = add_gains(first, ann(dnd=5), NEXT)
    second = add_gains(told, ann(dnd=5), NEXT)
    second = count_settled(second, ann(online=160), DAY)
    assert gained(first) == gained(second) == {"online": 60, "dnd": 5}
    assert gained(count_settled(second, ann(online=160), DAY)) == {"online": 60, "dnd": 5}


def test_a_day_that_was_never_today_is_not_counted() -> None:
    """A `yesterday` without a mark of that day adds nothing."""
    assert count_settled(Presence(), ann(online=100), DAY) == Presence()
    told = watch((36000, ann(online=100)))
    assert count_settled(told, ann(online=9999), date(2026, 3, 24)) == told


def test_who_appears_later_counts_from_0_only_where_the_day_was_seen_whole() -> None:
    late = report(Ann={"online": 1}, Zoe={"online": 500})
    told = watch((36000, ann(online=1)), (36060, late))
    assert gained(told, "Zoe") == {}
    told = add_gains(watch((86000, ann(online=1))), ann(online=1), NEXT)
    assert gained(add_gains(told, late, NEXT), "Zoe") == {"online": 500}


def test_a_value_that_was_unreadable_at_the_baseline_waits_for_its_first() -> None:
    odd = Report({"Ann": {"online": 10}, "Bob": {"online": 10, "dnd": 5}})
    told = watch((36000, odd))
    told = watch((36060, report(Ann={"online": 20, "dnd": 900}, Bob={"online": 20})), told=told)
    assert gained(told) == {"online": 10}


@pytest.mark.parametrize("doubled_first", [True, False])
def test_a_second_person_of_a_name_is_no_gain(doubled_first: bool) -> None:
    """The jump of a merged row is not taken for time spent."""
    one, two = report(Kim={"online": 100}), report("Kim", Kim={"online": 9000})
    polls = [(36000, two), (36060, one)] if doubled_first else [(36000, one), (36060, two)]
    assert gained(watch(*polls), "Kim") == {}


def test_a_series_stays_while_its_employee_was_named_on_one_of_two_days() -> None:
    told = add_gains(watch((36000, report(Ann={"online": 1}, Bob={"online": 1}))), ann(), NEXT)
    assert set(told.gained) == {"Ann", "Bob"}
    told = add_gains(told, ann(), date(2026, 3, 27))
    assert set(told.gained) == {"Ann"}
    assert set(told.days) == {NEXT, date(2026, 3, 27)}

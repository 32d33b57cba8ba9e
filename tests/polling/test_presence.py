"""Who is on what, since when: docs/contract.md#presence, each rule on two or three reports."""

from exporter.polling.employee_day import EmployeeDay
from exporter.polling.presence import Presence
from exporter.ringostat.report import Report
from tests.support.reports import NEXT, START, ann, report, watch


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


def test_no_status_when_the_last_poll_is_over_three_and_a_half_intervals_old() -> None:
    """Two polls may fail; a third that is late as well leaves the status unknown."""
    told = watch(*CALM, (36270, ann(online=370, dnd=9)))
    assert who(told) == ("online", None)
    told = watch(*CALM, (36271, ann(online=371, dnd=9)))
    assert who(told) == (None, None)


def test_no_status_at_the_first_poll_of_a_day() -> None:
    told = watch(*CALM)
    told = watch((86420, ann(online=20)), told=told)
    assert told.present == NEXT
    assert told.people["Ann"] == EmployeeDay(first_active=START + 86400)


def test_no_status_for_a_name_that_came_twice() -> None:
    told = watch(
        (36000, report("Kim", Kim={"online": 9})), (36060, report("Kim", Kim={"online": 129}))
    )
    assert told.people["Kim"] == EmployeeDay()


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


def test_an_unknown_value_hides_the_status_at_that_poll_and_the_next() -> None:
    """The unknown value may be the one that grew."""
    unread = report(Ann={"online": 160, "dnd": 9}, unknown={"Ann": frozenset({"speaking"})})
    told = watch(*CALM, (36120, unread))
    assert who(told) == (None, None)
    told = watch((36180, ann(online=220, dnd=9, speaking=60)), told=told)
    assert who(told) == (None, None)
    told = watch((36240, ann(online=280, dnd=9, speaking=60)), told=told)
    assert who(told) == ("online", None)


def test_an_unknown_value_of_another_employee_hides_nothing() -> None:
    """A status that a whole row does not have stood at 0, whoever else's could not be read."""
    before = report(Ann={"online": 100}, Bob={"online": 1})
    now = report(Ann={"online": 160}, Bob={"online": 61}, unknown={"Ann": frozenset({"7"})})
    told = watch((36000, before), (36060, now))
    assert who(told) == (None, None)
    assert who(told, "Bob") == ("online", 0)


def test_what_was_known_of_the_day_outlives_a_report_without_the_name() -> None:
    """First and last active stay; the status is unknown until two polls name the employee."""
    told = watch((30000, ann(offline=30000)), (30060, ann(offline=30017, online=43)))
    told = watch((30120, report(Bob={"online": 1})), told=told)
    assert "Ann" not in told.people
    told = watch((30180, ann(offline=30017, online=163)), told=told)
    assert who(told) == (None, None)
    assert told.people["Ann"].first_active == START + 30017
    assert told.people["Ann"].last_active == START + 30180
    told = watch((30240, ann(offline=30017, online=223)), told=told)
    assert who(told) == ("online", None)


def test_first_active_needs_the_idle_poll_to_be_the_previous_one_and_whole() -> None:
    """After a gap, or an idle row that was not read whole, it is absent for the day."""
    idle, active = ann(offline=30000), ann(offline=30317, online=43)
    told = watch((30000, idle), (30360, active))
    assert told.people["Ann"].first_active is None
    odd = report(Ann={"offline": 30000}, unknown={"Ann": frozenset({"dnd"})})
    told = watch((30000, odd), (30060, ann(offline=30017, online=43)))
    assert told.people["Ann"].first_active is None


def test_who_was_seen_active_once_has_no_later_arrival() -> None:
    """A report that takes the activity back for a poll makes no arrival of what follows."""
    told = watch((36000, ann(offline=30000, online=6000)), (36060, ann(offline=30000)))
    told = watch((36120, ann(offline=30017, online=6103)), told=told)
    assert told.people["Ann"].first_active is None


def test_offline_after_a_gap_in_which_somebody_was_online_leaves_last_active_open() -> None:
    """It is known again with the next activity; a gap without any changes nothing."""
    told = watch(*CALM)
    gap = watch((36400, ann(online=180, dnd=9, offline=300)), told=told)
    assert gap.people["Ann"].last_active is None
    calm = watch((36400, ann(online=160, dnd=9, offline=340)), told=told)
    assert calm.people["Ann"].last_active == START + 36060


def test_an_unknown_value_makes_nobody_active() -> None:
    """It may stand still like the others, and what it is when it is read is no growth either."""
    dnd = frozenset({"dnd"})
    odd = [report(Ann={"offline": 50 + n, "speaking": 7}, unknown={"Ann": dnd}) for n in (0, 1, 1)]
    told = watch(*((36000 + 60 * n, one) for n, one in enumerate(odd)))
    assert told.people["Ann"].last_active is None
    told = watch((36180, ann(offline=51, speaking=7, dnd=307)), told=told)
    assert told.people["Ann"].last_active is None
    grown = report(Ann={"offline": 51, "speaking": 9}, unknown={"Ann": dnd})
    assert watch((36240, grown), told=told).people["Ann"].last_active == START + 36240


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

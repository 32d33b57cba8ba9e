"""Timelines of SIP accounts."""

from datetime import date, timedelta

from exporter.simulator.centre import Centre
from exporter.simulator.contacts import staff
from exporter.simulator.spans import ONLINE, SPEAKING, merge

# Days of 23 and 25 hours of Kyiv and of New York among them.
DAYS = [date(2026, 3, 6) + timedelta(days=n) for n in range(24)] + [date(2026, 10, 25)]


def test_a_persons_day_is_the_merge_of_their_accounts() -> None:
    """Each account's lane is a partition of the day; together they are the day, to the second."""
    centre = Centre()
    for desk in centre.desks.values():
        for index, person in enumerate(desk.people):
            for day in DAYS:
                lanes = centre.account_days(desk, index, day)
                assert len(lanes) == person.accounts
                assert tuple(merge(lanes)) == centre.day(desk, index, day)
                for lane in lanes:
                    assert lane[0].start == centre.midnight(desk, day)
                    assert lane[-1].end == centre.midnight(desk, day + timedelta(days=1))
                    ends = [span.end for span in lane[:-1]]
                    assert ends == [span.start for span in lane[1:]]


def test_accounts_at_a_moment_are_the_spans_that_hold_it() -> None:
    """From the first second of a span to its last, and the fraction of that."""
    centre = Centre()
    desk = centre.desks[68861]
    assert staff(desk)[1].logins == ("sales_taras", "sales_taras_mob")
    _, mobile = centre.account_days(desk, 1, date(2026, 3, 25))
    assert {SPEAKING, ONLINE, "dnd"} <= {span.status for span in mobile}
    for span in mobile:
        for moment in (span.start, span.end - 1, span.end - 0.001):
            assert centre.accounts_at(desk, 1, moment)["sales_taras_mob"] == span.status

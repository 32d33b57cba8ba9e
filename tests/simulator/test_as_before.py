"""What the simulator reported before it knew of SIP accounts and staff, it reports still."""

import hashlib
import json
from datetime import date, timedelta

from exporter.simulator.api import SimulatedApi
from exporter.simulator.centre import Centre

# Of the code before each SIP account had a timeline of its own.
_REPORTS = "97254a01690081478701318c0ec366052823c68e71ba1d5e566681c0f5f81610"
_TIMELINES = "799ffbd9e7a8125826e7058f1db53681a7574500874f0bb7ac058aa3a198af20"
_DAYS = [date(2026, 3, 20) + timedelta(days=n) for n in range(12)]  # with a day of 23 hours


async def _no_sleep(_seconds: float) -> None:
    return


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()


def test_reports_are_what_they_were() -> None:
    """Of one day, growing, and of several, for two seeds; row by row, key by key, in order."""
    reports = []
    for seed in (1, 7):
        centre = Centre(seed)
        api = SimulatedApi(centre, lambda: 0.0, _no_sleep)
        for desk in centre.desks.values():
            for day in _DAYS:
                for hour in (0.003, 7.2, 13.77, 20, 24):
                    moment = centre.midnight(desk, day) + hour * 3600
                    reports.append(api.report(desk, day, day, moment))
            reports.append(api.report(desk, _DAYS[0], _DAYS[-1], moment))
    assert _digest(reports) == _REPORTS


def test_timelines_are_what_they_were_to_the_second() -> None:
    """Every day of everybody, as spans."""
    timelines = []
    for seed in (1, 7):
        centre = Centre(seed)
        for desk in centre.desks.values():
            for index in range(len(desk.people)):
                for day in _DAYS:
                    spans = centre.day(desk, index, day)
                    timelines.append([[span.start, span.end, span.status] for span in spans])
    assert _digest(timelines) == _TIMELINES

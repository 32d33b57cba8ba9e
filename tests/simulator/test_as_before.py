"""What the simulator reports changes on purpose only."""

import hashlib
import json
from datetime import date, timedelta

from exporter.simulator.api import SimulatedApi
from exporter.simulator.centre import Centre

# Since people work by a rota, and are late, absent or over a limit each week.
_REPORTS = "6baaf0c754402fa4da5b4177dae0d0c97680145b46aa5b496ecd341df0ff665f"
_TIMELINES = "91785d46cf0ac43b7bdac8da1548d14dfc048e692a62b6c5f02162d5756d5431"
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

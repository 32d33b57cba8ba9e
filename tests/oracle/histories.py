"""Seeded random histories: a project, its people, what goes wrong, and what is done to it."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.network import Sky
from tests.oracle.seam import Settings
from tests.oracle.truth import Truth
from tests.oracle.weather import Episode, draw

# Daylight saving time begins and ends in some within the days that are drawn; odd offsets.
ZONES = ("UTC", "Europe/Kyiv", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe")
DAYS = (datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC))
PEOPLE = ("Ann", "Bob  Lee", "Олена", "Dan", "AI IVR Test", "Eve")
CATALOG: list[dict[str, object]] = [{"id": 1763, "title": "At lunch"}]
# Of what a reload changes; the values are drawn where it happens.
KEYS = (
    "employees",
    "max_employees",
    "stale_after",
    "interval",
    "settled_interval",
    "catalog_interval",
    "timezone",
    "windows",
    "presence",
    "name",
    "auth_key",
    "timeout",
    "bad",
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is done at a moment of the true time."""

    at: float
    kind: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class History:
    """All that is decided beforehand."""

    seed: int
    sky: Sky
    settings: Settings
    wrong_at_start: float
    events: tuple[Event, ...]
    end: float


def make_history(seed: int) -> History:
    """The history of a seed."""
    dice = random.Random(f"history {seed}")
    zone = dice.choice(ZONES)
    people = tuple(dice.sample(PEOPLE, dice.randint(2, 6)))
    begin = (dice.choice(DAYS) + timedelta(seconds=dice.uniform(0, 4 * 86_400))).timestamp()
    interval = dice.choice((20, 30, 60, 60, 90))
    # As many polls in a long history as in a short one; a page of many statuses costs more.
    crowded = dice.random() < 0.2
    hours = dice.choice((2.0, 5.0, 8.0, 24.0, 50.0))
    interval = max(interval, round(hours * 3600 / (150 if crowded else 500)))
    end = begin + hours * 3600
    settings: Settings = {
        "name": "Sales",
        "timezone": zone,
        "windows": dice.choice((["today", "yesterday"], ["today", "yesterday"], ["today"])),
        "interval": f"{interval}s",
        "settled_interval": f"{dice.choice((5, 15)) * interval}s",
    }
    if dice.random() < 0.4:
        settings["employees"] = {"exclude": ["AI IVR .*"]}
    if dice.random() < 0.3:
        settings["stale_after"] = f"{round(interval * dice.uniform(1.2, 8))}s"
    episodes = draw(dice, begin, end, people)
    for midnight in _midnights(begin, end, ZoneInfo(zone)):
        if dice.random() < 0.3:  # requests that begin before it and end after it
            episodes.append(Episode("slow", midnight - interval, midnight + 20, 0.7, amount=14.0))
    truth = Truth(seed, people, ZoneInfo(zone), crowded)
    catalog = CATALOG if dice.random() < 0.5 else []
    sky = Sky(truth, episodes, catalog, begin, dice.random() < 0.5)
    wrong = dice.random() < 0.2
    looks = 20 if crowded else 60
    events = [Event(dice.uniform(begin, end), "scrape") for _ in range(looks)]
    events += _events(dice, begin, end, settings, ZoneInfo(zone))
    events.sort(key=lambda event: event.at)
    return History(seed, sky, settings, _error(dice) if wrong else 0.0, tuple(events), end)


def _error(dice: random.Random) -> float:
    """By how much a wall clock is wrong."""
    return (
        dice.choice((-1, 1))
        * dice.choice((3, 90, 4000, 86_400, 172_800, 900_000))
        * dice.uniform(0.7, 1.1)
    )


def _events(
    dice: random.Random, begin: float, end: float, settings: Settings, zone: ZoneInfo
) -> list[Event]:
    events: list[Event] = []
    for midnight in _midnights(begin, end, zone):
        events += [
            Event(midnight + offset * dice.random(), "scrape")
            for offset in (-60, -5, -1, 1, 5, 30, 120, 400)
        ]
    for _ in range(dice.choice((0, 0, 1, 2))):
        events += _wrong_clock(dice, begin, end)
    for _ in range(dice.choice((0, 0, 1, 2))):
        seconds = dice.choice((50, 200, 2000, 30_000)) * dice.uniform(0.5, 1.5)
        events.append(Event(dice.uniform(begin, end), "suspend", seconds))
    for _ in range(dice.choice((0, 0, 1))):
        events.append(Event(dice.uniform(begin, end), "restart"))
    for _ in range(dice.choice((0, 1, 2, 6))):
        events.append(Event(dice.uniform(begin, end), "reload", _change(dice, settings)))
    return events


def _wrong_clock(dice: random.Random, begin: float, end: float) -> list[Event]:
    start, error = dice.uniform(begin, end), _error(dice)
    length = dice.choice((50, 90, 600, 5000)) * dice.uniform(0.5, 1.5)
    return [Event(start, "jump", error), Event(start + length, "jump", -error)]


def _midnights(begin: float, end: float, zone: ZoneInfo) -> list[float]:
    day = datetime.fromtimestamp(begin, zone).date()
    found: list[float] = []
    while True:
        day += timedelta(days=1)
        at = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp()
        if at >= end:
            return found
        found.append(at)


def _change(dice: random.Random, settings: Settings) -> tuple[str, object]:
    """A key of the configuration and its new value."""
    key = dice.choice(KEYS)
    interval = int(settings["interval"].removesuffix("s"))
    values: dict[str, list[object]] = {
        "employees": [{}, {"include": ["[AB].*", "Eve"]}, {"exclude": ["A.*"]}],
        "max_employees": [3, 100],
        "stale_after": [f"{round(interval * dice.uniform(1.2, 10))}s", None],
        "interval": [f"{max(2, round(interval * dice.uniform(0.4, 2.5)))}s"],
        "settled_interval": [f"{interval * dice.randint(3, 20)}s"],
        "catalog_interval": ["600s", "3600s"],
        "timezone": list(ZONES),
        "windows": [["today"], ["today", "yesterday"], ["yesterday"]],
        "presence": [True, False],
        "name": ["Sales", "Support"],
        "auth_key": ["KEY-canary-1", "KEY-canary-2"],
        "timeout": ["15s", "5s"],
        "bad": [None],
    }
    return key, dice.choice(values[key])

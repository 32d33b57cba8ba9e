"""What goes wrong at the simulated Ringostat of a history, and when. All drawn from its seed."""

import random
from collections import Counter
from dataclasses import dataclass

from exporter.simulator.api import duration

UNREADABLE: tuple[object, ...] = (
    "-00:00:01",
    "5:7",
    "1 day, 02:00:00",
    "12:60:00",
    12,
    "abc",
    [],
    "٠١:00:00",
)
MALFORMED: tuple[object, ...] = (
    "a row",
    5,
    {"online": "00:10:00"},
    {"employee": 7, "online": "00:00:01"},
    [],
)
# What may happen to a whole request, and to single rows.
REQUEST = ("429", "500", "timeout", "refused", "cut", "403", "slow")
ROWS = (
    "unreadable",
    "all unreadable",
    "null",
    "missing",
    "twice",
    "less",
    "malformed",
    "frozen",
    "empty",
)


@dataclass(frozen=True, slots=True)
class Episode:
    """Something that happens to some of the requests of a span of time.

    Attributes:
        kind: Of `REQUEST` or `ROWS`.
        share: Of the requests that it hits.
        name: Whose row, for a kind of `ROWS`.
        status: Which value.
        amount: Seconds of a delay or a correction.
    """

    kind: str
    begin: float
    end: float
    share: float
    name: str = ""
    status: str = "online"
    amount: float = 0.0


def draw(dice: random.Random, begin: float, end: float, people: tuple[str, ...]) -> list[Episode]:
    """The episodes of a history: a few kinds, so that there are quiet hours too."""
    kinds = dice.sample(REQUEST, dice.randint(0, 3)) + dice.sample(ROWS, dice.randint(0, 4))
    episodes = []
    for kind in kinds:
        for _ in range(dice.randint(1, 5)):
            start = dice.uniform(begin, end)
            length = dice.choice((90, 300, 1200, 7200)) * dice.uniform(0.3, 1.5)
            episodes.append(
                Episode(
                    kind,
                    start,
                    start + length,
                    dice.choice((0.2, 0.5, 1.0)),
                    dice.choice(people),
                    dice.choice(("online", "offline", "speaking", "1763")),
                    dice.choice((3, 40, 900)) * dice.uniform(0.5, 1.5),
                )
            )
    return episodes


def damage(
    rows: dict[str, Counter[str]], episodes: list[Episode], dice: random.Random
) -> list[object]:
    """The rows of a report as they are sent: right ones with the episodes' damage."""
    sent: list[object] = []
    for name, totals in rows.items():
        own = [one for one in episodes if one.name == name]
        kinds = {one.kind for one in own}
        if "missing" not in kinds:
            sent.append(_row(name, totals, own, dice))
        if "twice" in kinds:
            sent.append({"employee": name, "online": duration(dice.randrange(50))})
        if "malformed" in kinds:
            sent.append(dice.choice(MALFORMED))
    return sent


def _row(
    name: str, totals: Counter[str], episodes: list[Episode], dice: random.Random
) -> dict[str, object]:
    for one in episodes:
        if one.kind == "less":
            totals[one.status] = max(0, totals[one.status] - int(one.amount))
    cells: dict[str, object] = {
        key: duration(value) for key, value in totals.items() if value or dice.random() < 0.2
    }
    for one in episodes:
        if one.kind == "all unreadable":
            cells = dict.fromkeys(cells or ["online"], dice.choice(UNREADABLE))
        elif one.kind == "unreadable" and len(cells) > 1:
            cells[one.status] = dice.choice(UNREADABLE)
        elif one.kind == "null" and len(cells) > 1:
            cells[one.status] = dice.choice((None, ""))
    return {"employee": name, **cells}

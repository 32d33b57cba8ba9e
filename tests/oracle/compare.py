"""The page against what is expected of it."""

import math
from dataclasses import dataclass

from tests.oracle.expected import CHECKED, MARGIN, Expected
from tests.oracle.seam import Instant, Key

LAST_EVENTS = 14


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A sample that the contract does not allow."""

    moment: Instant
    sample: str
    shown: float | None
    right: str

    def text(self, seed: int, events: list[str]) -> str:
        """For the person who reads the failure."""
        head = (
            f"seed {seed}, wall {self.moment.wall:.2f} age {self.moment.age:.2f}\n"
            f"{self.sample}\n  shown    {self.shown}\n  expected {self.right}\nbefore:\n"
        )
        return head + "\n".join(f"  {line[:1000]}" for line in events[-LAST_EVENTS:])


@dataclass(slots=True)
class Tally:
    """What a history came to.

    Attributes:
        samples: Compared; a sample that must be absent, and is shown, counts too.
        open: Samples of which nothing is said.
    """

    samples: int = 0
    open: int = 0
    scrapes: int = 0
    answers: int = 0

    def add(self, other: "Tally") -> None:
        """Counts another history's too."""
        self.samples += other.samples
        self.open += other.open
        self.scrapes += other.scrapes
        self.answers += other.answers


def compare(
    expected: Expected, page: dict[Key, float], now: Instant, tally: Tally
) -> Mismatch | None:
    """The first mismatch. Everything that was compared is counted in the tally."""
    shown = {key: value for key, value in page.items() if key[0] in CHECKED}
    tally.scrapes += 1
    wrong: dict[Key, tuple[float | None, ...]] = {}
    for key in shown.keys() | expected.samples.keys() | expected.ranges.keys():
        if expected.is_open(key):
            tally.open += 1
            continue
        tally.samples += 1
        value = shown.get(key)
        right: tuple[float | None, ...] = expected.samples.get(key, (None,))
        if key in expected.ranges:
            right = low, high = expected.ranges[key]
            fine = value is not None and low <= value <= high
        else:
            fine = any(_same(key[0], value, one) for one in right)
        if not fine:
            wrong[key] = right
    if not wrong:
        return None
    key = min(wrong)
    labels = ", ".join(f'{name}="{text}"' for name, text in key[1])
    return Mismatch(now, f"{key[0]}{{{labels}}}", shown.get(key), str(wrong[key]))


def _same(family: str, shown: float | None, right: float | None) -> bool:
    if shown is None or right is None:
        return shown is right
    loose = family.endswith("_timestamp_seconds")
    return math.isclose(shown, right, rel_tol=0.0, abs_tol=MARGIN if loose else 1e-6)

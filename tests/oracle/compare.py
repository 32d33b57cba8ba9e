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

    @classmethod
    def of_text(cls, text: str) -> "Mismatch":
        return cls(Instant(0.0, 0.0), text, None, "")

    def text(self, seed: int, events: list[str]) -> str:
        """For the person who reads the failure."""
        head = (
            f"seed {seed}, wall {self.moment.wall:.2f} age {self.moment.age:.2f}\n"
            f"{self.sample}\n  shown    {self.shown}\n  expected {self.right}\nbefore:\n"
        )
        return head + "\n".join(f"  {line[:1000]}" for line in events[-LAST_EVENTS:])


def compare(
    expected: Expected, shown: dict[Key, float], now: Instant
) -> tuple[Mismatch | None, int, int]:
    """The first mismatch, how many samples were compared, and how many were left open."""
    shown = {key: value for key, value in shown.items() if key[0] in CHECKED}
    compared = skipped = 0
    for key in sorted(shown.keys() | expected.samples.keys() | expected.ranges.keys()):
        if expected.is_open(key):
            skipped += 1
            continue
        compared += 1
        value = shown.get(key)
        right = expected.samples.get(key, (None,))
        if key in expected.ranges:
            low, high = expected.ranges[key]
            fine = value is not None and low <= value <= high
            right = (low, high)
        else:
            fine = any(_same(key[0], value, one) for one in right)
        if not fine:
            labels = ", ".join(f'{name}="{text}"' for name, text in key[1])
            return Mismatch(now, f"{key[0]}{{{labels}}}", value, str(right)), compared, skipped
    return None, compared, skipped


def _same(family: str, shown: float | None, right: float | None) -> bool:
    if shown is None or right is None:
        return shown is right
    loose = family.endswith("_timestamp_seconds")
    return math.isclose(shown, right, rel_tol=0.0, abs_tol=MARGIN if loose else 1e-6)

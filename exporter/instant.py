"""A moment, on the two clocks that the exporter keeps apart."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment, on both clocks.

    Attributes:
        wall: Unix time in seconds (UTC): decides whose midnight it is and what timestamps say.
        age: Seconds of the clock of ages, which never jumps and continues during suspend: decides
            how old a value is and how far apart two polls are.
    """

    wall: float
    age: float

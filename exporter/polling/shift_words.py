"""The words of a shift in the configuration: days of the week, times of day, holidays. Pure.

Every message is ours and quotes nothing: a value may come from an environment variable.
"""

import re
from datetime import date, time

_DAY_WORDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NO_DAYS = "must be days like mon-fri, sat or [mon, wed]"
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MIDNIGHT = "24:00"


def parse_days(value: object) -> frozenset[int]:
    """`mon-fri`, `sat`, `sat-mon`, `mon, wed` or a list of these -> days, 0 is Monday.

    Capital letters and blanks do not matter. A range may go on past Sunday.

    Raises:
        ValueError: The value is none of these, names no day, or names one twice.
    """
    parts = value if isinstance(value, list | tuple) else [value]
    days: list[int] = []
    for part in parts:
        if not isinstance(part, str):
            raise ValueError(_NO_DAYS)
        for word in part.split(","):
            days += _days_of(word)
    if not days:
        raise ValueError("must name at least one day")
    if len(set(days)) != len(days):
        raise ValueError("has a day twice")
    return frozenset(days)


def _days_of(word: str) -> list[int]:
    """The days of one word or range, in order."""
    ends = [end.strip().lower() for end in word.split("-")]
    if len(ends) > 2 or not all(end in _DAY_WORDS for end in ends):
        raise ValueError(_NO_DAYS)
    first, last = _DAY_WORDS.index(ends[0]), _DAY_WORDS.index(ends[-1])
    if len(ends) == 2 and first == last:
        # One day, or the whole week? Nobody who reads the file can know.
        raise ValueError("has a range from a day to itself; every day is mon-sun")
    return [day % 7 for day in range(first, last + 1 + 7 * (last < first))]


def parse_start(value: object) -> time:
    """`09:00` -> the time of day at which a shift begins.

    Raises:
        ValueError: The value is not a time from 00:00 to 23:59.
    """
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None or not (int(match[1]) < 24 and int(match[2]) < 60):
        raise ValueError("must be a time from 00:00 to 23:59, like 09:00")
    return time(int(match[1]), int(match[2]))


def parse_end(value: object) -> time:
    """`18:00` -> the time of day at which a shift ends; `24:00` is midnight, as `00:00` is.

    Midnight is never after a shift's start, so it is the midnight that ends the day.

    Raises:
        ValueError: The value is not a time from 00:00 to 24:00.
    """
    if value == _MIDNIGHT:
        return time()
    try:
        return parse_start(value)
    except ValueError:
        raise ValueError("must be a time from 00:00 to 24:00, like 18:00") from None


def parse_holiday(value: object) -> date:
    """`2026-12-25` -> the day.

    Raises:
        ValueError: The value is not a day of the calendar in this form.
    """
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        raise ValueError("must be a day like 2026-12-25")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None

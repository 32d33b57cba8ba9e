"""A DATE of the command line: a calendar day, or one counted back from today. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from exporter.errors import UsageError

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_AGO = re.compile(r"-([0-9]{1,5})", re.ASCII)
# Arithmetic with days and time zones ends at the calendar's ends; these are well within.
_EARLIEST = date(2000, 1, 1)
_LATEST = date(2099, 12, 31)
_NAMED = {"today": 0, "yesterday": 1}


@dataclass(frozen=True, slots=True)
class Day:
    """A day that may depend on what day it is.

    Every project has its own today, by its own zone: `yesterday` in Kyiv is another day than
    `yesterday` in New York for a part of each day.

    Attributes:
        fixed: The calendar day; None for one that is counted back from today.
        ago: How many days before today; 0 is today.
    """

    fixed: date | None = None
    ago: int = 0

    def on(self, today: date) -> date:
        """The calendar day where it is `today`."""
        return today - timedelta(days=self.ago) if self.fixed is None else self.fixed


def parse_day(text: str) -> Day:
    """`2026-03-25`, `today`, `yesterday` or `-7`, which is a week ago.

    Raises:
        ValueError: The text is none of these, or lies before 2000 or after 2099.
    """
    if text in _NAMED:
        return Day(ago=_NAMED[text])
    if match := _AGO.fullmatch(text):
        return Day(ago=int(match[1]))
    if _ISO.fullmatch(text):
        return Day(fixed=_calendar_day(text))
    raise ValueError("must be a day like 2026-03-25, today, yesterday, or -7 for 7 days ago")


def _calendar_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None
    if not _EARLIEST <= day <= _LATEST:
        raise ValueError(f"must lie between {_EARLIEST} and {_LATEST}")
    return day


def days_between(first: Day, last: Day, today: date) -> list[date]:
    """The calendar days from `--from` to `--to`, both inclusive, where it is `today`.

    Raises:
        UsageError: The last is before the first.
    """
    begin, end = first.on(today), last.on(today)
    if end < begin:
        raise UsageError(f"--to must not be before --from, but {end} is before {begin}")
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]

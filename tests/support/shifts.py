"""Shifts as text, with the days of one week by name: that of Monday, 2026-06-01, in Kyiv."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from exporter.polling.shift_words import parse_days, parse_end, parse_start
from exporter.polling.shifts import Shift, Span, Timetable

KYIV = ZoneInfo("Europe/Kyiv")
# A Monday to the next.
MON, TUE, WED, THU, FRI, SAT, SUN, NEXT = (f"2026-06-0{day}" for day in range(1, 9))
SPRING, AUTUMN = "2026-03-29", "2026-10-25"
DAY = "mon-fri 09:00-18:00"
NIGHT = "mon-fri 22:00-06:00"


def shift(text: str) -> Shift:
    """`mon-fri 09:00-18:00` as a shift of everybody."""
    days, _, times = text.rpartition(" ")
    start, _, end = times.partition("-")
    return Shift(parse_days(days), parse_start(start), parse_end(end))


def timetable(*shifts: str, holidays: tuple[str, ...] = (), zone: ZoneInfo = KYIV) -> Timetable:
    days = frozenset(date.fromisoformat(day) for day in holidays)
    return Timetable(tuple(shift(text) for text in shifts), days, zone)


def at(text: str, zone: ZoneInfo = KYIV) -> float:
    """Unix time of `2026-06-01 09:00`; a time with an offset is that very moment."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def span(text: str | None) -> Span | None:
    """`2026-06-01 09:00 .. 2026-06-01 18:00` in Kyiv."""
    if text is None:
        return None
    start, _, end = text.partition(" .. ")
    return Span(at(start), at(end))


def spans(*texts: str) -> list[Span | None]:
    return [span(text) for text in texts]

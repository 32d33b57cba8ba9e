"""Which of several shifts is "the shift" at each moment, asked of the exporter's own rule."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deploy.pictures.lanes import frame
from deploy.pictures.svg import FAINT, GRID, INK, Axis, box, card, line, words
from exporter.polling.shifts import Shift, Span, Timetable
from exporter.polling.window import midnight

ZONE = ZoneInfo("Europe/Kyiv")
_WEEKDAYS = frozenset(range(5))
_NOTHING = "#f6f8fa"
_RUNS, _WAITS = "#54aeff", "#b6e3ff"
_PANEL = 150


@dataclass(frozen=True, slots=True)
class Panel:
    """Some days of one timetable.

    Attributes:
        title: What it shows.
        timetable: Whose shifts they are.
        first: The first day, inclusive.
        hours: How many of them from the midnight of the first day on.
        form: How the start of the shift that is shown is written.
    """

    title: str
    timetable: Timetable
    first: date
    hours: int
    form: str

    @property
    def axis(self) -> Axis:
        """From the first day's midnight on."""
        start = midnight(self.first, ZONE)
        return Axis(start, start + self.hours * 3600, left=130)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a moment (inclusive) to a later one (exclusive) one shift is shown, for one reason.

    Attributes:
        start: Unix time.
        end: Unix time.
        shift: The one that is shown; None on a day off.
        why: `runs`, `is next`, `was the last` or `none`.
    """

    start: float
    end: float
    shift: Span | None
    why: str


def _timetable(*hours: tuple[str, str], holidays: frozenset[date] = frozenset()) -> Timetable:
    wall = [(time.fromisoformat(start), time.fromisoformat(end)) for start, end in hours]
    return Timetable(tuple(Shift(_WEEKDAYS, *pair) for pair in wall), holidays, ZONE)


SPLIT = Panel(
    "A split day: Monday to Friday, 09:00–13:00 and 15:00–19:00",
    _timetable(("09:00", "13:00"), ("15:00", "19:00")),
    date(2026, 12, 18),
    36,
    "%H:%M",
)
NIGHT = Panel(
    "A night shift: Monday to Friday, 22:00–06:00; Friday, 25 December is a holiday",
    _timetable(("22:00", "06:00"), holidays=frozenset({date(2026, 12, 25)})),
    date(2026, 12, 24),
    60,
    "%a %H:%M",
)


def stretches(panel: Panel) -> list[Stretch]:
    """What is shown over the hours of a panel, without gaps; neighbours differ."""
    moment, end = panel.axis.start, panel.axis.end
    shown: list[Stretch] = []
    while moment < end:
        shift = panel.timetable.shift_at(moment)
        until = min(panel.timetable.next_change(moment), end)
        stretch = Stretch(moment, until, shift, _why(shift, moment))
        if shown and (shown[-1].shift, shown[-1].why) == (stretch.shift, stretch.why):
            stretch = replace(stretch, start=shown.pop().start)
        shown.append(stretch)
        moment = until
    return shown


def _why(shift: Span | None, moment: float) -> str:
    if shift is None:
        return "none"
    if moment < shift.start:
        return "is next"
    return "runs" if moment < shift.end else "was the last"


def _clock(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, ZONE):%H:%M}"


def _planned(panel: Panel, top: float) -> Iterator[str]:
    axis, eve = panel.axis, panel.first - timedelta(days=1)
    yield words((20, top + 17), "Shifts", size=13)
    for span in panel.timetable.spans(eve, panel.first + timedelta(hours=panel.hours)):
        if span.end > axis.start and span.start < axis.end:
            yield frame(axis, top, span)
            middle = (axis.x(span.start) + axis.x(span.end)) / 2
            hours = f"{_clock(span.start)}–{_clock(span.end)}"
            yield words((middle, top + 20), hours, INK, "middle", 11)


def _shown(panel: Panel, top: float) -> Iterator[str]:
    axis = panel.axis
    yield words((20, top + 17), "“The shift”", size=13)
    yield words((20, top + 33), "and its start", FAINT, size=11)
    for stretch in stretches(panel):
        left, right = axis.x(stretch.start), axis.x(stretch.end)
        fill = {"runs": _RUNS, "none": _NOTHING}.get(stretch.why, _WAITS)
        yield box((left, top, right, top + 40), fill, "#ffffff")
        middle = (left + right) / 2
        yield words((middle, top + 17), stretch.why, INK, "middle")
        if stretch.shift is not None:
            begun = f"{datetime.fromtimestamp(stretch.shift.start, ZONE):{panel.form}}"
            yield words((middle, top + 33), begun, INK, "middle", 11)


def _panel(panel: Panel, top: float) -> Iterator[str]:
    axis = panel.axis
    yield words((20, top), panel.title, size=14)
    for number in range(-(-panel.hours // 24)):
        day = panel.first + timedelta(days=number)
        x = axis.x(midnight(day, ZONE))
        yield line((x, top + 12), (x, top + 112), GRID, 1)
        yield words((x + 4, top + 24), f"{day:%A, {day.day} %B}", FAINT, size=11)
    yield from _planned(panel, top + 29)
    yield from _shown(panel, top + 66)


def draw() -> str:
    """The picture."""
    top = 68
    parts = [*_panel(SPLIT, top), *_panel(NIGHT, top + _PANEL)]
    return card("Which shift is “the shift”?", top + 2 * _PANEL - 20, parts)

"""A lane a person: the shift as a frame, the statuses as bars, what is remarkable in red."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.pictures.facts import Remark
from deploy.pictures.svg import (
    ALARM,
    FAINT,
    GRID,
    INK,
    SHIFT,
    Axis,
    box,
    boxes,
    line,
    status_colour,
    words,
)
from exporter.simulator.spans import DND, OFFLINE, ONLINE, SPEAKING, Span

LANE = 44
_BAR = 14
# What is cut off.
_OVERHANG = 10
# A text at an edge would leave the picture, or the lane.
_EDGE = 90


def hours(axis: Axis, zone: ZoneInfo, top: float, bottom: float, form: str) -> Iterator[str]:
    """A line for each whole hour, with the time that the clock on the wall shows."""
    for moment in range(int(axis.start), int(axis.end) + 1, 3600):
        x = axis.x(moment)
        yield line((x, top), (x, bottom), GRID, 1)
        shown = f"{datetime.fromtimestamp(moment, zone):{form}}"
        yield words((x, top - 6), shown, FAINT, "middle", 11)


def name(top: float, text: str, below: str) -> Iterator[str]:
    """Whose lane it is, and a line below in small letters."""
    yield words((20, top + 19), text, size=13)
    yield words((20, top + 35), below, FAINT, size=11)


def frame(axis: Axis, top: float, shift: tuple[float, float]) -> str:
    """The shift, behind the bars; it sticks out where it begins before the picture, or goes on."""
    left = axis.x(shift[0]) - _OVERHANG * (shift[0] < axis.start)
    right = axis.x(shift[1]) + _OVERHANG * (shift[1] > axis.end)
    return box((left, top + 5, right, top + 27), SHIFT, FAINT, 3)


def bars(axis: Axis, top: float, spans: Sequence[Span]) -> Iterator[str]:
    """A path for each status; offline is a thin line."""
    for status in sorted({span.status for span in spans}):
        held = [(axis.x(s.start), axis.x(s.end)) for s in spans if s.status == status]
        thin = _BAR / 2 - 1 if status == OFFLINE else 0
        yield boxes(held, top + 9 + thin, top + 9 + _BAR - thin, status_colour(status))


def remark(axis: Axis, top: float, said: Remark) -> Iterator[str]:
    """A red stretch below the bars and the words for it."""
    left, right = axis.x(said.start), axis.x(said.end)
    y = top + 30.5
    yield line((left, y), (right, y), ALARM, 3)
    if right > axis.right - _EDGE:
        place, anchor = (right, y + 13), "end"
    else:
        place, anchor = (left, y + 13), "start"
    yield words(place, said.verdict, ALARM, anchor)


def legend(top: float, custom: str) -> Iterator[str]:
    """What the colours mean, in one line."""
    x = 190.0
    for status, text in ((ONLINE, ONLINE), (SPEAKING, SPEAKING), (DND, DND), (custom, custom)):
        yield box((x, top, x + 14, top + 12), status_colour(status))
        yield words((x + 20, top + 10), text, INK)
        x += 50 + 7 * len(text)
    yield box((x, top + 5, x + 22, top + 7), status_colour(OFFLINE))
    yield words((x + 28, top + 10), OFFLINE, INK)
    x += 98
    yield box((x, top - 1, x + 22, top + 13), SHIFT, FAINT, 3)
    yield words((x + 28, top + 10), "the shift", INK)

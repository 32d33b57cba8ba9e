"""What somebody did, as spans of time without gaps. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

ONLINE, OFFLINE, DND, SPEAKING = "online", "offline", "dnd", "speaking"
LUNCH, BREAK = "At lunch", "Break"


@dataclass(frozen=True, slots=True)
class Span:
    """A person, or one SIP account, held a status: from `start` to `end`, exclusive."""

    start: int
    end: int
    status: str


def merge(accounts: Iterable[Iterable[Span]]) -> list[Span]:
    """One person's accounts as one timeline.

    By the documented priority: speaking before online, before a custom status and dnd, before
    offline. Between two of one rank the first account's counts.
    """
    lanes = [list(lane) for lane in accounts]
    moments = sorted({m for lane in lanes for s in lane for m in (s.start, s.end)})
    rank = {SPEAKING: 0, ONLINE: 1, OFFLINE: 3}
    cursors = [0] * len(lanes)
    merged: list[Span] = []
    for start, end in pairwise(moments):
        held = []
        for index, lane in enumerate(lanes):
            while cursors[index] < len(lane) and lane[cursors[index]].end <= start:
                cursors[index] += 1
            if cursors[index] < len(lane) and lane[cursors[index]].start <= start:
                held.append(lane[cursors[index]].status)
        status = min(held, key=lambda status: rank.get(status, 2), default=OFFLINE)
        merged.append(Span(start, end, status))
    return _joined(merged)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if span.start >= span.end:
            continue
        if joined and joined[-1].status == span.status and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end, span.status)
        else:
            joined.append(span)
    return joined


def lay_out(shifts: Iterable[Iterable[Span]], start: int, end: int) -> tuple[Span, ...]:
    """One account's shifts from `start` to `end` without gaps; it is offline between them."""
    spans: list[Span] = []
    at = start
    for shift in shifts:
        for span in shift:
            begin, stop = max(span.start, at), min(span.end, end)
            if begin < stop:
                spans += [Span(at, begin, OFFLINE), Span(begin, stop, span.status)]
                at = stop
    return tuple(_joined([*spans, Span(at, end, OFFLINE)]))

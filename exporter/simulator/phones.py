"""What the accounts of somebody at work do, call by call, from the dice. Pure."""

import random
from collections.abc import Iterator
from typing import NamedTuple

from exporter.simulator.incidents import PARTS, Incident
from exporter.simulator.spans import BREAK, DND, LUNCH, OFFLINE, ONLINE, SPEAKING, Span

# Both breaks of a usual day, and after-call work, are below the limits that the rota states.
_BREAK, _LUNCH, _SECOND_BREAK = 420, 2100, 480
_AFTER_CALL_SHARE = 0.1


class _Pause(NamedTuple):
    """From a moment on no calls are taken, for some seconds."""

    moment: int
    status: str
    seconds: int


def desk_phone(
    dice: random.Random, start: int, end: int, incident: Incident | None = None, seconds: int = 0
) -> Iterator[Span]:
    """The desk phone: waits and calls, two breaks, one lunch, sometimes after-call work.

    Args:
        dice: What happens is theirs.
        start: When work begins.
        end: When it ends, exclusive.
        incident: What is unusual; what is about coming and leaving does not matter here.
        seconds: How long that lasts.
    """
    at = start
    for pause in [*_pauses(dice, start, end, incident, seconds), _Pause(end, OFFLINE, 0)]:
        while at < pause.moment:
            for status, length in _call(dice):
                until = min(at + length, pause.moment)
                yield Span(at, until, status)
                at = until
        until = min(at + pause.seconds, end)
        yield Span(at, until, pause.status)
        at = until


def _call(dice: random.Random) -> list[tuple[str, int]]:
    """The wait for a call, the call, and what may have to be done after it."""
    wait = min(int(dice.expovariate(1 / 420)) + 60, 2400)
    call = min(int(dice.lognormvariate(5.5, 0.7)) + 30, 2700)
    steps = [(ONLINE, wait), (SPEAKING, call)]
    if dice.random() < _AFTER_CALL_SHARE:
        steps.append((DND, dice.randint(60, 240)))
    return steps


def _pauses(
    dice: random.Random, start: int, end: int, incident: Incident | None, seconds: int
) -> list[_Pause]:
    """The pauses of a shift, in order; one of them is as long as an incident makes it."""

    def pause(first: float, last: float, status: str, length: int) -> _Pause:
        moment = start + int((end - start) * dice.uniform(first, last))
        return _Pause(moment, status, int(length * dice.uniform(0.7, 1.3)))

    first_break = pause(0.15, 0.3, BREAK, _BREAK)
    lunch = pause(*PARTS[Incident.LONG_LUNCH], LUNCH, _LUNCH)
    second_break = pause(*PARTS[Incident.LONG_BREAK], BREAK, _SECOND_BREAK)
    if incident is Incident.LONG_LUNCH:
        lunch = lunch._replace(seconds=seconds)
    if incident is Incident.LONG_BREAK:
        second_break = second_break._replace(seconds=seconds)
    if incident is Incident.LONG_DND:
        long_dnd = pause(*PARTS[incident], DND, 0)._replace(seconds=seconds)
        return [first_break, long_dnd, lunch, second_break]
    return [first_break, lunch, second_break]


def mobile_phone(dice: random.Random, start: int, end: int) -> Iterator[Span]:
    """The mobile phone: do not disturb, but for a few stretches when it takes calls."""
    at = start
    while at < end:
        quiet = min(at + dice.randint(3600, 9000), end)
        yield Span(at, quiet, DND)
        ready = min(quiet + dice.randint(600, 1800), end)
        yield Span(quiet, ready, ONLINE)
        call = min(ready + dice.randint(60, 600), end)
        yield Span(ready, call, SPEAKING)
        at = call

"""Asks for the days of several projects, each day on its own; what fails for now is asked again.

Projects go side by side within the limits of the API, the days of one in their order. A day that
failed for a reason that may pass is asked once more when all others are through.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from exporter.commands.missing_day import MissingDay
from exporter.commands.past_days import PastDays
from exporter.commands.progress import Progress
from exporter.errors import PollError, RateLimited
from exporter.polling.snapshot import ProjectSnapshot

# What is done with a day that was answered.
Take = Callable[[PastDays, date, ProjectSnapshot], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """The days that one project is asked for, in their order."""

    past: PastDays
    days: Sequence[date]


async def read_days(plans: Sequence[Plan], take: Take, progress: Progress) -> list[MissingDay]:
    """Hands on every day that can be had.

    Returns:
        The days that cannot, in the order of the plans and of time.
    """
    missing: list[MissingDay] = []
    again = await asyncio.gather(*(_first_time(plan, take, progress, missing) for plan in plans))
    await asyncio.gather(*(_last_time(plan, take, progress, missing) for plan in again))
    order = {plan.past.spec.project_id: number for number, plan in enumerate(plans)}
    return sorted(missing, key=lambda one: (order[one.project_id], one.day))


async def _first_time(
    plan: Plan, take: Take, progress: Progress, missing: list[MissingDay]
) -> Plan:
    """What of the plan is to be asked again."""
    again: list[date] = []
    for day in plan.days:
        error = await _read(plan.past, day, take)
        if error is not None and _may_pass(error):
            again.append(day)
            continue
        _through(plan.past, day, error, progress, missing)
    return Plan(plan.past, again)


async def _last_time(
    plan: Plan, take: Take, progress: Progress, missing: list[MissingDay]
) -> None:
    for day in plan.days:
        error = await _read(plan.past, day, take)
        _through(plan.past, day, error, progress, missing)


async def _read(past: PastDays, day: date, take: Take) -> PollError | None:
    try:
        snapshot = await past.read(day)
    except PollError as error:
        return error
    take(past, day, snapshot)
    return None


def _may_pass(error: PollError) -> bool:
    """Whether the same request may be answered some minutes later."""
    return error.retries > 0 or isinstance(error, RateLimited)


def _through(
    past: PastDays,
    day: date,
    error: PollError | None,
    progress: Progress,
    missing: list[MissingDay],
) -> None:
    spec = past.spec
    if error is not None:
        problem = error.problem
        words = spec.words_of(problem)
        missing.append(MissingDay(spec.project_id, spec.name, day, problem, words))
    progress.step(f"{spec.name} {day}")

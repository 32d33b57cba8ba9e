"""`shifts`, `holidays` and `statuses` of the configuration file.

Rules: docs/contract.md#8-shifts.
"""

from datetime import date, time
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from exporter.config.scalars import Duration, Pattern, RequiredName
from exporter.polling.shift_words import parse_days, parse_end, parse_holiday, parse_start
from exporter.polling.shifts import Shift
from exporter.polling.status_rules import CUSTOM_KINDS, StatusRule
from exporter.ringostat.names import clean
from exporter.ringostat.report import BUILT_IN
from exporter.yamlfile.sections import OrEmpty, Section

# A list that is there and empty would be nobody's, or everybody's: nobody can know.
_Some = Field(min_length=1)


def _kind(value: str) -> str:
    if value not in CUSTOM_KINDS:
        kinds = f"{', '.join(CUSTOM_KINDS[:-1])} or {CUSTOM_KINDS[-1]}"
        raise ValueError(f"must be {kinds}, of a custom status")
    return value


def _unique(value: tuple[date, ...]) -> tuple[date, ...]:
    if len(set(value)) != len(value):
        raise ValueError("has a day twice")
    return value


class ShiftSection(Section):
    """One of `shifts`: days, from when until when, and whose."""

    days: Annotated[frozenset[int], BeforeValidator(parse_days)]
    start: Annotated[time, BeforeValidator(parse_start)]
    end: Annotated[time, BeforeValidator(parse_end)]
    departments: Annotated[tuple[RequiredName, ...], _Some] | None = None
    employees: Annotated[tuple[Pattern, ...], _Some] | None = None

    def to_shift(self) -> Shift:
        """The plain value."""
        return Shift(self.days, self.start, self.end, self.departments or (), self.employees or ())


class StatusSection(Section):
    """One of `statuses`: what it is for, and how long a day it may be held."""

    kind: Annotated[str, AfterValidator(_kind)] | None = None
    limit: Duration | None = None


Holidays = Annotated[
    tuple[Annotated[date, BeforeValidator(parse_holiday)], ...], AfterValidator(_unique)
]


def _check_statuses(value: dict[str, StatusSection]) -> dict[str, StatusSection]:
    for word, section in value.items():
        if word in BUILT_IN and section.kind is not None:
            raise ValueError(f"{word} is built in: its kind is known; only a limit can be given")
    return value


def _no_twins(value: object) -> object:
    """Words that are the same once they are cleaned would be one, and one of them lost."""
    words = [clean(word) for word in value] if isinstance(value, dict) else []
    if len(set(words)) != len(words):
        raise ValueError("has a status twice")
    return value


Statuses = Annotated[
    dict[RequiredName, Annotated[StatusSection, OrEmpty]],
    BeforeValidator(_no_twins),
    AfterValidator(_check_statuses),
]


def to_rules(statuses: dict[str, StatusSection]) -> tuple[StatusRule, ...]:
    """The plain values, in the order of the file."""
    return tuple(
        StatusRule(word, section.kind, section.limit) for word, section in statuses.items()
    )

"""The departments that the configuration names, beside those that Ringostat knows. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from exporter.ringostat.expressions import compile_expression

# Answers that are kept: an expression costs a microsecond, and names are the same poll by poll.
_NAMES_KEPT = 16_384


@dataclass(frozen=True, slots=True)
class OwnDepartment:
    """One department.

    Attributes:
        name: Its label.
        employees: RE2 expressions, fully anchored, on the cleaned name; any of them.
    """

    name: str
    employees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnDepartments:
    """Which departments of the configuration somebody is in. Two are equal by what they say.

    Attributes:
        every: In the order of the configuration.

    Raises:
        ValueError: An expression is not valid.
    """

    every: tuple[OwnDepartment, ...] = ()
    of: Callable[[str], tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        compiled = [
            (department.name, [compile_expression(pattern) for pattern in department.employees])
            for department in self.every
        ]

        def of(name: str) -> tuple[str, ...]:
            return tuple(
                label
                for label, expressions in compiled
                if any(expression.fullmatch(name) for expression in expressions)
            )

        object.__setattr__(self, "of", lru_cache(_NAMES_KEPT)(of) if compiled else _in_none)


def _in_none(_name: str) -> tuple[str, ...]:
    return ()

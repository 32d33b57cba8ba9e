"""The departments that the configuration names, beside those that Ringostat knows. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field

from exporter.ringostat.expressions import compile_any


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
    _matchers: tuple[Callable[[str], bool], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        matchers = tuple(compile_any(department.employees) for department in self.every)
        object.__setattr__(self, "_matchers", matchers)

    def of(self, name: str) -> tuple[str, ...]:
        """The departments of a cleaned name."""
        return tuple(
            department.name
            for department, has in zip(self.every, self._matchers, strict=True)
            if has(name)
        )

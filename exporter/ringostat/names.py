"""Names and titles of the API as clean labels, and which are shown. Pure.

Rules: docs/contract.md#rule-7-clean-labels.
"""

import hashlib
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from exporter.ringostat.expressions import compile_any
from exporter.ringostat.pseudonyms import Pseudonyms

_T = TypeVar("_T")
MAX_LABEL = 200
# Unicode's categories Cc (control) and Cs (an unpaired surrogate, which no exposition carries).
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def normalise(text: str) -> str:
    """A name as one clean line of any length: blanks single, NFC, controls as U+FFFD."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    return _UNPRINTABLE.sub("\ufffd", line)


def cut(text: str) -> str:
    """A label of a normalised text: at most 200 characters, and never empty.

    A longer one keeps its beginning and ends in `…` and 8 hex digits of the SHA-256 of the whole.
    """
    if len(text) > MAX_LABEL:
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        return f"{text[: MAX_LABEL - 9]}…{digest}"
    return text or "(unnamed)"


def clean(text: str) -> str:
    """A name or title of the API as a label value (docs/contract.md#rule-7-clean-labels).

    One object for every name that is the same: reports, staff lists and what is known of days
    share it, poll after poll.
    """
    return sys.intern(cut(normalise(text)))


@dataclass(frozen=True, slots=True)
class EmployeeFilter:
    """Which employees are shown. Two are equal by the text of their expressions.

    Attributes:
        include: RE2 expressions, fully anchored, on the cleaned name; empty: everybody.
        exclude: Likewise; wins over include.

    Raises:
        ValueError: An expression is not valid.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    _included: Callable[[str], bool] = field(init=False, repr=False, compare=False)
    _excluded: Callable[[str], bool] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_included", compile_any(self.include))
        object.__setattr__(self, "_excluded", compile_any(self.exclude))

    def shows(self, name: str) -> bool:
        """Whether the employee of this cleaned name is shown."""
        if self.include and not self._included(name):
            return False
        return not self.exclude or not self._excluded(name)


@dataclass(frozen=True, slots=True)
class ShownNames:
    """Who is shown, and under which label. One value for everything that is shown together.

    It remembers the pseudonyms that it gave, and lives no longer than what was rendered with it.

    Attributes:
        shown: The filter, which looks at cleaned names.
        pseudonyms: What stands for the names; None where they stand for themselves.
    """

    shown: EmployeeFilter
    pseudonyms: Pseudonyms | None = None
    _given: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def filters(self) -> bool:
        """Whether anybody could be hidden."""
        return bool(self.shown.include or self.shown.exclude)

    def shows(self, name: str) -> bool:
        """Whether the employee of this cleaned name is shown."""
        return not self.filters or self.shown.shows(name)

    def label(self, name: str) -> str:
        """What stands for a cleaned name, or for a login."""
        if self.pseudonyms is None:
            return name
        pseudonym = self._given.get(name)
        if pseudonym is None:
            pseudonym = self._given[name] = self.pseudonyms.of(name)
        return pseudonym

    def select(self, employees: Mapping[str, _T]) -> Mapping[str, _T]:
        """Label -> what is known, of those who are shown of what is known by cleaned name.

        Pseudonyms are in their own order, since that of the names would tell of them.
        """
        if self.pseudonyms is None and not self.filters:
            return employees
        shown = filter(self.shows, employees) if self.filters else employees
        labelled = ((self.label(name), name) for name in shown)
        return {label: employees[name] for label, name in self.in_order(labelled)}

    def in_order(self, labelled: Iterable[_T]) -> Iterable[_T]:
        """What begins with a label, in an order that tells nothing of the names behind it."""
        return labelled if self.pseudonyms is None else sorted(labelled)  # type: ignore[type-var]

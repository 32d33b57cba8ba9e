"""`ringostat_report_anomalies_total`, where the contract is clear: at least and at most so many.

docs/contract.md#families:
"+1 per value or row and poll". Not said: whether employees whom a filter hides count,
whether the values of a malformed row do, and those of a report that is refused.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.oracle.reading import clean, seconds

UNCLEAR_REASONS = (
    "bad_staff",
    "decreased",
    "missing_name",
    "name_limit",
    "status_limit",
    "sum_exceeds_elapsed",
)
REASONS = ("null_value", "empty_value", "bad_value", "bad_row")


@dataclass(slots=True)
class Anomalies:
    """So many of each reason since the process started."""

    least: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)

    def add(self, rows: Sequence[object], shows: Callable[[str], bool], taken: bool) -> None:
        """One more report; `taken` is whether it was certainly counted."""
        for row in rows:
            found, sure = _of_row(row, shows)
            self.most += found
            if taken and sure:
                self.least += found


def _of_row(row: object, shows: Callable[[str], bool]) -> tuple[Counter[str], bool]:
    """What is wrong with a row, and whether all of that counts for sure."""
    if not isinstance(row, dict):
        return Counter(bad_row=1), True
    found: Counter[str] = Counter()
    readable = 0
    for key, value in row.items():
        if key == "employee":
            continue
        if value is None:
            found["null_value"] += 1
        elif value == "":
            found["empty_value"] += 1
        elif seconds(value) is None:
            found["bad_value"] += 1
        else:
            readable += 1
    name = row.get("employee")
    if not isinstance(name, str):
        found["bad_row"] += 1
        return found, False
    if found["bad_value"] and not readable:
        found["bad_row"] += 1
        return found, False
    return found, shows(clean(name))

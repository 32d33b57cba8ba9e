"""One row of a report: what could be read of it, and what could not. Pure.

Source: the API description, "Get information about employee statuses". A row of method 2 is
`{"employee": NAME, STATUS: "HH:MM:SS", ...}`.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from exporter.ringostat.names import clean

# Looking a part of `HH:MM:SS` up costs a tenth of matching and computing it.
_MINUTES = {f"{h:02d}:{m:02d}": h * 3600 + m * 60 for h in range(26) for m in range(60)}
_SECONDS = {f":{n:02d}": n for n in range(60)}
# Six digits of hours are a century: what is longer is no duration of a report.
_DURATION = re.compile(r"([0-9]{2,6}):([0-5][0-9]):([0-5][0-9])", re.ASCII)


class Anomaly(StrEnum):
    """What may be wrong with a value, a row or an entry of an otherwise good answer."""

    NULL_VALUE = "null_value"
    EMPTY_VALUE = "empty_value"
    BAD_VALUE = "bad_value"
    BAD_ROW = "bad_row"
    MISSING_NAME = "missing_name"
    STATUS_LIMIT = "status_limit"
    NAME_LIMIT = "name_limit"
    DECREASED = "decreased"
    SUM_EXCEEDS_ELAPSED = "sum_exceeds_elapsed"
    BAD_STAFF = "bad_staff"


@dataclass(slots=True)
class Row:
    """One row.

    Attributes:
        name: The employee's cleaned name.
        values: Status key -> whole seconds, of what could be read.
        unreadable: The keys whose values could not be read.
        total: The sum of `values`, in seconds.
    """

    name: str
    values: dict[str, int]
    unreadable: Collection[str]
    total: int

    @property
    def malformed(self) -> bool:
        """Whether it has values of which none can be read."""
        return bool(self.unreadable) and not self.values


def read_duration(text: str) -> int | None:
    """`01:31:55` -> 5515 seconds; hours may pass 24. None if the text is not of that form."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def read_row(entry: object, anomalies: Counter[Anomaly]) -> Row | None:
    """Reads one entry of a report and counts its anomalies; None without a row or a name."""
    if not isinstance(entry, dict):
        anomalies[Anomaly.BAD_ROW] += 1
        return None
    employee = entry.get("employee")
    if not isinstance(employee, str):
        anomalies[Anomaly.MISSING_NAME] += 1
        return None
    try:
        # The way nearly every row goes: each value is `HH:MM:SS` with at most 25 hours.
        values = {
            key: _MINUTES[text[:5]] + _SECONDS[text[5:]]
            for key, text in entry.items()
            if key != "employee"
        }
    except (KeyError, TypeError):
        return _read_odd_row(clean(employee), entry, anomalies)
    return Row(clean(employee), values, (), sum(values.values()))


def _read_odd_row(name: str, entry: Mapping[str, object], anomalies: Counter[Anomaly]) -> Row:
    """A row with a value that is not `HH:MM:SS`: over 25 hours, absent or unreadable."""
    values: dict[str, int] = {}
    unreadable = set()
    for key, value in entry.items():
        if key == "employee":
            continue
        if isinstance(value, str) and (seconds := read_duration(value)) is not None:
            values[key] = seconds
        elif value is None:
            anomalies[Anomaly.NULL_VALUE] += 1
        elif value == "":
            anomalies[Anomaly.EMPTY_VALUE] += 1
        else:
            anomalies[Anomaly.BAD_VALUE] += 1
            unreadable.add(key)
    row = Row(name, values, unreadable, sum(values.values()))
    if row.malformed:
        anomalies[Anomaly.BAD_ROW] += 1
    return row

"""Rows as received -> what they tell.

Rules: docs/contract.md#rule-1-exact, docs/contract.md#rule-3-never-invented,
docs/contract.md#rule-5-never-merged-in-silence and docs/contract.md#rule-7-clean-labels.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

BUILT_IN = ("online", "offline", "dnd", "speaking")
MOST_STATUSES = 64
_DURATION = re.compile(r"(\d+):([0-5]\d):([0-5]\d)", re.ASCII)


@dataclass(slots=True)
class Person:
    """What one report tells of one name.

    Attributes:
        values: Seconds of each status that could be read in every row of the name.
        unread: Statuses with a value that cannot be read.
        dropped: Statuses of the row that fell to the limit of 64.
        blank: Statuses with `null` or `""`. They "count as an absent key", which is exported as 0;
            whether presence may take them for a 0 that was told is not said.
        rows: How many rows came under the name.
        lost: A row of the name could not be read at all.
        unclear: The contract does not say what of this person is known.
    """

    values: dict[str, int] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    blank: set[str] = field(default_factory=set)
    rows: int = 0
    lost: bool = False
    unclear: bool = False

    @property
    def whole(self) -> bool:
        """Whether every value is told, by one row."""
        return self.rows == 1 and not (self.lost or self.unread or self.dropped)

    @property
    def readable(self) -> bool:
        """Whether one row told everything, but for what fell to the limit."""
        return self.rows == 1 and not (self.lost or self.unread)

    def told(self, status: str) -> int | None:
        """Seconds; 0 for a key that the row has not (rule 3); None if that is not known."""
        if self.lost or status in self.unread or status in self.dropped:
            return None
        return self.values.get(status, 0)


@dataclass(slots=True)
class Reading:
    """What one report tells.

    Attributes:
        people: By cleaned name.
        statuses: For which samples are exported.
        malformed: "is not an object, has no string `employee`, or has values of which none
            can be read".
        rows: As received.
    """

    people: dict[str, Person] = field(default_factory=dict)
    statuses: set[str] = field(default_factory=set)
    malformed: int = 0
    rows: int = 0

    @property
    def refused(self) -> bool:
        """FAULTS: "more than half malformed: KEEP schema"."""
        return self.malformed * 2 > self.rows


def clean(text: str) -> str:
    """Rule 7, without what the histories never send."""
    return unicodedata.normalize("NFC", " ".join(text.split())) or "(unnamed)"


def seconds(value: object) -> int | None:
    """Rule 1: `01:31:55` is 5515; None for what cannot be read."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3]) if match else None


def read(rows: Sequence[object]) -> Reading:
    """Everything that the rows tell."""
    reading = Reading(rows=len(rows))
    for row in rows:
        _read_row(row, reading)
    _limit(reading)
    return reading


def _read_row(row: object, reading: Reading) -> None:
    if not isinstance(row, dict) or not isinstance(row.get("employee"), str):
        reading.malformed += 1
        return
    # "`null` and `""` count as an absent key"
    cells = {clean(key): value for key, value in row.items() if key != "employee"}
    blank = {key for key, value in cells.items() if value is None or value == ""}
    cells = {key: value for key, value in cells.items() if key not in blank}
    person = reading.people.setdefault(clean(row["employee"]), Person())
    person.rows += 1
    person.blank |= blank
    if not cells and len(row) > 1:
        person.unclear = True  # nothing but nulls: a row of zeros, or one that tells nothing?
    read_cells = {key: seconds(value) for key, value in cells.items()}
    if cells and all(value is None for value in read_cells.values()):
        # "Rows of one name are added up (one that cannot be read at all makes the whole name
        # unknown: no sample)"
        reading.malformed += 1
        person.lost = True
        return
    for key, value in read_cells.items():
        if value is None:
            person.unread.add(key)
        else:
            person.values[key] = person.values.get(key, 0) + value


def _limit(reading: Reading) -> None:
    """Rule 7: "Past 64 statuses in a report: built-ins, then those with most seconds in it"."""
    total: Counter[str] = Counter()
    for person in reading.people.values():
        total.update(person.values)
        for key in person.unread:
            total[key] += 0
    customs = sorted(set(total) - set(BUILT_IN), key=lambda key: (-total[key], key))
    dropped = set(customs[MOST_STATUSES - len(BUILT_IN) :])
    for person in reading.people.values():
        if dropped and any(person.values.get(key) == 0 for key in dropped):
            person.unclear = True  # is a dropped 0 told?
        person.dropped = dropped & (set(person.values) | person.unread)
    # "a status that another row of the same report has a readable value of"
    readable = {key for person in reading.people.values() for key in person.values}
    reading.statuses = (set(BUILT_IN) | readable) - dropped

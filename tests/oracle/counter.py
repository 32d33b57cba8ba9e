"""`ringostat_employee_time_seconds_total`: docs/contract.md#employee-time-counter, in order."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.oracle.reading import BUILT_IN, Person, Reading

DAY = timedelta(days=1)


@dataclass(slots=True)
class Day:
    """What is known of one date.

    Attributes:
        from_zero: "a new day's baseline is 0 when the day before was seen"; "whether a day
            began at 0 is decided when its own reports come".
        of_today: A report of it came as `today`.
        marks: The high-water mark of an employee and status.
        twice: Whether the newest report of the date named somebody more than once.
        never_told: The statuses of a name that every report of the date so far left unknown.
    """

    from_zero: bool
    of_today: bool = False
    marks: dict[str, dict[str, int]] = field(default_factory=dict)
    twice: dict[str, bool] = field(default_factory=dict)
    never_told: dict[str, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Counter:
    """The totals of one process.

    Attributes:
        forgets: Of the two readings of "marks are kept of the newest report's day, the two
            before and the one after": True throws the others away as soon as a report is
            counted, False has them still when the clock is right again.
        zero_after_yesterday: Of the two readings of a start at which the `yesterday` report is
            counted before that of `today`: True has the day before seen, so that today began
            at 0; False says "its baseline is the first report after the process start".
        keys: Every status that a report told of.
        unsure: Names whose total the contract leaves open.
    """

    forgets: bool = False
    zero_after_yesterday: bool = True
    days: dict[date, Day] = field(default_factory=dict)
    seen: set[date] = field(default_factory=set)
    thrown: set[date] = field(default_factory=set)
    only_yesterday: set[date] = field(default_factory=set)
    totals: dict[tuple[str, str], int] = field(default_factory=dict)
    named: dict[str, set[date]] = field(default_factory=dict)
    newest: date | None = None
    keys: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)

    def add(self, day: date, reading: Reading, of_today: bool, *, watched: bool) -> None:
        """A good report of one date, as `today` or as `yesterday`."""
        # "also where that whole day passed unseen after one that was seen (its mark is 0
        # then)": the day before it was seen.
        after_seen = watched and day - DAY in self.seen
        if not self.zero_after_yesterday and day - DAY in self.only_yesterday:
            after_seen = False
        known = self.days.setdefault(day, Day(from_zero=after_seen and day not in self.thrown))
        if of_today and day != self.newest:
            # A day that a wrong clock named early "begins anew when it comes".
            zero = after_seen and day not in self.thrown
            if zero and known.of_today and not known.from_zero:
                # It was `today` before the day before was ever seen: a clock was set back to
                # that one. Whether what was unknown then counts from 0 is not said.
                self.unsure |= set(known.never_told)
            known.from_zero = known.from_zero or zero
            self.newest = day
        known.of_today = known.of_today or of_today
        self.seen.add(day)
        if of_today or known.from_zero:
            self.only_yesterday.discard(day)
        elif not known.marks:
            self.only_yesterday.add(day)
        self.keys |= reading.statuses
        for name, person in reading.people.items():
            self._count(known, day, name, person)
        if self.forgets and self.newest:
            kept = {self.newest + DAY * offset for offset in (-2, -1, 0, 1)}
            # "so that a clock set back over a midnight counts nothing twice"
            self.thrown |= {
                date_
                for date_, known in self.days.items()
                if date_ not in kept and any(any(marks.values()) for marks in known.marks.values())
            }
            self.days = {date_: known for date_, known in self.days.items() if date_ in kept}
            self.seen &= kept

    def _count(self, known: Day, day: date, name: str, person: Person) -> None:
        if person.lost:
            return  # "What a report does not tell is not 0": no gain is made of it
        told_before = name in known.never_told
        if person.unclear or (person.blank and not (told_before or known.from_zero)):
            self.unsure.add(name)
        first = name not in self.named
        self.named.setdefault(name, set()).add(day)
        for key in BUILT_IN:  # "it starts at 0 for the four built-ins"
            self.totals.setdefault((name, key), 0)
        twice = person.rows > 1
        # "A name that begins or ends to come twice takes a new baseline."
        changed = known.twice.get(name, twice) != twice
        if name not in known.twice and not first and twice:
            self.unsure.add(name)  # twice from the day's first report on: begun when?
        known.twice[name] = twice
        never = known.never_told.setdefault(name, person.unread | person.dropped)
        marks = known.marks.setdefault(name, {})
        for key in {*BUILT_IN, *person.values, *marks}:
            value = person.told(key)
            if value is not None:
                # "A value that was unknown and becomes readable on a day that began at 0 counts
                # from 0, on another from its first readable value." A key that an earlier report
                # of the day had not, in a row that told everything, was 0 then.
                zero = known.from_zero or (told_before and key not in never)
                mark = marks.get(key, 0 if zero else value)
                self._gain(known, (name, key), value, value if changed else mark)
                marks[key] = value if changed else max(value, mark)
            elif changed:
                self.unsure.add(name)
        never -= {key for key in never if person.told(key) is not None}

    def _gain(self, known: Day, key: tuple[str, str], value: int, mark: int) -> None:
        """From docs/contract.md#employee-time-counter.

        "It counts only what exceeds the day's high-water mark".
        """
        if value > mark:
            if not (known.of_today or known.from_zero):
                # Whether a day that only `yesterday` reports tell of takes a baseline from the
                # first of them is not said.
                self.unsure.add(key[0])
            self.totals[key] = self.totals.get(key, 0) + value - mark

    def with_totals_of(self, old: "Counter") -> "Counter":
        """The totals of both, of which the contract's "all counters stay" speaks."""
        keys = self.totals.keys() | old.totals.keys()
        sums = {key: self.totals.get(key, 0) + old.totals.get(key, 0) for key in keys}
        return Counter(
            self.forgets,
            self.zero_after_yesterday,
            totals=sums,
            keys=self.keys | old.keys,
            unsure=self.unsure | old.unsure,
        )

    def shown(self, name: str) -> bool:
        """Whether there are series of the name.

        docs/contract.md#employee-time-counter:
        "a series stays while its employee was named on one of the last two local
        days, counted back from the day of the newest report".
        """
        if self.newest is None:
            return False
        return bool(self.named.get(name, set()) & {self.newest, self.newest - DAY})


def counters() -> tuple[Counter, ...]:
    """One for each reading of what the contract leaves open."""
    return tuple(Counter(forgets, zero) for forgets in (False, True) for zero in (True, False))

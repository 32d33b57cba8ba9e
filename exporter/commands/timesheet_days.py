"""A day's report of a project -> what each person's day was. Pure.

What the report does not tell stays unknown: it is None here, and an empty cell in the end, never
0. What depends on it is unknown as well.

Rules: docs/contract.md#9-timesheet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from exporter.exposition.status_labels import label_catalog, labels_of
from exporter.polling.people import departments_of
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.polling.window import TODAY, Period
from exporter.ringostat.report import BUILT_IN, Report

_OFFLINE = "offline"
# In the order of the columns.
BUILT_IN_ORDER = ("online", "speaking", "dnd", _OFFLINE)
assert set(BUILT_IN_ORDER) == set(BUILT_IN)


@dataclass(frozen=True, slots=True)
class PersonDay:
    """What a report tells of one person, or of all of one name, on one day.

    Attributes:
        project_id: The project's id.
        project: Its label.
        employee: The person's label.
        employee_id: Ringostat's id; several of one name joined by "; "; None where not known.
        departments: Joined by "; "; None where neither Ringostat nor the configuration is asked.
        day: The calendar day in the project's zone.
        seconds: Status, by its word -> seconds; None where the report has a value that cannot be
            read. A status that the day's report does not name is not there.
        present: Seconds in all statuses but offline; None where not known.
        arrived: The latest local time at which the person came; None where not known, where two
            share the name, and for who was never there.
        scheduled: Seconds of the day that lie in the person's shifts; None without shifts.
    """

    project_id: int
    project: str
    employee: str
    employee_id: str | None
    departments: str | None
    day: date
    seconds: Mapping[str, int | None]
    present: int | None
    arrived: time | None
    scheduled: int | None = None

    @property
    def unreadable(self) -> bool:
        """Whether the report has a value for the person that cannot be read."""
        return self.present is None or None in self.seconds.values()


def person_days(snapshot: ProjectSnapshot) -> Iterator[PersonDay]:
    """Everybody whom the day's report names and who is shown.

    Args:
        snapshot: Of the project after the report of one day, asked for as its `today`.
    """
    answer = snapshot.answer_of(TODAY)
    if answer is None:
        return
    report, names = answer.report, snapshot.spec.names()
    words = _words(snapshot)
    for name in (*report.employees, *sorted(report.unknown_names)):
        if names.shows(name):
            yield _person_day(snapshot, answer, (name, names.label(name)), words)


def _words(snapshot: ProjectSnapshot) -> dict[str, str]:
    """Status key -> the word that is shown for it, also of those that nobody's row has."""
    titled = label_catalog(snapshot.catalog.value)
    return {key: key for key in BUILT_IN} | titled | labels_of(snapshot)


def _person_day(
    snapshot: ProjectSnapshot,
    answer: Answer,
    person: tuple[str, str],
    words: Mapping[str, str],
) -> PersonDay:
    """One line; of a cleaned name and its label."""
    spec, report, period = snapshot.spec, answer.report, answer.period
    name, label = person
    return PersonDay(
        project_id=spec.project_id,
        project=spec.name,
        employee=label,
        employee_id=_ids(snapshot, name),
        departments=_departments(snapshot, name),
        day=period.dates.first,
        seconds=_seconds(report, name, words),
        present=_present(report, name),
        arrived=_arrived(report, name, period, spec.zone),
        scheduled=_scheduled(snapshot, answer, name),
    )


def _ids(snapshot: ProjectSnapshot, name: str) -> str | None:
    member = snapshot.staff.value.members.get(name) if snapshot.staff.value else None
    return member.ids.replace(",", "; ") or None if member else None


def _departments(snapshot: ProjectSnapshot, name: str) -> str | None:
    """None where departments are nobody's concern; empty for who is in none."""
    staff, own = snapshot.staff.value, snapshot.spec.departments
    if staff is None and not own.every:
        return None
    return "; ".join(departments_of(name, staff, own))


def _scheduled(snapshot: ProjectSnapshot, answer: Answer, name: str) -> int | None:
    """None for who has no shift on any day."""
    spec, period = snapshot.spec, answer.period
    if spec.roster is None:
        return None
    departments = departments_of(name, snapshot.staff.value, spec.departments)
    timetable = spec.roster.timetable(name, departments)
    if timetable is None:
        return None
    return timetable.scheduled_seconds(period.begins, period.ends, answer.sent.wall)


def _seconds(report: Report, name: str, words: Mapping[str, str]) -> dict[str, int | None]:
    """By word; None for what cannot be read: all that others have, if that is nothing at all."""
    if name not in report.employees:
        return dict.fromkeys(words[key] for key in _keys(report))
    told = {words[key]: seconds for key, seconds in report.employees[name].items()}
    # A key without a word is one that the limit of 64 statuses leaves out.
    unknown = report.unknown.get(name, ())
    return told | {words[key]: None for key in unknown if key in words}


def _keys(report: Report) -> set[str]:
    """The status keys that the report has a readable value of."""
    return set(BUILT_IN).union(*report.employees.values())


def _present(report: Report, name: str) -> int | None:
    if name not in report.employees or report.unknown.get(name, frozenset()) - {_OFFLINE}:
        return None
    row = report.employees[name]
    return sum(seconds for key, seconds in row.items() if key != _OFFLINE)


def _arrived(report: Report, name: str, period: Period, zone: ZoneInfo) -> time | None:
    """The day's start plus the time offline, as a clock on the wall shows it."""
    row = report.employees.get(name, {})
    offline = row.get(_OFFLINE)
    there = any(seconds for key, seconds in row.items() if key != _OFFLINE)
    # Rows of two people of one name are added up: their time offline is nobody's.
    if offline is None or not there or name in report.duplicates:
        return None
    moment = period.begins + offline
    if moment >= period.ends:  # the row does not add up
        return None
    return datetime.fromtimestamp(moment, zone).time()

"""`defaults` and `projects` of the configuration file: keys with types, defaults and bounds.

These models are known to this package alone; everybody else gets the plain values that
`to_spec` makes of them.
"""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, Field, ValidationInfo, field_validator

from exporter.config.scalars import (
    Duration,
    KeyFile,
    Name,
    OneWindow,
    Pattern,
    PseudonymKeyFile,
    RequiredName,
    Zone,
)
from exporter.config.shift_sections import Holidays, ShiftSection, Statuses, to_rules
from exporter.files import FileValue
from exporter.polling.departments import OwnDepartment, OwnDepartments
from exporter.polling.people import NO_DEPARTMENT
from exporter.polling.project import ProjectSpec
from exporter.polling.roster import Roster
from exporter.polling.window import Window
from exporter.ringostat.key import KeySource, parse_key
from exporter.ringostat.names import EmployeeFilter
from exporter.ringostat.pseudonyms import Pseudonyms
from exporter.yamlfile.numbers import WholeNumber
from exporter.yamlfile.sections import OrEmpty, Section

_SHORTEST = {"staff_interval": 60.0, "sip_interval": 5.0}
_SHORTEST_INTERVAL = 15.0
_SHORTEST_INTERVAL_ON_LOOPBACK = 1.0


class Employees(Section):
    """`employees`: who is shown, by expressions on the whole cleaned name, and under which label.

    Attributes:
        include: Who is shown; empty: everybody.
        exclude: Who is not, whatever `include` says.
        pseudonym_key_file: The key of the pseudonyms that stand for the names.
    """

    include: tuple[Pattern, ...] = ()
    exclude: tuple[Pattern, ...] = ()
    pseudonym_key_file: PseudonymKeyFile = None

    def pseudonyms(self, defaults: "Employees") -> FileValue[Pseudonyms] | None:
        """Those of the project; a project that says nothing of them has those of `defaults`.

        A list of its own must not show the names that `defaults` hide; null does.
        """
        own = "pseudonym_key_file" in self.model_fields_set
        return self.pseudonym_key_file if own else defaults.pseudonym_key_file


def _no_department(name: str) -> str:
    if name == NO_DEPARTMENT:
        raise ValueError("is what is shown of who is in no department")
    return name


class Department(Section):
    """One of `departments`: a name, and who is in it, by expressions on the cleaned name."""

    name: Annotated[RequiredName, AfterValidator(_no_department)]
    employees: Annotated[tuple[Pattern, ...], Field(min_length=1)]


class Settings(Section):
    """The keys of `defaults`, which each project may have too. Times are in seconds."""

    interval: Duration = 60.0
    settled_interval: Duration = 900.0
    catalog_interval: Duration = 3600.0
    stale_after: Duration | None = None
    timezone: Zone = ZoneInfo("UTC")
    windows: Annotated[tuple[OneWindow, ...], Field(min_length=1)] = (Window("today"),)
    max_employees: Annotated[WholeNumber, Field(ge=1)] = 5000
    presence: bool = True
    employees: Annotated[Employees, OrEmpty] = Employees()
    staff: bool = False
    staff_interval: Duration = 3600.0
    sip_accounts: bool = False
    sip_interval: Duration = 15.0
    departments: tuple[Department, ...] = ()
    shifts: tuple[ShiftSection, ...] = ()
    holidays: Holidays = ()
    statuses: Annotated[Statuses, OrEmpty] = Field(default_factory=dict)

    @field_validator(
        "interval", "settled_interval", "catalog_interval", "staff_interval", "sip_interval"
    )
    @classmethod
    def _check_interval(cls, value: float, info: ValidationInfo) -> float:
        loopback = (info.context or {}).get("on_loopback", False)
        usual = _SHORTEST.get(info.field_name or "", _SHORTEST_INTERVAL)
        shortest = _SHORTEST_INTERVAL_ON_LOOPBACK if loopback else usual
        if value < shortest:
            raise ValueError(f"must be at least {shortest:g}s")
        return value

    @field_validator("windows")
    @classmethod
    def _check_windows(cls, value: tuple[Window, ...]) -> tuple[Window, ...]:
        if len(set(value)) != len(value):
            raise ValueError("has a window twice")
        return value

    @field_validator("departments")
    @classmethod
    def _check_departments(cls, value: tuple[Department, ...]) -> tuple[Department, ...]:
        if len({department.name for department in value}) != len(value):
            raise ValueError("has a name twice; list all of its employees in one place")
        return value

    def roster(self) -> Roster | None:
        """Who should be here when; None where nobody has shifts."""
        shifts = tuple(section.to_shift() for section in self.shifts)
        return Roster(shifts, frozenset(self.holidays), self.timezone) if shifts else None


class Numbered(BaseModel):
    """The number of a project; valid or not whatever else is wrong with the project."""

    id: Annotated[WholeNumber, Field(ge=1)]


class Named(BaseModel):
    """The name of a project; valid or not whatever else is wrong with the project."""

    name: Name = None


class Project(Settings, Numbered, Named):
    """One of `projects`; that it has one source of the key is checked apart (projects.py)."""

    auth_key: KeySource | None = None
    auth_key_file: KeyFile = None

    @field_validator("auth_key", mode="before")
    @classmethod
    def _read_key(cls, value: object) -> KeySource | None:
        if value is None:
            return None
        if not isinstance(value, str):
            raise ValueError("must be a string")
        return KeySource(parse_key(value))

    def to_spec(self, defaults: Settings) -> ProjectSpec:
        """The plain value for the poller, with `defaults` where the project has no key."""
        missing = defaults.model_fields_set - self.model_fields_set
        whole = self.model_copy(update={name: getattr(defaults, name) for name in missing})
        key = self.auth_key or self.auth_key_file
        assert key is not None  # check_projects
        return ProjectSpec(
            project_id=whole.id,
            name=whole.name or str(whole.id),
            key=key,
            zone=whole.timezone,
            windows=whole.windows,
            interval=whole.interval,
            settled_interval=whole.settled_interval,
            catalog_interval=whole.catalog_interval,
            stale_after=whole.stale_after,
            max_employees=whole.max_employees,
            presence=whole.presence,
            shown=EmployeeFilter(whole.employees.include, whole.employees.exclude),
            staff=whole.staff,
            staff_interval=whole.staff_interval,
            sip_accounts=whole.sip_accounts,
            sip_interval=whole.sip_interval,
            departments=OwnDepartments(
                tuple(
                    OwnDepartment(department.name, department.employees)
                    for department in whole.departments
                )
            ),
            pseudonyms=whole.employees.pseudonyms(defaults.employees),
            roster=whole.roster(),
            statuses=to_rules(whole.statuses),
        )

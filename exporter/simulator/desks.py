"""The people of the simulated contact centre: three projects, and who works in each. Pure."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the desk.

    Attributes:
        name: As the API gives it; two people may share one.
        starts: Local hour at which the shift begins.
        hours: How long it is; it may end on the next day.
        accounts: SIP accounts: a second one is a mobile phone.
        late: How many minutes late the person comes at worst.
        bot: Answers by itself: always online but for the first seconds of the day.
        departments: Names of the desk's departments the person is in; several, or none.
    """

    name: str
    starts: float
    hours: float
    accounts: int = 1
    late: int = 6
    bot: bool = False
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """One project at Ringostat.

    Attributes:
        project_id: Its id.
        name: What its people call it.
        zone: Whose midnight begins its day.
        people: Who works there; a row of the report each.
        custom: Custom statuses, id to title.
        by_id: Whether a report's keys for them are ids or titles, and whether a SIP account that
            speaks is listed as online too: the API's description is silent on both, so both
            kinds of desk exist.
        departments: Departments, id to name.
    """

    project_id: int
    name: str
    zone: ZoneInfo
    people: tuple[Person, ...]
    custom: dict[int, str]
    by_id: bool = False
    departments: dict[int, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.project_id)


_SALES_1, _SALES_2 = ("Sales 1",), ("Sales 2",)
_FIRST, _SECOND, _NIGHT = ("First line",), ("Second line",), ("Night",)
_CUSTOM = {1763: "At lunch", 1768: "Break", 1773: "On the call", 1778: "On the move"}


def _sales() -> Desk:
    """Sales in Kyiv: a bot, people with two accounts or departments, late shifts."""
    return Desk(
        68861,
        "Sales",
        ZoneInfo("Europe/Kyiv"),
        (
            Person("Олена Шевченко", 8, 9, departments=_SALES_1),
            Person("Taras Bondarenko", 8, 9, accounts=2, departments=_SALES_1),
            Person("Ірина Коваль", 8.5, 8.5, departments=_SALES_1),
            Person("Дмитро Мельник", 9, 9, late=35, departments=_SALES_1),
            Person("Oksana Tkachenko", 9, 8, departments=_SALES_1 + _SALES_2),
            Person("Андрій Кравчук", 9, 9, departments=_SALES_1),
            Person("Sergiy Test", 10, 8, accounts=2, departments=_SALES_2),
            Person("Наталія Поліщук", 12, 9, departments=_SALES_2),
            Person("Yuriy Savchenko", 13, 9, departments=_SALES_2),
            Person("Марія Лисенко", 14, 9, accounts=2, departments=_SALES_1 + _SALES_2),
            Person("Bohdan Rudenko", 14.5, 9, departments=_SALES_2),
            Person("Людмила Гончар", 15, 8.75),
            Person("AI IVR Test", 0, 24, bot=True),
        ),
        _CUSTOM,
        departments={12: "Sales 1", 15: "Sales 2"},
    )


def _support() -> Desk:
    """Support in Tokyo: the report's keys are ids, and two people share a name."""
    return Desk(
        39071,
        "Support",
        ZoneInfo("Asia/Tokyo"),
        (
            Person("Aiko Tanaka", 7, 9, departments=_FIRST),
            Person("Kenji Sato", 8, 9, accounts=2, departments=_SECOND),
            Person("Yuki Mori", 8, 9, departments=_FIRST),
            Person("Hana Ito", 9, 9, departments=_FIRST + _SECOND),
            Person("Liam O'Connor", 10, 9, late=25, departments=_FIRST),
            Person('Emma "Em" Brown', 12, 9, departments=_SECOND),
            Person("Kim Lee", 13, 9, departments=_FIRST),
            Person("Kim Lee", 14, 9, departments=_SECOND),
            Person("Noah Müller", 14, 9, accounts=2, departments=_SECOND),
            Person("TEST CY", 9, 9, departments=_FIRST),
        ),
        {2101: "At lunch", 2102: "Break", 2103: "Training"},
        by_id=True,
        departments={21: "First line", 22: "Second line"},
    )


def _night_desk() -> Desk:
    """The night desk in New York: shifts over midnight."""
    return Desk(
        52417,
        "Night desk",
        ZoneInfo("America/New_York"),
        (
            Person("Maria Garcia", 18, 8, departments=_NIGHT),
            Person("James Wilson", 19, 8, accounts=2, departments=_NIGHT),
            Person("Chloé Dubois", 20, 8, departments=_NIGHT),
            Person("Ahmed Hassan", 21, 8, departments=_NIGHT),
            Person("Grace Kim", 22, 8, late=20, departments=_NIGHT),
            Person("Peter Novák", 23, 8, departments=_NIGHT),
            Person("Zoë van Dijk", 23, 8, accounts=2, departments=_NIGHT),
            Person("Omar Farouk", 0, 8, departments=_NIGHT),
        ),
        {3001: "At lunch", 3002: "Break"},
        departments={31: "Night"},
    )


def desks() -> tuple[Desk, ...]:
    """The three projects of the simulated account."""
    return _sales(), _support(), _night_desk()

"""The people of the simulated contact centre: three projects, and who works in each. Pure."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the desk.

    Attributes:
        name: As the API gives it; two people may share one.
        days: On which a shift begins: one (`sat`), or a range that may go past Sunday (`sat-wed`).
        start: When it begins by the clock on the wall, HH:MM.
        end: When it ends; on the next day if that is not after the start.
        accounts: SIP accounts: a second one is a mobile phone.
        late: How many minutes late the person comes at worst on a usual day.
        bot: Answers by itself: always online but for the first seconds of the day.
            Nobody plans its shifts.
        departments: Names of the desk's departments the person is in; several, or none.
    """

    name: str
    days: str
    start: str
    end: str
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
            Person("Олена Шевченко", "tue-sat", "08:00", "17:00", departments=_SALES_1),
            Person(
                "Taras Bondarenko", "sat-wed", "08:00", "17:00", accounts=2, departments=_SALES_1
            ),
            Person("Ірина Коваль", "wed-sun", "08:30", "17:00", departments=_SALES_1),
            Person("Дмитро Мельник", "sun-thu", "09:00", "18:00", late=35, departments=_SALES_1),
            Person(
                "Oksana Tkachenko", "thu-mon", "09:00", "17:00", departments=_SALES_1 + _SALES_2
            ),
            Person("Андрій Кравчук", "mon-fri", "09:00", "18:00", departments=_SALES_1),
            Person("Sergiy Test", "fri-tue", "10:00", "18:00", accounts=2, departments=_SALES_2),
            Person("Наталія Поліщук", "tue-sat", "12:00", "21:00", departments=_SALES_2),
            Person("Yuriy Savchenko", "sat-wed", "13:00", "22:00", departments=_SALES_2),
            Person(
                "Марія Лисенко",
                "wed-sun",
                "14:00",
                "23:00",
                accounts=2,
                departments=_SALES_1 + _SALES_2,
            ),
            Person("Bohdan Rudenko", "sun-thu", "14:30", "23:30", departments=_SALES_2),
            Person("Людмила Гончар", "thu-mon", "15:00", "23:45"),
            Person("AI IVR Test", "mon-sun", "00:00", "24:00", bot=True),
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
            Person("Aiko Tanaka", "tue-sat", "07:00", "16:00", departments=_FIRST),
            Person("Kenji Sato", "sat-wed", "08:00", "17:00", accounts=2, departments=_SECOND),
            Person("Yuki Mori", "wed-sun", "08:00", "17:00", departments=_FIRST),
            Person("Hana Ito", "sun-thu", "09:00", "18:00", departments=_FIRST + _SECOND),
            Person("Liam O'Connor", "thu-mon", "10:00", "19:00", late=25, departments=_FIRST),
            Person('Emma "Em" Brown', "mon-fri", "12:00", "21:00", departments=_SECOND),
            Person("Kim Lee", "fri-tue", "13:00", "22:00", departments=_FIRST),
            Person("Kim Lee", "tue-sat", "14:00", "23:00", departments=_SECOND),
            Person("Noah Müller", "sat-wed", "14:00", "23:00", accounts=2, departments=_SECOND),
            Person("TEST CY", "wed-sun", "09:00", "18:00", departments=_FIRST),
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
            Person("Maria Garcia", "tue-sat", "18:00", "02:00", departments=_NIGHT),
            Person("James Wilson", "sat-wed", "19:00", "03:00", accounts=2, departments=_NIGHT),
            Person("Chloé Dubois", "wed-sun", "20:00", "04:00", departments=_NIGHT),
            Person("Ahmed Hassan", "sun-thu", "21:00", "05:00", departments=_NIGHT),
            Person("Grace Kim", "thu-mon", "22:00", "06:00", late=20, departments=_NIGHT),
            Person("Peter Novák", "mon-fri", "23:00", "07:00", departments=_NIGHT),
            Person("Zoë van Dijk", "fri-tue", "23:00", "07:00", accounts=2, departments=_NIGHT),
            Person("Omar Farouk", "tue-sat", "00:00", "08:00", departments=_NIGHT),
        ),
        {3001: "At lunch", 3002: "Break"},
        departments={31: "Night"},
    )


def desks() -> tuple[Desk, ...]:
    """The three projects of the simulated account."""
    return _sales(), _support(), _night_desk()

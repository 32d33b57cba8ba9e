"""A day of a small team with everything that a team lead must find, in a real Prometheus.

The exporter is restarted at noon, and scraped under another instance from then on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from exporter.config import load as load_config
from exporter.simulator.api import project_key
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk, Person
from exporter.simulator.spans import OFFLINE, Span
from tests.support.history import KEY, load

ZONE = ZoneInfo("Europe/Kyiv")
DAY = date(2026, 3, 25)
LUNCH = "At lunch"


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody does of the day.

    Attributes:
        spans: `09:00 online` and so on, until the next; offline before the first.
        days: Those of their shifts from 9 to 18; the day is a Wednesday.
        department: The only one they are in.
    """

    spans: Mapping[str, str]
    days: str = "mon-fri"
    department: str = "Sales 1"


CASES = {
    "In dnd since before the restart": Case({"08:58": "online", "11:20": "dnd"}),
    "Never came": Case({}),
    "Never came (2nd)": Case({}, department="Sales 2"),
    "An hour late": Case({"10:00": "online"}),
    "Over lunch": Case({"08:55": "online", "12:30": LUNCH, "14:15": "online"}),
    "Still at lunch": Case({"08:57": "online", "14:50": LUNCH}, department="Sales 2"),
    "On a long call": Case({"08:59": "online", "15:30": "speaking"}, department="Sales 2"),
    "In time and free": Case({"08:59": "online", "10:00": "speaking", "12:00": "online"}),
    "Came and went": Case({"08:50": "online", "11:00": "offline"}),
    "Has a day off": Case({}, days="sat-mon"),
}
FAILING = 39071
_DESK = Desk(
    68861,
    "Sales",
    ZONE,
    tuple(
        Person(name, "mon-sun", "09:00", "18:00", departments=(case.department,))
        for name, case in CASES.items()
    ),
    {1763: LUNCH, 1768: "Break"},
    departments={12: "Sales 1", 15: "Sales 2"},
)


def moment(clock: str) -> int:
    """Unix time of a time of the day in the team's zone; `24:00` is the midnight that ends it."""
    hour, _, minute = clock.partition(":")
    midnight = datetime(DAY.year, DAY.month, DAY.day, tzinfo=ZONE).timestamp()
    return int(midnight) + int(hour) * 3600 + int(minute) * 60


class CaseCentre(Centre):
    """The simulated contact centre with these people; on other days nobody comes."""

    def __init__(self) -> None:
        super().__init__(staff=(_DESK,))

    def _make_account_days(
        self, desk: Desk, index: int, day: date
    ) -> tuple[tuple[Span, ...], ...]:
        name = desk.people[index].name
        spans = CASES[name].spans
        # Whoever is there goes at six.
        changes = {**spans, "18:00": OFFLINE} if day == DAY and spans else {}
        start = self.midnight(desk, day)
        starts = [(start, OFFLINE), *((moment(at), status) for at, status in changes.items())]
        ends = [at for at, _ in starts[1:]] + [start + 86400]
        return (tuple(Span(at, end, to) for (at, to), end in zip(starts, ends, strict=True)),)


def _configuration() -> str:
    """Two projects: the team, and one whose key is refused."""
    shifts = "".join(
        f'\n      - {{days: {case.days}, start: "09:00", end: "18:00", employees: [\'{name}\']}}'
        for name, case in CASES.items()
    ).replace("(2nd)", r"\(2nd\)")
    return f"""
api: {{base_url: "http://127.0.0.1:1", requests_per_second: 50}}
defaults: {{timezone: Europe/Kyiv, windows: [today, yesterday], staff: true}}
projects:
  - id: {_DESK.project_id}
    name: Sales
    auth_key: {project_key(KEY, _DESK.project_id)}
    shifts: {shifts}
    statuses: {{{LUNCH}: {{kind: break, limit: 1h}}, dnd: {{limit: 20m}}}}
  - {{id: {FAILING}, name: Support, auth_key: refused}}
"""


def load_day(folder: Path, until: str, restart: str | None = "12:00") -> None:
    """Makes the blocks of the day until a time in a Prometheus's data folder.

    Args:
        folder: Where blocks and the configuration are made.
        until: The last scrape's time of the day.
        restart: When the exporter begins anew, under another instance; None: never.
    """
    path = folder / "case.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_configuration(), "utf-8")
    specs = load_config(path, {}).projects
    begin = moment("00:00") + 30
    ends = [moment(until)] if restart is None else [moment(restart), moment(until)]
    for number, end in enumerate(ends):
        load(folder / "data", begin, end, f"10.0.0.{number}:10105", 60.0, CaseCentre(), specs)
        begin = end + 90


def filled(expression: str, **chosen: str) -> str:
    """A panel's query with its variables; all of each that is not chosen."""
    names = ("job", "instance", "project", "department", "employee")
    values = dict.fromkeys(names, ".+") | {"window": "today", "__rate_interval": "5m"} | chosen
    for name in sorted(values, key=len, reverse=True):
        expression = expression.replace(f"${name}", values[name])
    return expression

"""The real program on the fake of people_api.py: one project per case, and what came of it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.support.documented import scrape
from tests.support.exporting import Samples, samples, select
from tests.support.people_api import Account, PeopleApi, Reply, people_api
from tests.support.people_pages import OPENMETRICS, People, openmetrics_samples, people_at
from tests.support.processes import Process, address_of, exporter, get, wait_for

# What the staff list has beside names, and nobody may ever see.
EMAIL = "canary@mail.example"
PHONE = "380997770188"
EXTENSION = "7770199"
# Told among the directions alone, so that only their look says that they are no SIP accounts.
MOBILE = "+380 (99) 777-02-88"
MAILBOX = "canary.box@mail.example"
DESK = "7770299"
PRIVATE = UNTYPED = (EMAIL, PHONE, EXTENSION, MOBILE, MAILBOX, DESK)


@dataclass(frozen=True)
class Case:
    """One project: what the API answers it, its configuration, and what is expected.

    Attributes:
        name: The project.
        answers: By corner; corners left out answer that there is nobody.
        settings: Keys of the project.
        expected: Everything that the pages say of its people.
        errors: (method, reason) -> failed polls.
        anomalies: `bad_staff`; None: at least one.
    """

    name: str
    answers: Mapping[str, Reply] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    expected: People = field(default_factory=People)
    errors: Mapping[tuple[str, str], float] = field(default_factory=dict)
    anomalies: float | None = 0.0


@dataclass(frozen=True)
class Polled:
    """What a run left: the page in both formats, the status page, the log and the requests."""

    text: bytes
    openmetrics: bytes
    status: bytes
    log: str
    accounts: Mapping[str, Account]
    strays: tuple[str, ...]

    @cached_property
    def samples(self) -> Samples:
        """Those of the text page."""
        return samples(self.text)

    @cached_property
    def openmetrics_samples(self) -> Samples:
        """Those of the OpenMetrics page."""
        return openmetrics_samples(self.openmetrics)


@dataclass
class Live:
    """A running exporter on the fake."""

    running: Process
    api: PeopleApi
    path: Path
    address: str

    def account(self, name: str) -> Account:
        """What a project is answered."""
        return self.api.accounts[key_of(name)]

    def people(self, name: str) -> People:
        """What its page says of a project now."""
        return people_at(self.address, name)

    def scrape(self) -> Samples:
        """Its whole page now."""
        return scrape(self.address)

    def pages(self) -> str:
        """The page in both formats and the status page."""
        metrics = get(self.address)[2] + get(self.address, Accept=OPENMETRICS)[2]
        return (metrics + get(self.address, "/")[2]).decode()


def person(staff_id: object, fio: object, *logins: str, **changes: object) -> dict[str, Any]:
    """An entry of the staff list in the shape that was seen; a change to `...` leaves out."""
    main = [{"type": "sip", "direction": login, "status": True} for login in logins[:1]]
    more = [{"type": "sip", "direction": login, "status": False} for login in logins[1:]]
    phone = {"type": "phone", "direction": MOBILE}
    entry = {
        "id": 88,
        "staffId": staff_id,
        "fio": fio,
        "email": EMAIL,
        "phone": PHONE,
        "extensionNumber": EXTENSION,
        "departments": [],
        "directions": {"main": main, "additional": [*more, phone]},
    }
    return {key: value for key, value in (entry | changes).items() if value is not ...}


def rows(*names: str) -> list[dict[str, str]]:
    """A report of people who were there for an hour."""
    return [{"employee": name, "online": "01:00:00", "speaking": "00:10:00"} for name in names]


def key_of(name: str) -> str:
    """The key of a project."""
    return f"KEY-canary-{name.replace(' ', '-')}"


def write(folder: Path, url: str, cases: list[Case], **defaults: object) -> Path:
    """The configuration file: JSON, which is YAML as well."""
    every: dict[str, object] = {"interval": "1m", "timezone": "UTC"}
    projects = [
        {"id": number, "name": case.name, "auth_key": key_of(case.name), **case.settings}
        for number, case in enumerate(cases, 1)
    ]
    api = {"base_url": url, "requests_per_second": 500, "timeout": "1s"}
    path = folder / "config.yaml"
    whole = {"api": api, "defaults": every | defaults, "projects": projects}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


@contextmanager
def live(folder: Path, *cases: Case, **defaults: object) -> Iterator[Live]:
    """A running exporter, once each project was tried at each corner; logs at debug level."""
    with people_api() as api:
        for case in cases:
            api.add(key_of(case.name), case.answers)
        path = write(folder, api.url, list(cases), **defaults)
        with exporter(f"--config.file={path}", "--log.level=debug") as running:
            found = Live(running, api, path, address_of(running))
            wanted = _wanted(cases, defaults)
            wait_for(lambda: wanted <= _tried(found.scrape()), 20, "every corner tried")
            yield found
            assert running.stop() == 0
        for case in cases:
            assert found.account(case.name).most_in_flight == 1, case.name
        assert api.strays == []


def poll_once(folder: Path, *cases: Case, **defaults: object) -> Polled:
    """Runs the exporter until each project was tried at each corner, and keeps what it said."""
    with live(folder, *cases, **defaults) as found:
        page = get(found.address)[2]
        openmetrics = get(found.address, Accept=OPENMETRICS)[2]
        status = get(found.address, "/")[2]
    log = "\n".join(found.running.lines)
    return Polled(page, openmetrics, status, log, found.api.accounts, tuple(found.api.strays))


def _wanted(cases: tuple[Case, ...], defaults: Mapping[str, object]) -> set[tuple[str, str]]:
    names = {"staff": "ringostat_staff_up", "sip_accounts": "ringostat_sip_accounts_up"}
    found = {("ringostat_up", case.name) for case in cases}
    for case in cases:
        settings = {**defaults, **case.settings}
        found |= {(family, case.name) for key, family in names.items() if settings.get(key)}
    return found


def _tried(page: Samples) -> set[tuple[str, str]]:
    names = ("ringostat_up", "ringostat_staff_up", "ringostat_sip_accounts_up")
    return {(name, dict(labels)["project"]) for one in names for name, labels in select(page, one)}

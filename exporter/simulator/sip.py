"""The SIP accounts of a desk at one moment: who is online, who speaks. Pure."""

from collections.abc import Mapping

from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk
from exporter.simulator.spans import ONLINE, SPEAKING


def statuses_at(centre: Centre, desk: Desk, moment: float) -> dict[str, str]:
    """Login -> status of all accounts of a desk, person by person."""
    statuses: dict[str, str] = {}
    for index in range(len(desk.people)):
        statuses |= centre.accounts_at(desk, index, moment)
    return statuses


def online_logins(desk: Desk, statuses: Mapping[str, str]) -> list[str]:
    """What /sipstatus/online lists.

    Nobody knows whether it lists an account that speaks, so the desk decides (`Desk.by_id`).
    """
    listed = (ONLINE, SPEAKING) if desk.by_id else (ONLINE,)
    return [login for login, status in statuses.items() if status in listed]


def speaking_logins(statuses: Mapping[str, str]) -> list[str]:
    """What /sipstatus/speaking lists."""
    return [login for login, status in statuses.items() if status == SPEAKING]


def reachable_logins(statuses: Mapping[str, str]) -> frozenset[str]:
    """The accounts whose `status` in the staff list is true."""
    return frozenset(login for login, held in statuses.items() if held in (ONLINE, SPEAKING))

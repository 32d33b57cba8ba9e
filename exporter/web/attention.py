"""Which projects need a person, and why. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from exporter.errors import Problem
from exporter.polling.list_queries import CatalogQuery, SipAccountsQuery, StaffQuery
from exporter.polling.query import Query
from exporter.polling.report_query import ReportQuery
from exporter.polling.snapshot import ListName, ProjectSnapshot

# `down`: a report fails; `partly`: reports come and another question fails; `waiting`: not asked
# yet. In the order in which they are shown.
State = Literal["down", "partly", "waiting", "up"]
_ORDER: tuple[State, ...] = ("down", "partly", "waiting", "up")
_LISTS: tuple[tuple[Query, ListName], ...] = (
    (CatalogQuery(), "catalog"),
    (StaffQuery(), "staff"),
    (SipAccountsQuery(), "sip_accounts"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """A question of a project whose newest request failed.

    Attributes:
        query: What was asked.
        problem: What came of it.
    """

    query: Query
    problem: Problem

    @property
    def advice(self) -> str:
        """What the operator can do about it."""
        return self.query.advice(self.problem)


def failures_of(snapshot: ProjectSnapshot) -> list[Failure]:
    """Every question whose newest request failed: reports first, then lists."""
    ended: list[tuple[Query, Problem | None]] = [
        (ReportQuery(state.window), state.problem) for state in snapshot.windows
    ]
    ended += [(query, snapshot.list_of(name).problem) for query, name in _LISTS]
    return [Failure(query, problem) for query, problem in ended if problem is not None]


def state_of(snapshot: ProjectSnapshot) -> State:
    """How a project is, in one word."""
    if snapshot.up is False:
        return "down"
    if failures_of(snapshot):
        return "partly"
    return "waiting" if snapshot.up is None else "up"


def needs_a_person(state: State) -> bool:
    """Whether somebody must look after a project in this state."""
    return state in ("down", "partly")


def worst(states: Iterable[State]) -> State:
    """The state of many projects together: of the one that needs a person most."""
    return min(states, key=_ORDER.index, default="up")


def by_need(snapshots: Iterable[ProjectSnapshot]) -> list[tuple[State, ProjectSnapshot]]:
    """Projects with their states: failing ones first, each state in the configuration's order."""
    known = [(state_of(snapshot), snapshot) for snapshot in snapshots]
    return sorted(known, key=lambda project: _ORDER.index(project[0]))

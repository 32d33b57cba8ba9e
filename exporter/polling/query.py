"""What a project is asked again and again, as the poll loop knows it.

The poll loop, the log and the commands know queries, never methods of the API: a report per window
(`report_query`), and lists without days (`list_queries`).
"""

from typing import Any, Protocol, TypeVar

from exporter.errors import Problem
from exporter.polling.project import ProjectSpec
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.polling.window import Period
from exporter.ringostat.calls import Call
from exporter.ringostat.key import Secret
from exporter.ringostat.reply import InFlight, Reply

_T = TypeVar("_T")


class Api(Protocol):
    """Who is asked; `RingostatClient` outside of tests."""

    async def fetch(self, call: Call[_T], key: Secret, in_flight: InFlight) -> Reply[_T]:
        """A typed answer, or a PollError after its retries."""
        ...


class Query(Protocol):
    """A request that is made again and again, and what its answer makes of a snapshot."""

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods of the API, one a request; the labels of its errors."""
        ...

    @property
    def title(self) -> str:
        """What people call it: the window's name, or `custom statuses`."""
        ...

    @property
    def switch(self) -> str:
        """The key of the configuration that turns it on; empty where it is always asked.

        What can be turned off is about people, beside the reports: it must not hold them up.
        """
        ...

    def advice(self, problem: Problem) -> str:
        """What the operator can do about a failure."""
        ...

    @property
    def facts(self) -> dict[str, str]:
        """What the log says of it."""
        ...

    @property
    def settled(self) -> bool:
        """Whether its days lie wholly in the past, so that it is asked at once at midnight."""
        ...

    def interval(self, spec: ProjectSpec) -> float:
        """Seconds between two good polls."""
        ...

    def period(self, spec: ProjectSpec, moment: float) -> Period | None:
        """The days that are asked for at a Unix time; None where the request has no days."""
        ...

    def calls(self, spec: ProjectSpec, period: Period | None) -> tuple[Call[Any], ...]:
        """The requests to the API, in the order of `methods`."""
        ...

    async def fetch(
        self, api: Api, spec: ProjectSpec, period: Period | None, in_flight: InFlight
    ) -> Any:
        """The answer, typed, as `apply` takes it.

        Raises:
            PollError: After the request's retries.
        """
        ...

    def apply(self, snapshot: ProjectSnapshot, answer: Any) -> ProjectSnapshot:
        """The snapshot after a good answer. Pure."""
        ...

    def fail(self, snapshot: ProjectSnapshot, problem: Problem) -> ProjectSnapshot:
        """The snapshot after a failed request; no value changes. Pure."""
        ...

    def report_of(self, snapshot: ProjectSnapshot) -> Answer | None:
        """The last good report that this query asked for; None for what is no report."""
        ...

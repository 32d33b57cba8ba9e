"""Asks for lists that have no days, again and again: custom statuses, staff, SIP accounts.

What they have in common is one class: the requests, one after the other since a project has one
request in flight; the answers together or not at all; and a `Listing` of the snapshot.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from exporter.errors import Problem
from exporter.polling import updates
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Api
from exporter.polling.snapshot import ListName, ProjectSnapshot
from exporter.polling.window import Period
from exporter.ringostat import calls
from exporter.ringostat.calls import Call
from exporter.ringostat.reply import InFlight, Reply
from exporter.ringostat.rows import Anomaly
from exporter.ringostat.sip_accounts import SipAccounts

_REFUSALS = ("auth", "forbidden", "rpc_error")


@dataclass(frozen=True, slots=True)
class _ListQuery:
    """Asks for a list. Two of one class are equal."""

    methods: ClassVar[tuple[str, ...]]
    title: ClassVar[str]
    switch: ClassVar[str] = ""
    settled: ClassVar[bool] = False
    _name: ClassVar[ListName]
    # What an entry that cannot be read is counted as; None where that is nobody's concern.
    _bad: ClassVar[Anomaly | None] = None

    @property
    def facts(self) -> dict[str, str]:
        """What the log says of it."""
        return {"method": self.methods[0]}

    def advice(self, problem: Problem) -> str:
        """The error's own, but for what a key that does well for reports may not ask."""
        if not self.switch or problem.reason not in _REFUSALS:
            return problem.advice
        return f"The key may not ask for it, or there is none; {self.switch}: false does without."

    def interval(self, spec: ProjectSpec) -> float:
        """Seconds between two good polls."""
        raise NotImplementedError

    def calls(self, spec: ProjectSpec, _period: Period | None) -> tuple[Call[Any], ...]:
        """The requests to the API."""
        raise NotImplementedError

    def period(self, _spec: ProjectSpec, _moment: float) -> None:
        """A list has no days."""
        return

    async def fetch(
        self, api: Api, spec: ProjectSpec, period: Period | None, in_flight: InFlight
    ) -> Reply[Any]:
        """The answer to the requests, which are asked one after the other."""
        key = spec.key.current()
        replies = [await api.fetch(call, key, in_flight) for call in self.calls(spec, period)]
        value = self._together([reply.value for reply in replies])
        return Reply(value, replies[0].sent, replies[-1].received)

    def _together(self, values: list[Any]) -> Any:
        return values[0]

    def apply(self, snapshot: ProjectSnapshot, answer: Reply[Any]) -> ProjectSnapshot:
        """The snapshot with the new list, and what of it could not be read."""
        after = updates.apply_list(snapshot, self._name, answer)
        if self._bad is None or not answer.value.bad:
            return after
        return after.with_anomalies({self._bad: answer.value.bad})

    def fail(self, snapshot: ProjectSnapshot, problem: Problem) -> ProjectSnapshot:
        """The snapshot with the failure; the list stays until it is stale."""
        return updates.apply_list_failure(snapshot, self._name, self.methods[0], problem)

    def report_of(self, _snapshot: ProjectSnapshot) -> None:
        """A list is no report."""
        return


@dataclass(frozen=True, slots=True)
class CatalogQuery(_ListQuery):
    """Asks for the custom statuses."""

    methods = (calls.CUSTOM_STATUSES,)
    title = "custom statuses"
    _name = "catalog"

    def interval(self, spec: ProjectSpec) -> float:
        """Seconds between two good polls."""
        return spec.catalog_interval

    def calls(self, spec: ProjectSpec, _period: Period | None) -> tuple[Call[Any], ...]:
        """`getCustomStatuses`."""
        return (calls.custom_statuses(spec.project_id),)


@dataclass(frozen=True, slots=True)
class StaffQuery(_ListQuery):
    """Asks who exists in the project, in which departments and with which SIP accounts."""

    methods = (calls.STAFF,)
    title = "staff list"
    switch = "staff"
    _name = "staff"
    _bad = Anomaly.BAD_STAFF

    def interval(self, spec: ProjectSpec) -> float:
        """Seconds between two good polls."""
        return spec.staff_interval

    def calls(self, spec: ProjectSpec, _period: Period | None) -> tuple[Call[Any], ...]:
        """`getProjectStaffListAndDirections`."""
        return (calls.staff(spec.project_id, spec.max_employees, spec.interval),)


@dataclass(frozen=True, slots=True)
class SipAccountsQuery(_ListQuery):
    """Asks which SIP accounts are online, and which of them speak; both or neither is known."""

    methods = (calls.SIP_ONLINE, calls.SIP_SPEAKING)
    title = "SIP accounts"
    switch = "sip_accounts"
    _name = "sip_accounts"
    _bad = Anomaly.BAD_VALUE

    def interval(self, spec: ProjectSpec) -> float:
        """Seconds between two good polls."""
        return spec.sip_interval

    def calls(self, spec: ProjectSpec, _period: Period | None) -> tuple[Call[Any], ...]:
        """Both lists."""
        limits = spec.max_employees, spec.interval
        return calls.sip_online(*limits), calls.sip_speaking(*limits)

    def _together(self, values: list[Any]) -> SipAccounts:
        return SipAccounts.of(*values)

"""Logs one project's poll outcomes; a condition that persists is logged once.

Nothing of a reply but numbers: names and texts of the API are not for the log.
"""

from datetime import date

from exporter.errors import AccessForbidden, KeyRefused, PollError, TooManyRows
from exporter.log import Log, places
from exporter.polling.query import Query
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.ringostat.rows import Anomaly

_LOG_EVERY = 10
_WHOLE_PROJECT = ""


def _scope(query: Query) -> str:
    """Whose key is refused: the project's, or that for one query beside the reports."""
    return query.switch or _WHOLE_PROJECT


def _advice(query: Query, project: str) -> str:
    if not query.switch:
        return f"check auth_key of project {project}"
    return f"auth_key of project {project} may not ask for the {query.title}"


class PollLog:
    """Logs of one project.

    Attributes:
        project: Its label; a reload may change it.
    """

    def __init__(self, log: Log, project: str) -> None:
        self.project = project
        self._log = log
        self._key_reported: set[str] = set()
        self._sums_logged: dict[str, date] = {}  # by the title of the query

    def success(
        self, query: Query, previous: ProjectSnapshot, newest: ProjectSnapshot, *, recovered: bool
    ) -> None:
        """A good answer: what changed with it, and what is odd about it."""
        if recovered:
            self._log.info("poll recovered", project=self.project, **query.facts)
        self._key_reported.discard(_scope(query))
        old, new = query.report_of(previous), query.report_of(newest)
        if new is None:
            return
        if old and old.report.employees and not new.report.employees:
            self._log.warning("the report is now empty", project=self.project, **query.facts)
        self._sums(query, new)

    def _sums(self, query: Query, answer: Answer) -> None:
        inconsistent = answer.report.inconsistent_employees
        exceeding = answer.report.anomalies.get(Anomaly.SUM_EXCEEDS_ELAPSED, 0)
        day = answer.period.dates.last
        if (inconsistent or exceeding) and self._sums_logged.get(query.title) != day:
            self._sums_logged[query.title] = day
            self._log.warning(
                "rows of the report do not add up; shown as they are",
                project=self.project,
                **query.facts,
                inconsistent=inconsistent,
                sum_exceeds_elapsed=exceeding,
            )

    def failure(
        self, query: Query, error: PollError, attempt: int, next_poll_seconds: float
    ) -> None:
        """A failed poll: the first of a series and every tenth, a refused key once."""
        facts: dict[str, object] = {
            "project": self.project,
            **query.facts,
            **({"method": error.method} if error.method else {}),
            "reason": error.reason,
            "attempt": attempt,
            "next_poll": f"{next_poll_seconds:.0f}s",
            "detail": str(error),
        }
        refused = isinstance(error, KeyRefused | AccessForbidden)
        if refused and self._key_reported.isdisjoint({_WHOLE_PROJECT, _scope(query)}):
            self._key_reported.add(_scope(query))
            self._log.error(_advice(query, self.project), **facts)
        elif isinstance(error, TooManyRows) and attempt == 1:
            what = query.title if query.switch else "report"
            self._log.error(f"{what} rejected: more rows than max_employees", **facts)
        elif attempt == 1 or attempt % _LOG_EVERY == 0:
            self._log.warning("poll failed", **facts)

    def internal_error(self, query: Query, error: Exception) -> None:
        """An internal error, by its places in the code."""
        self._log.error(
            "poll failed: internal error",
            project=self.project,
            **query.facts,
            where=places(error),
        )

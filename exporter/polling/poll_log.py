"""What the log is told of one project's polls: what a person should know, once and not each time.

Nothing of a reply but numbers: names and texts of the API are not for the log.
"""

from datetime import date

from exporter.errors import AccessForbidden, KeyRefused, PollError, TooManyRows
from exporter.log import Log, places
from exporter.polling.question import Question
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.ringostat.key import KeySource
from exporter.ringostat.report import Anomaly

_LOG_EVERY = 10


class PollLog:
    """Tells of one project.

    Attributes:
        project: Its label; a reload may change it.
    """

    def __init__(self, log: Log, project: str) -> None:
        self.project = project
        self._log = log
        self._key_reported = False
        self._key_problem: str | None = None
        self._sums_told: date | None = None

    def key(self, key: KeySource, *, changed: bool) -> None:
        """A key file was looked at."""
        facts = {"project": self.project, "file": str(key.path)}
        if changed:
            self._log.info("key file read again", **facts)
        if key.problem and key.problem != self._key_problem:
            self._log.warning(
                "key file not usable, the key before stays", **facts, problem=key.problem
            )
        self._key_problem = key.problem

    def success(self, question: Question, before: ProjectSnapshot, now: ProjectSnapshot) -> None:
        """A good answer: what changed with it, and what is odd about it."""
        if question.schedule.failures:
            self._log.info("poll recovered", project=self.project, **question.facts)
        self._key_reported = False
        if question.window is None:
            return
        old, new = (one.state_of(question.window).answer for one in (before, now))
        if new is None:
            return
        if old and old.report.employees and not new.report.employees:
            self._log.warning(
                "the report names nobody any more", project=self.project, **question.facts
            )
        self._sums(question, new)

    def _sums(self, question: Question, answer: Answer) -> None:
        inconsistent = answer.report.inconsistent_employees
        exceeding = answer.report.anomalies.get(Anomaly.SUM_EXCEEDS_ELAPSED, 0)
        if (inconsistent or exceeding) and self._sums_told != answer.dates.last:
            self._sums_told = answer.dates.last
            self._log.warning(
                "rows of the report do not add up; shown as they are",
                project=self.project,
                **question.facts,
                inconsistent=inconsistent,
                sum_exceeds_elapsed=exceeding,
            )

    def failure(self, question: Question, error: PollError, next_poll_seconds: float) -> None:
        """A failed poll: the first of a row and every tenth, a refused key once."""
        attempt = question.schedule.failures
        facts: dict[str, object] = {
            "project": self.project,
            **question.facts,
            "reason": error.reason,
            "attempt": attempt,
            "next_poll": f"{next_poll_seconds:.0f}s",
            "detail": str(error),
        }
        if isinstance(error, KeyRefused | AccessForbidden) and not self._key_reported:
            self._key_reported = True
            self._log.error(f"check auth_key of project {self.project}", **facts)
        elif isinstance(error, TooManyRows) and attempt == 1:
            self._log.error("the report is refused whole, see max_employees", **facts)
        elif attempt == 1 or attempt % _LOG_EVERY == 0:
            self._log.warning("poll failed", **facts)

    def mistake(self, question: Question, mistake: Exception) -> None:
        """A mistake of our own, by its places in the code."""
        self._log.error(
            "a poll broke", project=self.project, **question.facts, where=places(mistake)
        )

"""`check --live`: asks every project once and says in words what the answers tell."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

from exporter.commands.live_people import judge_people
from exporter.commands.output import write_line
from exporter.commands.session import Polled, api_session, poll_all
from exporter.config import Config
from exporter.polling.snapshot import Answer, ProjectSnapshot
from exporter.polling.window import TODAY, YESTERDAY
from exporter.ringostat.report import BUILT_IN
from exporter.web.status import in_words

_SLOW_SECONDS = 5.0
_DIFFERS_SECONDS = 600
_QUARTER = 900
_NEAR_A_QUARTER = 120
_DAY = 86400


def check_live(config: Config, shard: tuple[int, int]) -> int:
    """Prints what each project's answers tell, and what to do about it.

    Returns:
        The exit code: 1 if a project does not answer, else 0.
    """

    async def run() -> list[Polled]:
        async with api_session(config) as (client, clock):
            # The last two days tell most, whatever the configuration asks for.
            specs = [
                spec.with_windows(tuple(dict.fromkeys((TODAY, YESTERDAY, *spec.windows))))
                for spec in config.of_shard(*shard).projects
            ]
            return await poll_all(client, specs, clock)

    polled = asyncio.run(run())
    for project in polled:
        spec = project.snapshot.spec
        write_line(f"project {spec.name} (id {spec.project_id})")
        for line in judge(project):
            write_line(f"  {line}")
    return 1 if any(project.failures for project in polled) else 0


def judge(polled: Polled) -> Iterator[str]:
    """What a person should know of a project's answers."""
    for failure in polled.failures:
        yield f"{failure.title}: {failure.text}. {failure.advice}"
    if polled.slowest > _SLOW_SECONDS:
        yield f"slow: an answer took {polled.slowest:.1f} s; choose longer intervals if it lasts."
    today = polled.snapshot.answer_of(TODAY)
    if today is not None:
        yield from _judge_today(today, polled.snapshot)
    yesterday = polled.snapshot.answer_of(YESTERDAY)
    if yesterday is not None:
        yield from _judge_yesterday(yesterday)
    yield from judge_people(polled.snapshot)
    reasons = {key: n for key, n in polled.snapshot.anomalies.items() if n}
    if reasons:
        counts = ", ".join(f"{key} {n}" for key, n in sorted(reasons.items()))
        yield f"anomalies: {counts}; docs/metrics.md says what each means."


def _judge_today(answer: Answer, snapshot: ProjectSnapshot) -> Iterator[str]:
    report, employees = answer.report, snapshot.employees_of(answer)
    if not employees:
        yield "today: answers well and names nobody. The right project? Does a filter hide all?"
        return
    number = len(employees)
    yield f"today: {number} employee{'' if number == 1 else 's'}."
    known = {word for status in snapshot.catalog.value for word in (status.id, status.title)}
    keys = {key for row in employees.values() for key in row}
    strange = sorted(keys - known - set(BUILT_IN))
    if strange:
        yield (
            f"the report has statuses that the catalog does not: {', '.join(strange)}; they are "
            "shown under these names."
        )
    if report.duplicates:
        twice = len(report.duplicates)
        come = "name comes" if twice == 1 else "names come"
        yield f"{twice} {come} more than once; their rows are added up."
    if report.covered_seconds is not None:
        yield from _judge_zone(answer, report.covered_seconds, snapshot.spec.zone)


def _judge_zone(answer: Answer, covered: int, zone: ZoneInfo) -> Iterator[str]:
    elapsed = answer.sent.wall - answer.period.begins
    if abs(elapsed - covered) <= _DIFFERS_SECONDS:
        return
    unlike = f"the report does not look like {zone.key}: it covers {in_words(covered)}"
    if covered >= answer.period.ends - answer.period.begins - _NEAR_A_QUARTER:
        yield (
            f"{unlike}, so {answer.period.dates.last} is over where the account's days are "
            "reckoned; set timezone to a zone that far ahead."
        )
        return
    off = abs(elapsed - covered) % _QUARTER
    if min(off, _QUARTER - off) > _NEAR_A_QUARTER:
        yield (
            f"today covers {in_words(covered)} and {in_words(elapsed)} have elapsed: the report "
            "may stand still, or begin late."
        )
        return
    ahead = round(((covered - answer.sent.wall) % _DAY) / _QUARTER) * _QUARTER
    names = zones_at(ahead if ahead <= 14 * 3600 else ahead - _DAY, answer.sent.wall)
    like = f", such as {' or '.join(names)}" if names else ""
    yield (
        f"{unlike}, and {in_words(elapsed)} have elapsed there. It looks like a zone where it is "
        f"{covered // 3600:02d}:{covered % 3600 // 60:02d} now{like}; set timezone to that."
    )


def zones_at(offset: int, moment: float) -> list[str]:
    """Up to three zones whose clocks are so many seconds ahead of UTC at a Unix time.

    Those that most countries share come first: they are the ones somebody knows.
    """
    table = files("tzdata.zoneinfo").joinpath("zone1970.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    at = datetime.fromtimestamp(moment, UTC)
    zones = [
        (-len(countries.split(",")), not name.startswith("Europe/"), name)
        for countries, _, name, *_ in rows
        if at.astimezone(ZoneInfo(name)).utcoffset() == timedelta(seconds=offset)
    ]
    return [name for _, _, name in sorted(zones)[:3]]


def _judge_yesterday(answer: Answer) -> Iterator[str]:
    covered, length = answer.report.covered_seconds, answer.period.ends - answer.period.begins
    if covered is not None and abs(covered - length) > _DIFFERS_SECONDS:
        yield (
            f"yesterday covers {in_words(covered)} of a day of {in_words(length)}: the account "
            "may have begun then, or reckons days in another zone."
        )

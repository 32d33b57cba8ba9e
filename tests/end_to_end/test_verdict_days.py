"""Verdicts of a real Prometheus over live days, beside the timeline's.

They may lag behind by one poll, never more. `pytest -s` shows how many were compared.
`test_verdict_history.py` does the same for backfilled days.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import httpx
import pytest
import yaml

from exporter.exposition.page import Representation
from exporter.exposition.rendering import Format
from exporter.polling.project import ProjectSpec
from exporter.serve import demo_config
from exporter.simulator.api import SimulatedApi
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk
from exporter.simulator.incidents import Incident
from exporter.simulator.rota import planned
from tests.end_to_end.test_prometheus import Prometheus
from tests.support.exporting import Rig
from tests.support.past import Past, value_of
from tests.support.processes import ROOT, need, process
from tests.support.verdict_truth import (
    Verdicts,
    date_at,
    is_held,
    names_once,
    over_limits,
    truth,
)
from tests.support.virtual import VirtualClock, run_virtual

CENTRE = Centre()
# Seconds between polls, and between evaluations: a Prometheus sees a sample for 300.
POLL, STEP = 60, 240
DAY = timedelta(days=1)
# On the second day clocks change in Kyiv.
DAYS = [date(2026, 3, 28) + n * DAY for n in range(3)]
# Desk -> when the exporter stops on the second day. It is back 9 minutes later under another
# `instance`; meanwhile a shift has begun, and somebody has come.
RESTARTS = {68861: time(12, 58), 52417: time(19, 58)}
LATE, ABSENT, OVER = (
    f"employee:ringostat_{name}" for name in ("late:seconds", "absent:bool", "over_limit:seconds")
)
NOT_IN_TIME, NOT_COME, TOO_LONG = "RingostatLate", "RingostatNotCome", "RingostatOverLimit"
INCIDENTS = {
    Incident.LATE: NOT_IN_TIME,
    Incident.ABSENT: NOT_COME,
    Incident.LONG_LUNCH: TOO_LONG,
    Incident.LONG_BREAK: TOO_LONG,
    Incident.LONG_DND: TOO_LONG,
}
BEFORE = "employee:ringostat_arrival_before:timestamp_seconds"


def rules(*wanted: str) -> dict[str, str]:
    """Record -> expression of some records and of all that they are made of, in their order."""
    path = ROOT / "prometheus" / "rules" / "verdicts.yaml"
    groups = yaml.safe_load(path.read_text())["groups"]
    every = {rule["record"]: rule["expr"] for group in groups for rule in group["rules"]}
    needed, found = list(wanted), set()
    while needed:
        record = needed.pop()
        found.add(record)
        needed += {name for name in every if name in every[record]} - found
    return {record: expression for record, expression in every.items() if record in found}


def alerts() -> dict[str, str]:
    """Those that accuse by these verdicts."""
    path = ROOT / "prometheus" / "rules" / "alerts-team.yaml"
    groups = yaml.safe_load(path.read_text())["groups"]
    rules = (rule for group in groups for rule in group["rules"])
    every = {rule["alert"]: rule["expr"] for rule in rules if "alert" in rule}
    return {name: every[name] for name in (NOT_IN_TIME, NOT_COME, TOO_LONG)}


@contextmanager
def prometheus(folder: Path) -> Iterator[Prometheus]:
    """One with nothing to scrape and nothing to evaluate, which takes what it is given."""
    (folder / "prometheus.yml").write_text("{}\n")
    with process(
        [
            need("prometheus"),
            f"--config.file={folder}/prometheus.yml",
            f"--storage.tsdb.path={folder}/data",
            "--storage.tsdb.retention.time=50y",
            "--storage.tsdb.min-block-duration=20d",
            "--storage.tsdb.max-block-duration=20d",
            "--web.enable-remote-write-receiver",
            "--web.listen-address=127.0.0.1:0",
        ]
    ) as running:
        yield Prometheus(running)


def unix(desk: Desk, day: date, at: time) -> int:
    return int(datetime.combine(day, at, desk.zone).timestamp())


def moments(desk: Desk) -> list[int]:
    """10 minutes into each shift, noon, an hour before each end and 10 minutes after it."""
    found = {unix(desk, day, time(12)) for day in DAYS}
    for day in DAYS:
        for index in names_once(desk).values():
            if shift := planned(desk, index, day):
                found |= {shift[0] + 600, shift[1] - 3600, shift[1] + 600}
    return sorted(moment for moment in found if date_at(desk, moment) in DAYS)


def spec_of(desk: Desk) -> ProjectSpec:
    """The demo's project, with its shifts and limits, polled once a minute."""
    projects = demo_config(CENTRE, "127.0.0.1:1").projects
    demo = next(spec for spec in projects if spec.project_id == desk.project_id)
    return dataclasses.replace(
        demo,
        interval=float(POLL),
        windows=demo.windows[:1],
        staff_interval=3600.0,
        sip_accounts=False,
    )


class Story:
    """How many verdicts were compared, which were wrong, and whom an alert accused when."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.wrong: list[object] = []
        self.accused: set[tuple[str, str, date]] = set()

    def expect(self, what: str, value: float | None, right: bool, *context: object) -> None:
        self.counts[what] += 1
        self.counts[f"{what}: unknown"] += value is None
        self.counts[f"{what}: above 0"] += bool(value)
        if not right:
            self.wrong.append((what, value, *context))


def compare(desk: Desk, past: Past, at: int, story: Story) -> None:
    """Every person's verdicts at a moment are those of the timeline now or one poll ago."""
    results, day = past.evaluate(at), date_at(desk, at)
    for name, index in names_once(desk).items():
        who = {"project": desk.name, "employee": name}
        true = [truth(CENTRE, desk, index, moment) for moment in (at - POLL, at)]
        for what, record in (("late", LATE), ("absent", ABSENT)):
            value = value_of(results, record, **who)
            right = value in [getattr(verdicts, what) for verdicts in true]
            kind = what if any(v != Verdicts() for v in true) else "without a shift"
            story.expect(kind, value, right, name, at, true)
        least, most = (over_limits(CENTRE, desk, index, day, u) for u in (at - POLL, at))
        for status, seconds in most.items():
            value = value_of(results, OVER, **who, status=status)
            right = (
                # A report tells of no custom status that nobody has held.
                not is_held(CENTRE, desk, status, day, at - POLL)
                if value is None
                else least[status] <= value <= seconds
            )
            story.expect("over limit", value, right, name, at, status, seconds)


def accuse(desk: Desk, past: Past, at: int, story: Story) -> None:
    """Whom the alerts accuse has deserved it."""
    day = date_at(desk, at)
    for alert, expression in alerts().items():
        for labels in map(dict, past.query(expression, at)):
            name = labels["employee"]
            index = names_once(desk)[name]
            true, over = truth(CENTRE, desk, index, at), over_limits(CENTRE, desk, index, day, at)
            right = {
                NOT_IN_TIME: (true.late or 0) > 600,
                NOT_COME: true.absent == 1,
                TOO_LONG: over.get(labels.get("status", ""), 0) > 0,
            }[alert]
            story.expect(alert, 1, right, name, at, true, over)
            story.accused.add((alert, name, day))


def live(desk: Desk, past: Past, story: Story) -> None:
    """Polls, scrapes and evaluates through the days, and compares at each moment."""
    chosen, looked_back = moments(desk), rules(BEFORE).keys()
    begin = CENTRE.midnight(desk, DAYS[0]) - 1800
    down = unix(desk, DAYS[1], RESTARTS[desk.project_id])
    back = down + 9 * POLL

    async def main() -> None:
        clock = VirtualClock(begin - POLL / 2)
        api = SimulatedApi(CENTRE, lambda: clock.now().wall, clock.sleep)
        rig, instance = Rig(clock, httpx.ASGITransport(app=api)), "before"
        await rig.poll(spec_of(desk))
        for at in range(begin, chosen[-1] + 1, POLL):
            await clock.sleep(at - clock.now().wall)
            if at == down:
                await rig.stop()
                past.scrape("", instance, at)
            if at == back:
                rig, instance = Rig(clock, httpx.ASGITransport(app=api)), "after"
                await rig.poll(spec_of(desk))
            if not down <= at <= back:
                page = rig.page.body(Representation(Format.TEXT)).whole.decode()
                past.scrape(page, instance, at)
            if at in chosen:
                compare(desk, past, at, story)
                accuse(desk, past, at, story)
            elif at % STEP == 0:
                past.evaluate(at, looked_back)
        await rig.stop()

    run_virtual(main)


def deserved(desk: Desk) -> set[tuple[str, str, date]]:
    """Whom the alerts must accuse: what the centre makes happen is over what they wait for."""
    return {
        (INCIDENTS[incident], name, day)
        for day in DAYS
        for name, index in names_once(desk).items()
        if (incident := CENTRE.incident(desk, index, day)) in INCIDENTS
    }


@pytest.mark.long
@pytest.mark.parametrize(("project", "unknown"), [(68861, (0, 0)), (52417, (0.6, 0.01))])
def test_live_verdicts_are_the_timelines(
    project: int, unknown: tuple[float, float], tmp_path: Path
) -> None:
    """None is wrong, over a restart and a change of clocks, and unknown are those of the night."""
    desk, story = CENTRE.desks[project], Story()
    with (
        prometheus(tmp_path) as server,
        closing(Past(server.address, rules(LATE, ABSENT, OVER))) as past,
    ):
        live(desk, past, story)
    print(desk.name, dict(story.counts))
    assert story.wrong == []
    for what, share in zip(("late", "absent"), unknown, strict=True):
        assert story.counts[what] > 200
        assert story.counts[f"{what}: unknown"] <= share * story.counts[what]
        assert story.counts[f"{what}: above 0"] > 1
    assert deserved(desk)
    assert deserved(desk) <= story.accused

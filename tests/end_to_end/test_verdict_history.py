"""Verdicts of a real Prometheus over backfilled days, beside the timeline's.

`pytest -s` shows how many were compared.
"""

import dataclasses
import subprocess
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from exporter.simulator.desks import Desk
from tests.end_to_end.test_history import command
from tests.end_to_end.test_verdict_days import (
    ABSENT,
    CENTRE,
    DAY,
    LATE,
    NOT_IN_TIME,
    OVER,
    Story,
    alerts,
    prometheus,
    rules,
)
from tests.support.past import Past, Results, value_of
from tests.support.processes import ROOT, address_of, simulate
from tests.support.verdict_truth import SECOND_SHIFT, Verdicts, names_once, over_limits, truth

# On its last day but one clocks change in Kyiv.
WEEK = [date(2026, 3, 24) + n * DAY for n in range(7)]


def loaded(folder: Path) -> None:
    """The days of the week of all desks as `backfill` and promtool bring them in."""
    with simulate() as api:
        address = address_of(api)
        text = (ROOT / "deploy" / "stack" / "config.yaml").read_text("utf-8")
        config = folder / "config.yaml"
        config.write_text(text.replace("127.0.0.1:${SIMULATE_PORT:-10106}", address), "utf-8")
        arguments = [f"--config.file={config}", f"--from={WEEK[0]}", f"--to={WEEK[-1]}"]
        done = command("backfill", *arguments, f"--output={folder / 'days'}")
        assert done.returncode == 0, done.stderr
    load = [str(ROOT / "deploy" / "load-history.sh"), str(folder / "days"), str(folder / "data")]
    subprocess.run(load, check=True, capture_output=True)


def spelled_out() -> dict[str, str]:
    """The verdicts' expressions with those of the records before them in place of their names.

    So they hold where nothing was recorded. Records that look back come later and have no values.
    """
    whole: dict[str, str] = {}
    for record, text in rules(LATE, ABSENT, OVER).items():
        for name, expression in whole.items():
            text = text.replace(f'{name}{{job="ringostat"}}', f"({expression})")
        whole[record] = text
    return {record: whole[record] for record in (LATE, ABSENT, OVER)}


def compare_day(desk: Desk, day: date, results: Results, story: Story) -> None:
    """In a day's last second: exact, but for "late at the latest", which may be more."""
    end = CENTRE.midnight(desk, day + DAY)
    for name, index in names_once(desk).items():
        who = {"project": desk.name, "employee": name}
        true = truth(CENTRE, desk, index, end - 1)
        if true.unsure == SECOND_SHIFT and CENTRE.arrival(desk, index, day) is not None:
            # Nothing but the day's seconds is known: not to which of the shifts they came.
            true = dataclasses.replace(true, late=None, absent=None)
        late = value_of(results, LATE, **who)
        right = late is not None and late >= true.late if true.late else late == true.late
        without = " without a shift" * (true == Verdicts())
        story.expect(f"late{without}", late, right, name, day, true)
        absent = value_of(results, ABSENT, **who)
        right = absent == true.absent
        story.expect(f"absent{without}", absent, right, name, day, true)
        for status, seconds in over_limits(CENTRE, desk, index, day, end).items():
            over = value_of(results, OVER, **who, status=status)
            story.expect("over limit", over, over == seconds, name, day, status, seconds)
    for person in desk.people:
        if person.name not in names_once(desk):  # a bot, or two of one name
            said = [
                key
                for keys in results.values()
                for key in keys
                if ("employee", person.name) in key
            ]
            story.expect("nobody or two", None, not said, day, said)


@pytest.mark.long
def test_backfilled_verdicts_accuse_nobody_wrongly(tmp_path: Path) -> None:
    """At a day's end absent and over limit are exact, and no late is below the truth.

    Unknown are those of the night alone, and the alert, which wants an exact arrival, is silent.
    """
    loaded(tmp_path)
    expressions = spelled_out()
    with prometheus(tmp_path) as server, closing(Past(server.address, {})) as past:
        for desk in CENTRE.desks.values():
            story = Story()
            for day in WEEK:
                at = CENTRE.midnight(desk, day + DAY) - 1
                results = {name: past.query(text, at) for name, text in expressions.items()}
                compare_day(desk, day, results, story)
                assert past.query(alerts()[NOT_IN_TIME], at) == {}
            print(desk.name, dict(story.counts))
            assert story.wrong == []
            assert story.counts["late: above 0"] > 1
            unknown = story.counts["late: unknown"] + story.counts["absent: unknown"]
            assert bool(unknown) == (desk.name == "Night desk")

"""The Employee dashboard's own queries on a real Prometheus: names of any kind, days apart."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.test_boards import NOW, panel, serving
from tests.support.board_day import filled, moment
from tests.support.processes import need

NAMES = [
    "Ann (Kyiv)",
    "Bo + Co",
    "Who?",
    "[New] Dee",
    "Eve|Fay",
    "Back\\slash",
    "O'Connor",
    "Dot. Star* $1 ^{2}",
]


def classic(name: str) -> str:
    """Grafana's escaping of a chosen name: for an expression inside of a quoted string."""
    return re.sub(r"[$^*{}\[\]+?.()|]", r"\\\\\g<0>", name.replace("\\", "\\\\\\\\"))


def with_quotes(name: str) -> str:
    """The same under `prometheusSpecialCharsInLabelValues`, which knows both quotes as well."""
    text = name.replace("\\", "\\\\\\\\").replace('"', '\\\\\\"')
    return re.sub(r"[$^*{}\[\]'+?.()|]", r"\\\\\g<0>", text)


def load_samples(folder: Path, families: dict[str, list[str]]) -> None:
    """Blocks of samples, each family's as lines of OpenMetrics without its name."""
    source, target = folder / "samples.om", folder / "data"
    lines = [
        f"# TYPE {name.removesuffix('_info')} {'info' if name.endswith('_info') else 'gauge'}\n"
        + "".join(f"{name}{sample}\n" for sample in samples)
        for name, samples in families.items()
    ]
    source.write_text("".join(lines) + "# EOF\n", "utf-8")
    target.mkdir()
    tool = [need("promtool"), "tsdb", "create-blocks-from", "openmetrics"]
    subprocess.run([*tool, str(source), str(target)], check=True, capture_output=True)


def labels_of(name: str) -> str:
    quoted = json.dumps(name, ensure_ascii=False)
    return f'job="ringostat",instance="a",project="P",employee={quoted}'


def test_an_arrival_is_of_its_day_alone(tmp_path: Path) -> None:
    """Also where Prometheus still sees yesterday's values after midnight; a day off is a gap."""
    midnight, ann = moment("00:00"), labels_of("Ann")
    days = {midnight: 10.0, midnight + 2 * 86400: 9.0}
    families: dict[str, list[str]] = {
        "ringostat_employee_first_active_timestamp_seconds": [],
        "ringostat_report_window_start_timestamp_seconds": [],
        "ringostat_employee_department_info": [
            f'{{{ann},department="D"}} 1 {midnight + 2 * 86400 + 50000}'
        ],
    }
    first, start, _ = families.values()
    window = '{job="ringostat",instance="a",project="P",window="today"}'
    for day in range(midnight, midnight + 3 * 86400, 86400):
        for at in range(day + 36000, day + 86400, 600):
            start.append(f"{window} {day} {at}")
            if day in days:
                first.append(f"{{{ann}}} {day + days[day] * 3600} {at}")
    load_samples(tmp_path, families)
    target = panel("employee", "timeseries", "Arrival and leaving")["targets"][0]
    with serving(tmp_path, look_back="16m") as server:
        (series,) = server.ask(
            "query_range",
            query=filled(target["expr"]),
            start=str(midnight),
            end=str(midnight + 2 * 86400 + 50000),
            step="86400",
        )["result"]
    assert {at: float(hours) for at, hours in series["values"]} == days


def load_names(folder: Path, names: list[str]) -> None:
    """An hour of online for each of the names, as blocks."""
    status = 'status="online",window="today"'
    load_samples(
        folder,
        {
            "ringostat_employee_status_seconds": [
                f"{{{labels_of(name)},{status}}} 3600 {NOW:.0f}" for name in names
            ],
            "ringostat_employee_department_info": [
                f'{{{labels_of(name)},department="D"}} 1 {NOW:.0f}' for name in names
            ],
        },
    )


@pytest.mark.parametrize(
    ("escaping", "names"),
    [(classic, NAMES), (with_quotes, [*NAMES, 'Emma "Em" Brown'])],
    ids=["classic", "with quotes"],
)
def test_employee_takes_names_with_any_characters(
    tmp_path: Path, escaping: Callable[[str], str], names: list[str]
) -> None:
    """Each alone, and all of them together, as Grafana puts chosen names into a query."""
    load_names(tmp_path, names)
    today = panel("employee", "stat", "Today")["targets"][0]["expr"]
    with serving(tmp_path) as server:
        for name in names:
            hours = server.ask(
                "query", query=filled(today, employee=escaping(name)), time=str(NOW)
            )
            assert [series["value"][1] for series in hours["result"]] == ["3600"], name
        together = "(" + "|".join(map(escaping, names)) + ")"
        hours = server.ask("query", query=filled(today, employee=together), time=str(NOW))
        assert [series["value"][1] for series in hours["result"]] == [str(3600 * len(names))]

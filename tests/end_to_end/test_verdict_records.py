"""The recorded verdicts in a real Prometheus, beside the facts of the scraped page."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.test_department_records import recorded, samples
from tests.end_to_end.test_prometheus import prometheus
from tests.support.processes import address_of, exporter, get, simulate, wait_for

LIMIT = 60.0


def write_config(folder: Path, address: str) -> Path:
    """Everybody has a shift all day long, and may be in `dnd` for a minute."""
    config = {
        "api": {"base_url": f"http://{address}", "requests_per_second": 50},
        "defaults": {
            "interval": "1h",  # one answer, so that its figures stand still
            "windows": ["today"],
            "shifts": [{"days": "mon-sun", "start": "00:00", "end": "24:00"}],
            "statuses": {"dnd": {"limit": "1m"}},
        },
        "projects": [
            {"id": 68861, "name": "Sales", "auth_key": "demo-key-68861", "timezone": "Asia/Tokyo"}
        ],
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config))
    return path


def verdicts(page: str) -> dict[str, dict[tuple[str, ...], float]]:
    """What the records must say, worked out of the page."""
    present: Counter[tuple[str, ...]] = Counter()
    over: dict[tuple[str, ...], float] = {}
    offline: dict[tuple[str, ...], float] = {}
    for labels, seconds in samples(page, "ringostat_employee_status_seconds"):
        who = (labels["employee"],)
        present[who] += 0 if labels["status"] == "offline" else int(seconds)
        if labels["status"] == "offline":
            offline[who] = seconds
        if labels["status"] == "dnd":
            over[labels["employee"], "dnd"] = max(0.0, seconds - LIMIT)
    ((_, midnight),) = samples(page, "ringostat_report_window_start_timestamp_seconds")
    here = [who for who, seconds in present.items() if seconds]
    scheduled = {
        (labels["employee"],): seconds
        for labels, seconds in samples(page, "ringostat_employee_scheduled_seconds")
    }
    return {
        "employee:ringostat_present_seconds:sum": dict(present),
        "employee:ringostat_over_limit:seconds": over,
        "employee:ringostat_arrival:timestamp_seconds": {
            who: midnight + offline[who] for who in here
        },
        # The shift of today began at midnight, as that of yesterday ended.
        "employee:ringostat_absent:bool": {who: float(not present[who]) for who in present},
        "employee:ringostat_late:seconds": {
            who: offline[who] if present[who] else 0.0 for who in present
        },
        "employee:ringostat_left_early:seconds": dict.fromkeys(present, 0.0),
        "employee:ringostat_schedule:ratio": {
            who: min(1.0, present[who] / seconds) for who, seconds in scheduled.items() if seconds
        },
    }


def answered(address: str) -> str | None:
    """The page, once the report of today is on it."""
    page = get(address)[2].decode()
    return page if "ringostat_employee_scheduled_seconds{" in page else None


@pytest.mark.real
def test_recorded_verdicts_are_those_of_the_page(tmp_path: Path) -> None:
    """No rule of verdicts has an error, and each record says what its facts do."""
    folder = tmp_path / "prometheus"
    folder.mkdir()
    with (
        simulate() as api,
        exporter(f"--config.file={write_config(tmp_path, address_of(api))}") as running,
        prometheus(folder, address_of(running)) as server,
    ):
        page = wait_for(lambda: answered(address_of(running)), 20, "the report")
        expected = verdicts(page)
        assert len(expected["employee:ringostat_present_seconds:sum"]) > 10

        def agree() -> bool:
            return all(
                recorded(server, record, "employee", *(["status"] if "limit" in record else []))
                == pytest.approx(values)
                for record, values in expected.items()
            )

        wait_for(agree, 30, "the recorded verdicts of the page")
        rules = [
            rule
            for group in server.ask("rules")["groups"]
            for rule in group["rules"]
            if group["name"].startswith(("ringostat-verdicts", "ringostat-arrivals"))
        ]
        assert len(rules) == 14
        assert {rule["health"] for rule in rules} <= {"ok", "unknown"}

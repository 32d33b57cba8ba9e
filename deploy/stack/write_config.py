"""Writes config.yaml with the rota of the simulated contact centre; `make stand`."""

import json
from pathlib import Path

from exporter.simulator.desks import Desk, desks
from exporter.simulator.rota import PlannedShift, shifts_of, statuses_of

TARGET = Path(__file__).parent / "config.yaml"
_HEAD = """\
# The exporter's part of the trial stack: polls the simulated contact centre. Each project has a
# key of its own, since the key alone tells /sipstatus/* which project is meant.
# Made by `make stand`, with the shifts that the centre works by; do not edit.
api:
  base_url: http://127.0.0.1:${SIMULATE_PORT:-10106}
  requests_per_second: 50
defaults:
  interval: 15s
  windows: [today, yesterday]
  staff: true
  sip_accounts: true
  sip_interval: 5s
  employees:
    exclude: ["AI IVR .*"]
projects:
"""
# Departments of our own, beside those of Ringostat.
_OWN = {
    "Night desk": """\
    departments:                # of our own, beside those of Ringostat
      - {name: Languages, employees: ["Chloé Dubois", "Zoë .*"]}
"""
}


def build() -> str:
    """The configuration of all desks."""
    return _HEAD + "".join(map(_project, desks()))


def _project(desk: Desk) -> str:
    shifts = "".join(map(_shift, shifts_of(desk)))
    statuses = "".join(
        f"      {word}: {{{', '.join(f'{key}: {value}' for key, value in rule.items())}}}\n"
        for word, rule in statuses_of(desk).items()
    )
    return (
        f"  - id: {desk.project_id}\n"
        f"    name: {desk.name}\n"
        f"    auth_key: demo-key-{desk.project_id}\n"
        f"    timezone: {desk.zone.key}\n"
        f"{_OWN.get(desk.name, '')}"
        f"    shifts:\n{shifts}"
        f"    statuses:\n{statuses}"
    )


def _shift(planned: PlannedShift) -> str:
    section = planned.section()
    # JSON's texts are YAML's.
    names = json.dumps(section["employees"], ensure_ascii=False)
    return (
        f'      - {{days: {section["days"]}, start: "{section["start"]}", '
        f'end: "{section["end"]}", employees: {names}}}\n'
    )


if __name__ == "__main__":
    TARGET.write_text(build(), encoding="utf-8")

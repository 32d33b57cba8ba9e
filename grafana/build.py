"""The dashboards as code: `python grafana/build.py` writes grafana/dashboards/*.json."""

import json
import sys
from pathlib import Path

if __package__ in (None, ""):  # run as a script: the package is the folder's parent
    sys.path.insert(0, str(Path(__file__).parent.parent))

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana import employee, exporter_dashboard, team

OUTPUT = Path(__file__).parent / "dashboards"


def dashboards() -> list[Dashboard]:
    """Every dashboard."""
    return [team.build(), employee.build(), exporter_dashboard.build()]


def render(dashboard: Dashboard) -> str:
    """The dashboard as JSON, with sorted keys so that the same input gives the same bytes."""
    plain = json.loads(json.dumps(dashboard, cls=JSONEncoder))
    return json.dumps(plain, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Writes every dashboard."""
    OUTPUT.mkdir(exist_ok=True)
    for dashboard in dashboards():
        path = OUTPUT / f"{dashboard.uid}.json"
        path.write_text(render(dashboard), encoding="utf-8")
        print(path, file=sys.stderr)


if __name__ == "__main__":
    main()

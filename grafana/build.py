"""The dashboards as code: `python grafana/build.py` writes grafana/dashboards/*.json."""

import json
import sys
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a script: the package is the folder's parent
    sys.path.insert(0, str(Path(__file__).parent.parent))

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from grafana import employee, exporter_board, team

OUTPUT = Path(__file__).parent / "dashboards"


def dashboards() -> list[Any]:
    """Every dashboard."""
    return [team.build(), employee.build(), exporter_board.build()]


def render(made: Any) -> str:
    """The dashboard as JSON, the same for the same input."""
    found = json.loads(json.dumps(made, cls=JSONEncoder))
    return json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main() -> None:
    """Writes every dashboard."""
    OUTPUT.mkdir(exist_ok=True)
    for made in dashboards():
        path = OUTPUT / f"{made.uid}.json"
        path.write_text(render(made), encoding="utf-8")
        print(path, file=sys.stderr)


if __name__ == "__main__":
    main()

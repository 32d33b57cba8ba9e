"""The dashboards as code: `python grafana/build.py` writes grafana/dashboards, all languages."""

import json
import sys
from pathlib import Path
from typing import Any

if __package__ in (None, ""):  # run as a script: the package is the folder's parent
    sys.path.insert(0, str(Path(__file__).parent.parent))

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana import employee, exporter_dashboard, team, wallboard
from grafana.wording import Language, languages

OUTPUT = Path(__file__).parent / "dashboards"


def dashboards(language: Language) -> list[Dashboard]:
    """Every dashboard in a language."""
    return [board.build(language) for board in (team, wallboard, employee, exporter_dashboard)]


def files() -> dict[Path, str]:
    """Every file and what is in it: English ones in the folder itself, others in one below it."""
    return {
        OUTPUT / ("" if language.code == "en" else language.code) / f"{board.uid}.json": render(
            board
        )
        for language in languages()
        for board in dashboards(language)
    }


def render(dashboard: Dashboard) -> str:
    """The dashboard as JSON, with sorted keys so that the same input gives the same bytes."""
    plain = json.loads(json.dumps(dashboard, cls=JSONEncoder))
    for link in _links(plain):
        # The SDK's default hides the link in a menu of newer Grafanas.
        link.pop("placement", None)
    return json.dumps(plain, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _links(plain: dict[str, Any]) -> list[dict[str, Any]]:
    """The links of a dashboard and of its panels."""
    rows = plain.get("panels") or []
    panels = [*rows, *(panel for row in rows for panel in row.get("panels") or [])]
    return [link for owner in (plain, *panels) for link in owner.get("links") or []]


def main() -> None:
    """Writes every dashboard."""
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path, file=sys.stderr)


if __name__ == "__main__":
    main()

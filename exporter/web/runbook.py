"""The runbook of the running version as a page: the same for everybody, so it is made once."""

from pathlib import Path

from exporter.web.languages import DEFAULT
from exporter.web.templates import load_template
from exporter.web.translations import ENGLISH

RUNBOOK_PATH = "/runbook"
RUNBOOK_LANGUAGE = DEFAULT
# Made of docs/runbook.md by `make runbook`.
_BODY = Path(__file__).parent / "runbook.html"


def runbook_page() -> bytes:
    """The page; it shows nothing of the projects and nothing of the configuration."""
    template = load_template("runbook_page.html", RUNBOOK_LANGUAGE, ENGLISH)
    return template.render(body=_BODY.read_text("utf-8")).encode()

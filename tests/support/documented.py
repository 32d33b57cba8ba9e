"""The documented samples, served byte for byte, and a configuration that asks for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.exporting import Samples, samples, select
from tests.support.http_api import Answer, api_of
from tests.support.processes import (
    get,
)

DATA = Path(__file__).parent.parent / "data" / "responses"


def scrape(address: str) -> Samples:
    return samples(get(address)[2])


def one(found: Samples, name: str, **labels: str) -> float | None:
    return next(iter(select(found, name, **labels).values()), None)


class Documented:
    """Answers with the documented samples, byte for byte but for the id.

    Attributes:
        report: The sample of method 2; a test may replace it.
        asked: The requests.
        url: Where it is served.
    """

    def __init__(self) -> None:
        self.report = (DATA / "daily_report.mended.json").read_bytes()
        self.asked: list[dict[str, Any]] = []
        self.url = ""

    def answer(self, asked: dict[str, Any]) -> Answer:
        self.asked.append(asked)
        number = b"%d" % asked["id"]
        if asked["method"] == "getCustomStatuses":
            catalog = (DATA / "custom_statuses.json").read_bytes()
            return 200, {}, catalog.replace(b'"777"', b'"' + number + b'"')
        return 200, {}, self.report.replace(b'"id": 1\n', b'"id": ' + number + b"\n")


@contextmanager
def serving_documents() -> Iterator[Documented]:
    made = Documented()
    with api_of(made.answer) as made.url:
        yield made


def write_config(folder: Path, url: str, **project: str) -> Path:
    keys = {"id": "68861", "name": "Sales", "auth_key": "KEY-canary", "interval": "1s"} | project
    lines = "".join(f"    {key}: {value}\n" for key, value in keys.items()).replace(
        "    ", "  - ", 1
    )
    path = folder / "config.yaml"
    path.write_text(f"api:\n  base_url: {url}\n  requests_per_second: 50\nprojects:\n{lines}")
    return path

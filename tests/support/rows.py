"""Rows of a report that a test writes down, read as they would be from an answer."""

from typing import Any

from exporter.ringostat.report import Report, parse_report


def read(rows: object, **changes: Any) -> Report:
    options: dict[str, Any] = {
        "max_employees": 5000,
        "elapsed_seconds": 86400.0,
    }
    return parse_report(rows, **(options | changes))


def person(name: str, **statuses: object) -> dict[str, object]:
    return {"employee": name, **statuses}

"""The rows of method 2. Pure."""

from collections.abc import Iterable, Mapping

from exporter.simulator.desks import Desk
from exporter.simulator.spans import OFFLINE, ONLINE


def duration(seconds: int) -> str:
    """5515 -> `01:31:55`."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


def report_rows(desk: Desk, totals: Iterable[Mapping[str, int]]) -> list[dict[str, str]]:
    """One row a person, of their seconds per status; a status never held is left out."""
    keys = {title: str(number) if desk.by_id else title for number, title in desk.custom.items()}
    rows = []
    for person, seconds in zip(desk.people, totals, strict=True):
        row = {"employee": person.name}
        row |= {status: duration(seconds.get(status, 0)) for status in (ONLINE, OFFLINE)}
        row |= {
            keys.get(status, status): duration(held)
            for status, held in seconds.items()
            if status not in (ONLINE, OFFLINE)
        }
        rows.append(row)
    return rows

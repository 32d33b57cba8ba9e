"""Who owns the newest snapshots, as the poll loop knows it."""

from collections.abc import Callable
from typing import Protocol

from exporter.polling.snapshot import ProjectSnapshot

Change = Callable[[ProjectSnapshot], ProjectSnapshot]


class SnapshotOwner(Protocol):
    """Who owns the newest snapshots; `exposition.publisher.Publisher` outside of tests."""

    def newest(self, project_id: int) -> ProjectSnapshot:
        """What is known of a project now."""
        ...

    async def update(self, project_id: int, change: Change) -> None:
        """Changes what is known of a project, and shows it; `change` is pure."""
        ...

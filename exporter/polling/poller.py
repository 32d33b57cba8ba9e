"""One poller per project: its loops, and what a supervisor may ask of them.

The reports have a loop of their own, so that what is asked about people beside them never holds
them up: a staff list that hangs costs a report at most the wait for one attempt.
"""

import asyncio

from exporter.clock import Clock
from exporter.log import Log
from exporter.polling.loop_context import Context, Shared
from exporter.polling.owner import SnapshotOwner
from exporter.polling.poll_loop import PollLoop
from exporter.polling.project import ProjectSpec
from exporter.polling.query import Api
from exporter.polling.recurring import people_queries, report_queries


class Poller:
    """Polls one project until its task is cancelled or it is retired."""

    def __init__(
        self, spec: ProjectSpec, api: Api, clock: Clock, publisher: SnapshotOwner, log: Log
    ) -> None:
        self._publisher = publisher
        context, shared = Context(api, clock, publisher, log), Shared()
        self._reports = PollLoop(spec, report_queries, shared, context)
        self._people = PollLoop(spec, people_queries, shared, context)
        self._loops = (self._reports, self._people)
        self._asking_people: asyncio.Task[None] | None = None

    @property
    def spec(self) -> ProjectSpec:
        """What it polls; replaced by a reload."""
        return self._reports.spec

    def lost(self) -> bool:
        """Whether a loop no longer makes progress, see `PollLoop.lost`, or ended by mistake."""
        people = self._asking_people
        if people is not None and self._people.has_work:
            return self._reports.lost() or people.done() or self._people.lost()
        return self._reports.lost()

    def adopt(self, spec: ProjectSpec, api: Api) -> None:
        """Takes another spec over, after a reload; `wake` begins to ask by it."""
        for loop in self._loops:
            loop.adopt(spec, api)

    def wake(self) -> None:
        """Looks again at what is due."""
        for loop in self._loops:
            loop.wake()
        if self._asking_people is None or self._asking_people.done():
            self._ask_people()

    def ask_now(self) -> None:
        """Asks everything as soon as possible."""
        for loop in self._loops:
            loop.ask_now()

    async def show_again(self) -> None:
        """Shows what is known anew: the names' labels are others."""
        await self._publisher.update(self.spec.project_id, lambda snapshot: snapshot)

    def retire(self) -> None:
        """Ends `run` after the requests that are under way; their answers are dropped."""
        for loop in self._loops:
            loop.retire()

    async def run(self) -> None:
        """Polls until it is retired."""
        self._ask_people()
        try:
            await self._reports.run()
            if self._asking_people is not None:
                await self._asking_people
        finally:
            if self._asking_people is not None:
                self._asking_people.cancel()
                await asyncio.gather(self._asking_people, return_exceptions=True)

    def _ask_people(self) -> None:
        """Begins the second loop, where there is anything to ask; it ends where there is not."""
        if self._people.has_work:
            self._asking_people = asyncio.create_task(self._people.run())

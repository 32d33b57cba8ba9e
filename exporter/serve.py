"""The main job: polls and serves until SIGTERM or SIGINT."""

import asyncio
import gc
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvloop

from exporter.app import Exporter, Options
from exporter.clock import SystemClock
from exporter.config import Config
from exporter.durations import parse_duration
from exporter.log import Log
from exporter.offload import WorkerThread
from exporter.polling.project import ProjectSpec
from exporter.polling.roster import Roster
from exporter.polling.shift_words import parse_days, parse_end, parse_start
from exporter.polling.shifts import Shift
from exporter.polling.status_rules import StatusRule
from exporter.polling.window import Window
from exporter.ringostat.key import KeySource, Secret
from exporter.ringostat.names import EmployeeFilter
from exporter.ringostat.settings import ApiSettings
from exporter.signals import Signals
from exporter.simulator.api import SimulatedApi, project_key
from exporter.simulator.centre import Centre
from exporter.simulator.desks import Desk
from exporter.simulator.rota import PlannedShift, shifts_of, statuses_of
from exporter.web.address import Address, address_of, bind
from exporter.web.auth import AuthMiddleware
from exporter.web.connections import raise_descriptor_limit
from exporter.web.passwords import PasswordChecker
from exporter.web.routes import make_application
from exporter.web.server import Server
from exporter.web.web_config import WebConfigFile

_DEMO_KEY = "demo-key"
_DEMO_INTERVAL = 5.0
_RELOADS_AT_ONCE = 2  # the running one, and one that sees what was written since it began to read
_COLLECT_AFTER = (10_000, 20, 100)


@dataclass(frozen=True, slots=True)
class Serving:
    """What serving needs to know beside the exporter's own options.

    Attributes:
        addresses: Where to listen.
        options: The exporter's.
        demo: Whether to poll a simulated contact centre; `options.load` is not used then.
        web_config: The file that says who may read the page; None: everybody.
    """

    addresses: tuple[Address, ...]
    options: Options
    demo: bool = False
    web_config: Path | None = None


def demo_config(centre: Centre, address: str) -> Config:
    """A configuration that polls every project of the simulated contact centre."""
    windows = (Window("today"), Window("yesterday"))
    projects = tuple(
        ProjectSpec(
            project_id=desk.project_id,
            name=desk.name,
            key=KeySource(Secret(project_key(_DEMO_KEY, desk.project_id))),
            zone=desk.zone,
            windows=windows,
            interval=_DEMO_INTERVAL,
            settled_interval=900.0,
            catalog_interval=3600.0,
            stale_after=None,
            max_employees=5000,
            shown=EmployeeFilter(exclude=("AI IVR .*",)),
            staff=True,
            staff_interval=60.0,
            sip_accounts=True,
            sip_interval=_DEMO_INTERVAL,
            roster=Roster(tuple(map(_shift, shifts_of(desk))), frozenset(), desk.zone),
            statuses=_status_rules(desk),
        )
        for desk in centre.desks.values()
    )
    api = ApiSettings(
        base_url=f"http://{address}",
        timeout_seconds=15.0,
        max_concurrency=8,
        requests_per_second=20.0,
        max_response_bytes=2_097_152,
    )
    return Config(api, projects)


def _shift(planned: PlannedShift) -> Shift:
    section = planned.section()
    return Shift(
        parse_days(section["days"]),
        parse_start(section["start"]),
        parse_end(section["end"]),
        employees=tuple(section["employees"]),
    )


def _status_rules(desk: Desk) -> tuple[StatusRule, ...]:
    return tuple(
        StatusRule(
            word, rule.get("kind"), parse_duration(rule["limit"]) if "limit" in rule else None
        )
        for word, rule in statuses_of(desk).items()
    )


@asynccontextmanager
async def _simulator() -> AsyncIterator[Config]:
    """A simulated API on a free port of this machine, and the configuration that polls it."""
    clock, centre = SystemClock(), Centre()
    api = SimulatedApi(centre, lambda: clock.now().wall, clock.sleep, _DEMO_KEY)
    listener = bind(Address("127.0.0.1", 0))
    server = Server(api, [listener])
    config = demo_config(centre, address_of(listener))
    await server.start()
    try:
        yield config
    finally:
        await server.stop()


def serve(serving: Serving, log: Log) -> None:
    """Serves until SIGTERM or SIGINT.

    Raises:
        ConfigurationError: Before anything is listened on.
        AddressError: Before Ringostat is asked.
    """
    config = None if serving.demo else serving.options.load()
    clock = SystemClock()
    web_config = WebConfigFile(serving.web_config, clock, log) if serving.web_config else None
    raise_descriptor_limit()
    # Snapshots are many objects and no cycles: a full collection is a pause that finds nothing.
    gc.set_threshold(*_COLLECT_AFTER)
    listeners: list[socket.socket] = []
    try:
        listeners += [bind(address) for address in serving.addresses]
        # The loop is not closed: that would wait for name look-ups that nobody answers.
        runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        runner.run(_serve(serving, config, web_config, listeners, log))
    finally:
        for listener in listeners:
            listener.close()


def _coalesced(reload: Callable[[], Coroutine[Any, Any, object]]) -> Callable[[], None]:
    """Begins a reload in a task; one more waits while one runs, any other would be the same."""
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[object]]()

    def begin() -> None:
        if len(tasks) < _RELOADS_AT_ONCE:
            task = loop.create_task(reload())
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    return begin


async def _serve(
    serving: Serving,
    config: Config | None,
    web_config: WebConfigFile | None,
    listeners: list[socket.socket],
    log: Log,
) -> None:
    reload: list[Callable[[], object]] = []
    signals = Signals(lambda: reload and reload[0]())
    async with AsyncExitStack() as stack:
        options = serving.options
        if config is None:
            config = demo = await stack.enter_async_context(_simulator())
            options = replace(options, load=lambda: demo)
        exporter = Exporter(config, options, SystemClock(), log)
        application = make_application(exporter.site)
        if web_config is not None:
            passwords = PasswordChecker(log)
            stack.callback(passwords.close)
            application = AuthMiddleware(application, web_config, passwords)
        # A thread of its own: neither a key nor a configuration that hangs holds this one up.
        web_files = WorkerThread("web files")
        stack.callback(web_files.close)
        server = Server(application, listeners, web_config, files=web_files)
        # Every project is on the page before the first scrape is answered.
        await exporter.start()
        stack.push_async_callback(exporter.stop)
        await server.start()
        stack.push_async_callback(server.stop)
        for address in server.addresses:
            log.info("listening", address=address)
        reload.append(_coalesced(exporter.reload))
        await signals.stopped()
        log.info("stopping")

"""`simulate`: the simulated Ringostat API alone, with faults on request."""

import asyncio
from collections.abc import Mapping
from typing import Any

from exporter.clock import SystemClock
from exporter.durations import parse_duration
from exporter.errors import UsageError
from exporter.log import Log
from exporter.signals import Signals
from exporter.simulator.api import FAULTS, Faults, SimulatedApi
from exporter.simulator.centre import Centre
from exporter.web.address import bind, parse_address
from exporter.web.server import Server


def read_faults(values: Mapping[str, Any]) -> Faults:
    """The faults that the flags ask for.

    Raises:
        UsageError: A kind that is none, a share that is none.
    """
    unknown = [kind for kind in values["fault"] if kind not in FAULTS]
    if unknown:
        raise UsageError(f"--fault={unknown[0]}: must be one of {', '.join(FAULTS)}")
    if not 0 <= values["fault_rate"] <= 1:
        raise UsageError("--fault.rate must be from 0 to 1")
    try:
        latency = parse_duration(values["latency"])
    except ValueError as error:
        raise UsageError(f"--latency {error}") from None
    return Faults(
        kinds=tuple(values["fault"]),
        rate=values["fault_rate"],
        projects=frozenset(values["fault_project"]),
        latency=latency,
        retry_after=values["fault_retry_after"] or None,
    )


def simulate(values: Mapping[str, Any], log: Log) -> None:
    """Serves until SIGTERM or SIGINT.

    Raises:
        UsageError: A flag's value cannot be.
        AddressError: The address cannot be bound.
    """
    faults = read_faults(values)
    listeners = [bind(parse_address(text)) for text in values["web_listen_address"]]
    clock, centre = SystemClock(), Centre(values["seed"])
    api = SimulatedApi(centre, lambda: clock.now().wall, clock.sleep, values["auth_key"], faults)

    async def run() -> None:
        signals = Signals()
        server = Server(api, listeners)
        await server.start()
        for address in server.addresses:
            log.info("listening", address=address)
        for desk in centre.desks.values():
            log.info("project", id=desk.project_id, name=desk.name, timezone=desk.zone.key)
        await signals.stopped()
        await server.stop()

    asyncio.run(run())

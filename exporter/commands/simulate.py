"""`simulate`: the simulated Ringostat API alone, with faults on request."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from exporter.clock import SystemClock
from exporter.durations import parse_duration
from exporter.errors import UsageError
from exporter.log import Log
from exporter.signals import Signals
from exporter.simulator.api import FORBIDDABLE, SimulatedApi
from exporter.simulator.centre import Centre
from exporter.simulator.faults import FAULTS, METHODS, Faults
from exporter.simulator.staff_list import SHAPES
from exporter.web.address import bind, parse_address
from exporter.web.server import Server
from exporter.words import show_word


def read_faults(values: Mapping[str, Any]) -> Faults:
    """The faults that the flags ask for.

    Raises:
        UsageError: A kind or a method that is none, a share that is none.
    """
    _check_words("fault", values["fault"], FAULTS)
    _check_words("fault.method", values["fault_method"], METHODS)
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
        methods=frozenset(values["fault_method"]),
    )


def make_api(values: Mapping[str, Any], centre: Centre, clock: SystemClock) -> SimulatedApi:
    """The API as the flags describe it.

    Raises:
        UsageError: A flag's value cannot be.
    """
    _check_words("forbid", values["forbid"], FORBIDDABLE)
    _check_words("staff.shape", [values["staff_shape"]], SHAPES)
    return SimulatedApi(
        centre,
        lambda: clock.now().wall,
        clock.sleep,
        values["auth_key"],
        read_faults(values),
        staff_shape=values["staff_shape"],
        forbidden=frozenset(values["forbid"]),
    )


def _check_words(flag: str, given: Collection[str], known: Collection[str]) -> None:
    unknown = [word for word in given if word not in known]
    if unknown:
        raise UsageError(f"--{flag}={show_word(unknown[0])}: must be one of {', '.join(known)}")


def simulate(values: Mapping[str, Any], log: Log) -> None:
    """Serves until SIGTERM or SIGINT.

    Raises:
        UsageError: A flag's value cannot be.
        AddressError: The address cannot be bound.
    """
    clock, centre = SystemClock(), Centre(values["seed"])
    api = make_api(values, centre, clock)
    listeners = [bind(parse_address(text)) for text in values["web_listen_address"]]

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

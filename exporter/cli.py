"""Runs the command that the command line names; its mistakes become a line and an exit code."""

import asyncio
import os
import re
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from exporter import options
from exporter.commands.output import OutputError, write_progress
from exporter.days import Day
from exporter.errors import AddressError, ConfigurationError, UsageError
from exporter.flags import resolve
from exporter.log import open_log
from exporter.usage import parse
from exporter.words import one_line


def run(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Runs a command line and returns the exit code; each mistake is one line on stderr."""
    env = os.environ if environment is None else environment
    try:
        given = parse(arguments)
        return _COMMANDS[given.get("command")](given, env)
    except UsageError as error:
        return _complain(f"ringostat-exporter: {one_line(str(error))}", 2)
    except ConfigurationError as error:
        return _complain("\n".join(one_line(line) for line in error.mistakes), 2)
    except AddressError as error:
        return _complain(f"ringostat-exporter: {one_line(str(error))}", 3)
    except OutputError as error:
        return _complain(f"ringostat-exporter: {one_line(str(error))}", 1)
    except asyncio.CancelledError:
        return _complain("ringostat-exporter: interrupted", 1)


def _complain(text: str, code: int) -> int:
    write_progress(f"{text}\n")
    return code


def _shard(
    values: Mapping[str, Any], given: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[int, int]:
    """This process's shard and the number of shards.

    Without `--shard.index` a StatefulSet's pod takes the number at the end of its name.
    """
    index, total = values["shard_index"], values["shard_total"]
    flag = options.SHARD_INDEX
    if total > 1 and flag.key not in given and flag.variable not in environment:
        host = environment.get("HOSTNAME") or socket.gethostname()
        ordinal = re.search(r"-([0-9]{1,9})$", host.split(".")[0])
        index = int(ordinal[1]) if ordinal else index
        if index >= total:
            raise UsageError(
                f"the host name {host} is not one of --shard.total={total}; set --shard.index"
            )
    if not index < total:
        raise UsageError(f"--shard.index={index} must be below --shard.total={total}")
    return index, total


def _serve(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.SERVE, given, environment)
    if values["demo"] and ("config_file" in given or options.CONFIG.variable in environment):
        raise UsageError("--demo and --config.file exclude each other")
    from exporter.app import Options
    from exporter.config import load
    from exporter.serve import Serving, serve
    from exporter.web.address import parse_address

    path = Path(values["config_file"])
    exporter_options = Options(
        load=lambda: load(path, environment),
        telemetry_path=values["web_telemetry_path"],
        lifecycle=values["web_enable_lifecycle"],
        allowed_hosts=tuple(values["web_allowed_host"]),
        shard=_shard(values, given, environment),
        revision=one_line(environment.get("RINGOSTAT_EXPORTER_REVISION", "unknown")),
    )
    addresses = tuple(parse_address(text) for text in values["web_listen_address"])
    name = values["web_config_file"]
    web_config = None if name is None else Path(name)
    with open_log(values["log_level"], values["log_format"], sys.stderr) as log:
        serve(Serving(addresses, exporter_options, values["demo"], web_config), log)
    return 0


def _check(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.CHECK, given, environment)
    from exporter.commands.check import check
    from exporter.commands.live import check_live

    config = check(Path(values["config_file"]), environment, _shard(values, given, environment))
    return check_live(config, _shard(values, given, environment)) if values["live"] else 0


def _once(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.ONCE, given, environment)
    from exporter.commands.once import Wanted, once
    from exporter.config import load
    from exporter.polling.window import parse_window

    try:
        windows = tuple(parse_window(name) for name in values["window"])
    except ValueError as error:
        raise UsageError(f"--window: {error}") from None
    wanted = Wanted(values["format"], tuple(values["project"]), windows, values["date"])
    config = load(Path(values["config_file"]), environment)
    return once(config, wanted, _shard(values, given, environment))


def _first_and_last(values: Mapping[str, Any], command: str) -> tuple[Day, Day]:
    first, last = values["from"], values["to"]
    if first is None or last is None:
        raise UsageError(f"{command} needs --from=DATE and --to=DATE")
    return first, last


def _timesheet(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.TIMESHEET, given, environment)
    from exporter.commands.timesheet import Request, form_of, timesheet
    from exporter.config import load

    output = None if values["output"] == "-" else Path(values["output"])
    form = values["format"] or (form_of(output) if output else "csv")
    request = Request(
        *_first_and_last(values, "timesheet"),
        projects=tuple(values["project"]),
        form=form,
        output=output,
        layout=values["layout"],
        unit=values["unit"] or ("h:mm" if form == "table" else "seconds"),
        shard=_shard(values, given, environment),
    )
    return timesheet(load(Path(values["config_file"]), environment), request)


def _backfill(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.BACKFILL, given, environment)
    first, last = _first_and_last(values, "backfill")
    from exporter.commands.backfill import Request, backfill
    from exporter.config import load

    output = None if values["output"] == "-" else Path(values["output"])
    live = {"job": "ringostat", "instance": "127.0.0.1:10105"} | dict(values["label"])
    request = Request(
        first, last, tuple(values["project"]), output, live, _shard(values, given, environment)
    )
    return backfill(load(Path(values["config_file"]), environment), request)


def _capture(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.CAPTURE, given, environment)
    from exporter.commands.capture import capture
    from exporter.config import load

    config = load(Path(values["config_file"]), environment)
    return capture(config, values["project"], values["method"])


def _pseudonym(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.PSEUDONYM, given, environment)
    from exporter.commands.pseudonym import pseudonym
    from exporter.config import load

    config = load(Path(values["config_file"]), environment)
    pseudonym(config, given["argument"], values["project"])
    return 0


def _simulate(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.SIMULATE, given, environment)
    from exporter.commands.simulate import simulate

    with open_log(values["log_level"], values["log_format"], sys.stderr) as log:
        simulate(values, log)
    return 0


def _healthcheck(given: Mapping[str, Any], environment: Mapping[str, str]) -> int:
    values = resolve(options.HEALTHCHECK, given, environment)
    from exporter.commands.healthcheck import healthcheck
    from exporter.web.address import parse_address

    return healthcheck(parse_address(values["web_listen_address"][0]))


_COMMANDS: dict[str | None, Callable[[Mapping[str, Any], Mapping[str, str]], int]] = {
    None: _serve,
    "check": _check,
    "once": _once,
    "timesheet": _timesheet,
    "backfill": _backfill,
    "capture": _capture,
    "pseudonym": _pseudonym,
    "simulate": _simulate,
    "healthcheck": _healthcheck,
}

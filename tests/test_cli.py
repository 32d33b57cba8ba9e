"""Flags, environment, exit codes: docs/contract.md#1-command-line."""

import re
from pathlib import Path

import pytest

from exporter import __version__, options
from exporter.cli import run
from exporter.flags import Flag, resolve, whole_number
from exporter.polling.shard import shard_of
from exporter.simulator.api import FAULTS


def call(capsys: pytest.CaptureFixture[str], *arguments: str, **env: str) -> tuple[int, str, str]:
    try:
        code = run(list(arguments), env)
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--no-such-flag"], "unknown flag --no-such-flag; see ringostat-exporter --help"),
        (["--config.fil=x"], 'unknown flag --config.fil (did you mean "--config.file"?)'),
        (["--config.fil", "x"], 'unknown flag --config.fil (did you mean "--config.file"?)'),
        (["check", "--livee"], 'unknown flag --livee (did you mean "--live"?)'),
        (["-config.file=x"], 'unknown flag -config.file (did you mean "--config.file"?)'),
        (["--zzz\nq"], "unknown flag --zzz\ufffdq; see"),
        (["check", "--format=csv"], "--format is not a flag of check"),
        (["--format=csv", "once"], "--format must come after once"),
        (["--format=csv"], "--format is a flag of a command"),
        (["check", "x"], "unexpected argument x"),
        (["serve"], "invalid choice: 'serve'"),
        (["--log.level=loud"], "--log.level: must be one of debug, info, warn, error"),
        (["--demo", "--config.file=x"], "--demo and --config.file exclude each other"),
        (["--demo", "--web.config.file=x"], "x: cannot be read: No such file or directory"),
        (["--demo", "--web.listen-address=here"], "'here' is not an address"),
        (["--demo", "--web.listen-address=127.0.0.1:70000"], "the port is over 65535"),
        (["--demo", "--web.listen-address=::1:80"], "is not an address"),
        (["--demo", f"--web.listen-address=a:{'9' * 5000}"], "is not an address"),
        (["--demo", "--web.listen-address=a..b:80"], "is not an address"),
        (["--demo", "--web.telemetry-path=/\udcff"], "must begin with / but not with /-/"),
        (["x" * 5000], "argument COMMAND: invalid choice"),
        (["--demo", "--web.telemetry-path=metrics"], "--web.telemetry-path: must begin with /"),
        (["--demo", "--web.telemetry-path=/-/x"], "--web.telemetry-path: must begin with /"),
        (["--demo", "--shard.total=2", "--shard.index=2"], "--shard.index=2 must be below"),
        (["--shard.index=x"], "--shard.index: must be a whole number"),
        (["simulate", "--fault=fire"], "--fault=fire: must be one of"),
        (["simulate", "--fault.rate=2"], "--fault.rate must be from 0 to 1"),
        (["simulate", "--fault.rate=x"], "--fault.rate: must be a number"),
        (["simulate", "--fault.rate=nan"], "--fault.rate: must be a number"),
        (["simulate", "--latency=2"], "--latency is not a duration"),
        (["simulate", f"--seed={'1' * 5000}"], "--seed: must be a whole number"),
        (["--config.file="], "--config.file: must not be empty"),
        (["--config.file= "], "--config.file: must not be empty"),
        (["--demo", "--web.config.file="], "--web.config.file: must not be empty"),
        (["--demo", "--web.listen-address="], "--web.listen-address: must not be empty"),
        (
            ["--demo", "--web.telemetry-path=/runbook"],
            "--web.telemetry-path: must not be /runbook",
        ),
        (["--demo", "--web.telemetry-path="], "--web.telemetry-path: must not be empty"),
        (["--shard.total="], "--shard.total: must not be empty"),
        (["capture", "--project="], "--project: must not be empty"),
        (["simulate", "--fault="], "--fault: must not be empty"),
        (["backfill", "--from="], "--from: must not be empty"),
        (["backfill", "--from=20260325"], "--from: must be a day like 2026-03-25, today,"),
        (["backfill", "--from=2026-02-30"], "--from: is not a day of the calendar"),
        (["backfill", "--from=-7"], "backfill needs --from=DATE and --to=DATE"),
        (["backfill", "--from", "-7"], "backfill needs --from=DATE and --to=DATE"),
        (["timesheet"], "timesheet needs --from=DATE and --to=DATE"),
        (["timesheet", "--to=today"], "timesheet needs --from=DATE and --to=DATE"),
        (["timesheet", "--format=xls"], "--format: must be one of csv, xlsx, json, table"),
        (["timesheet", "--layout=tall"], "--layout: must be one of wide, long"),
        (["timesheet", "--unit=days"], "--unit: must be one of seconds, hours, h:mm"),
        (["timesheet", "--output="], "--output: must not be empty"),
        (["once", "--window=tomorrow"], "--window: must be one of today, yesterday,"),
        (["once", "--date=tomorrow"], "--date: must be a day like 2026-03-25, today,"),
        (["backfill", "--label=a"], "--label: must be NAME=VALUE"),
        (["backfill", "--label=__name__=x"], "--label: must not begin with __"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], text: str
) -> None:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert text in err
    assert len(err) < 500


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CONFIG_FILE", ""),
        ("SHARD_TOTAL", ""),
        ("WEB_LISTEN_ADDRESS", ""),
        ("WEB_LISTEN_ADDRESS", "127.0.0.1:0,,127.0.0.1:0"),
        ("LOG_FORMAT", " "),
    ],
)
def test_an_empty_variable_is_a_usage_error_that_names_it(
    capsys: pytest.CaptureFixture[str], variable: str, value: str
) -> None:
    code, out, err = call(capsys, **{f"RINGOSTAT_EXPORTER_{variable}": value})
    assert (code, out) == (2, "")
    assert err == f"ringostat-exporter: RINGOSTAT_EXPORTER_{variable}: must not be empty\n"


def test_an_empty_value_is_fine_where_it_means_something() -> None:
    """No Retry-After, and a switch that is off."""
    flags = tuple(flag for flag in options.SIMULATE if flag.may_be_empty)
    assert [flag.name for flag in flags] == ["fault.retry-after"]
    switch = Flag("demo", None, "x", boolean=True)
    values = resolve((*flags, switch), {"fault_retry_after": ""}, {"RINGOSTAT_EXPORTER_DEMO": ""})
    assert values == {"fault_retry_after": "", "demo": False}


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, "--version")[:2] == (0, f"ringostat-exporter {__version__}\n")
    code, out, _ = call(capsys, "--help")
    assert code == 0
    for word in ("--web.listen-address", "--demo", "check", "simulate", "RINGOSTAT_EXPORTER_"):
        assert word in out
    code, out, _ = call(capsys, "simulate", "--help")
    assert code == 0
    assert set(FAULTS) <= set(re.findall(r"[a-z0-9-]+", out))


def test_a_bad_configuration_is_one_line_a_mistake_and_exit_2(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("projects:\n  - id: 1\n    auth_key: KEY canary\n    windws: []\n")
    for command in ([], ["check"]):
        code, out, err = call(capsys, f"--config.file={path}", *command)
        assert (code, out) == (2, "")
        assert err == (
            f"{path}:3: projects[0].auth_key: contains white space; a key is one word\n"
            f'{path}:4: projects[0].windws: unknown key (did you mean "windows"?)\n'
        )


def test_a_variable_stands_for_a_flag_and_the_flag_wins(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("projects: [{id: 1, name: Sales, auth_key: k}]")
    kubernetes = {"RINGOSTAT_EXPORTER_PORT": "tcp://10.0.0.1:80"}
    code, out, _ = call(capsys, "check", RINGOSTAT_EXPORTER_CONFIG_FILE=str(path), **kubernetes)
    assert code == 0
    assert "project Sales (id 1, UTC)" in out
    code, _, err = call(
        capsys, "check", "--config.file=/none", RINGOSTAT_EXPORTER_CONFIG_FILE=str(path)
    )
    assert code == 2
    assert "/none" in err
    code, _, err = call(capsys, "check", RINGOSTAT_EXPORTER_SHARD_TOTAL="many")
    assert code == 2
    assert "RINGOSTAT_EXPORTER_SHARD_TOTAL: must be a whole number" in err


def test_check_says_what_is_polled_and_never_a_key(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "projects:\n  - {id: 7, auth_key: KEY-canary, timezone: Europe/Kyiv,"
        " windows: [today, yesterday]}\napi: {requests_per_second: 0.01}\n"
    )
    code, out, err = call(capsys, "check", f"--config.file={path}")
    assert (code, err) == (0, "")
    assert "project 7 (id 7, Europe/Kyiv)" in out
    assert "today: every 1m" in out
    assert "yesterday: every 15m" in out
    assert "needs 0.0181 requests per second of 0.01 allowed" in out
    assert "warning: polling on time needs" in out
    assert "canary" not in out


def test_repeatable_flags_are_comma_separated_in_the_environment() -> None:
    flag = Flag("web.listen-address", ":1", "x", repeatable=True)
    number = Flag("shard.total", "1", "x", whole_number)
    switch = Flag("demo", None, "x", boolean=True)
    env = {
        "RINGOSTAT_EXPORTER_WEB_LISTEN_ADDRESS": ":2, :3",
        "RINGOSTAT_EXPORTER_DEMO": "true",
    }
    assert resolve((flag, number, switch), {}, env) == {
        "web_listen_address": [":2", ":3"],
        "shard_total": 1,
        "demo": True,
    }
    given = {"web_listen_address": [":4"], "demo": False}
    assert resolve((flag, switch), given, env) == {"web_listen_address": [":4"], "demo": False}


@pytest.mark.parametrize(
    ("arguments", "host", "shown"),
    [
        (["--shard.total=3"], "ringostat-exporter-0", {0}),
        (["--shard.total=3"], "ringostat-exporter-2", {2}),
        (["--shard.total=3"], "ringostat-exporter-1.ringostat.svc", {1}),
        (["--shard.total=3", "--shard.index=1"], "ringostat-exporter-2", {1}),
        (["--shard.total=3"], "laptop", {0}),
        ([], "ringostat-exporter-2", {0, 1, 2}),
    ],
)
def test_a_pods_shard_is_in_its_name(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    host: str,
    shown: set[int],
) -> None:
    path = tmp_path / "config.yaml"
    entries = "".join(f"  - {{id: {n}, name: 'p{n}.', auth_key: k}}\n" for n in range(1, 60))
    path.write_text(f"projects:\n{entries}")
    code, out, _ = call(capsys, "check", f"--config.file={path}", *arguments, HOSTNAME=host)
    assert code == 0
    polled = {n for n in range(1, 60) if f"p{n}." in out}
    assert polled == {n for n in range(1, 60) if not arguments or shard_of(n, 3) in shown}


def test_a_pod_that_is_no_shard_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "check", "--shard.total=3", HOSTNAME="ringostat-exporter-3")
    assert code == 2
    assert "the host name ringostat-exporter-3 is not one of --shard.total=3" in err

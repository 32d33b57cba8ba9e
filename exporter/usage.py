"""The grammar of the command line: commands, help, and mistakes in words."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from exporter import __version__, options
from exporter.errors import UsageError
from exporter.flags import Flag, Parser, add_flags
from exporter.simulator.staff_list import SHAPES
from exporter.words import did_you_mean, show_word

_PROGRAM = "ringostat-exporter"
_PSEUDONYM = "pseudonym"
_DESCRIPTION = """\
Prometheus exporter for the employee statuses of Ringostat Smart Phone.

It polls the daily status reports of the configured projects in the background and
serves the newest values at /metrics. A scrape never waits for Ringostat.

  ringostat-exporter --demo        try it with a simulated contact centre, without an account
  ringostat-exporter check         validate the configuration, show what would be polled
  ringostat-exporter               poll and serve until SIGTERM or SIGINT
"""
_EPILOG = """\
Every flag can also be set by the environment variable RINGOSTAT_EXPORTER_<FLAG>, with "_" for
dots and dashes, for example RINGOSTAT_EXPORTER_WEB_LISTEN_ADDRESS. The flag wins.

The page shows people's names and working time, so it is served on loopback only, unless
--web.listen-address says otherwise.

Exit codes: 0 clean stop; 1 the command itself failed or was interrupted; 2 bad usage or
configuration; 3 the address cannot be bound.
"""
_DATES = """\
A DATE is YYYY-MM-DD, today, yesterday, or -N for N days ago, in each project's own time zone.
"""
_SIMULATE_MORE = """\
It answers POST /rsp-api-v3 and /api/json-rpc, GET /sipstatus/online and /sipstatus/speaking.

Keys: the --auth-key is accepted for all projects, and its /sipstatus/* list the accounts of
all. Each project has a key of its own, the --auth-key and its id (demo-key-68861): 403 for the
methods of another, and /sipstatus/* list the accounts of its own.

Kinds of --fault: an HTTP status (400 401 403 429 500 503), cut, documented (the
sample reply of the API's documentation, which is not JSON), drip, empty, frozen, hang,
html, rpc-error.

METHODS of --fault.method: getCustomStatuses, getSipStatusDailyReport,
getProjectStaffListAndDirections, sipstatus/online, sipstatus/speaking.

Shapes of --staff.shape:
""" + "\n".join(f"  {shape:<20}{text}" for shape, text in SHAPES.items())


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: As it is typed.
        flags: Its own.
        help: What it does, in one line.
        more: What its help says at the end.
        argument: What stands on the line beside flags, and what that is; empty: nothing. It is
            somebody's name, so no message quotes it.
    """

    name: str
    flags: tuple[Flag, ...]
    help: str
    more: str = ""
    argument: tuple[str, str] | tuple[()] = ()


_COMMANDS = (
    Command("check", options.CHECK, "validate the configuration and show what would be polled"),
    Command(
        "simulate",
        options.SIMULATE,
        "serve the simulated Ringostat API alone, for test stands",
        _SIMULATE_MORE,
    ),
    Command(
        "once",
        options.ONCE,
        "poll every project once and print the result",
        _DATES + "--date excludes --window and --format=prometheus.",
    ),
    Command(
        "timesheet",
        options.TIMESHEET,
        "write hours per person and day as a file that people calculate with",
        _DATES + "docs/closed-days.md explains the columns.",
    ),
    Command(
        "backfill",
        options.BACKFILL,
        "write past days as OpenMetrics for promtool tsdb create-blocks-from",
        _DATES + "docs/backfill.md explains how to load the files.",
    ),
    Command(
        "capture",
        options.CAPTURE,
        "print one raw reply with names and key replaced, for a bug report",
    ),
    Command(
        _PSEUDONYM,
        options.PSEUDONYM,
        "print the pseudonym that stands for a name or login",
        "It is computed from the name and the key of employees.pseudonym_key_file. Ringostat is\n"
        "not asked, so a name that nobody has gets one too. Write the name as Ringostat does;\n"
        "blanks around it and double ones do not count, capitals do. If the projects have\n"
        "different keys, or some have none, each that has one is a line: PROJECT: p-XXXXXXXX.\n\n"
        "  ringostat-exporter pseudonym 'Ann Lee'\n"
        "  ringostat-exporter pseudonym --project=Sales -- '-odd name'\n\n"
        "A shell keeps what is typed in its history, and other users of the machine may see it\n"
        "while the command runs. docs/personal-data.md says who should look somebody up.",
        ("NAME", "an employee's name or a SIP login, in quotes if it has blanks"),
    ),
    Command("healthcheck", options.HEALTHCHECK, "ask /-/healthy of a running exporter"),
)


def parse(arguments: Sequence[str]) -> dict[str, Any]:
    """What was given: `command`, and the flags by their keys; not more than was given.

    Raises:
        UsageError: The command line is invalid.
        SystemExit: Help or the version was asked for, and is printed.
    """
    _check_flags(arguments)
    try:
        given, rest = _make_parser().parse_known_args(arguments)
    except UsageError as error:
        if _PSEUDONYM in arguments and "invalid choice" in str(error):
            raise UsageError(f"NAME must come after {_PSEUDONYM}; see {_PROGRAM} --help") from None
        raise
    if rest:
        raise UsageError(f"{_misplaced(rest[0], given.command)}; see {_PROGRAM} --help")
    return vars(given)


def _misplaced(argument: str, name: str | None) -> str:
    """What is wrong with an argument that only another command, or another place, may have."""
    flag = argument.partition("=")[0]
    if name == _PSEUDONYM and flag not in _known_flags():
        return "there is more than one NAME; put quotes around a name of several words"
    if not flag.startswith("-"):
        return f"unexpected argument {show_word(argument)}"
    own = next((command.flags for command in _COMMANDS if command.name == name), ())
    if any(flag in _spellings(one) for one in own):
        return f"{flag} must come after {name}"
    return f"{flag} is not a flag of {name}" if name else f"{flag} is a flag of a command"


def _check_flags(arguments: Sequence[str]) -> None:
    """Complains of a flag that no command has.

    argparse would take the value that follows it for a command, and complain of that.
    """
    known = _known_flags()
    for argument in arguments:
        if argument == "--":
            return
        name = argument.partition("=")[0]
        # A value may begin with a dash too: a number, or words.
        if name in known or not name.startswith("-") or not name.lstrip("-")[:1].isalpha():
            continue
        if " " not in name:
            guess = did_you_mean(f"--{name.lstrip('-')}", sorted(known))
            if _PSEUDONYM in arguments:  # it may be a name
                hint = "a NAME that begins with a dash comes after --"
                raise UsageError(f"unknown flag{guess}; {hint}; see {_PROGRAM} --help")
            raise UsageError(f"unknown flag {show_word(name)}{guess}; see {_PROGRAM} --help")


def _known_flags() -> set[str]:
    known = {"-h", "--help", "--version"}
    for flags in (options.SERVE, *(command.flags for command in _COMMANDS)):
        known.update(name for flag in flags for name in _spellings(flag))
    return known


def _spellings(flag: Flag) -> Iterator[str]:
    yield f"--{flag.name}"
    if flag.boolean:
        yield f"--no-{flag.name}"


def _make_parser() -> Parser:
    parser = Parser(
        prog=_PROGRAM,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{_PROGRAM} {__version__}")
    add_flags(parser, options.SERVE)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in _COMMANDS:
        added = commands.add_parser(
            command.name,
            help=command.help,
            description=command.help[0].upper() + command.help[1:] + ".",
            epilog=command.more,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        add_flags(added, command.flags)
        if command.argument:
            metavar, text = command.argument
            added.add_argument("argument", metavar=metavar, help=text)
    return parser

"""All flags, and which of them each command has."""

from dataclasses import replace

from exporter.days import parse_day
from exporter.flags import Flag, label, number, one_of, url_path, whole_number
from exporter.ringostat.calls import METHODS

FORMATS = ("prometheus", "table", "json", "csv")
SHEET_FORMATS = ("csv", "xlsx", "json", "table")
LAYOUTS = ("wide", "long")
UNITS = ("seconds", "hours", "h:mm")

CONFIG = Flag("config.file", "config.yaml", "the configuration file", metavar="FILE")
LOG_LEVEL = Flag(
    "log.level",
    "info",
    "how much to log: debug, info, warn or error",
    one_of("debug", "info", "warn", "error"),
    "LEVEL",
)
LOG_FORMAT = Flag("log.format", "logfmt", "logfmt or json", one_of("logfmt", "json"), "FORMAT")
LISTEN = Flag(
    "web.listen-address",
    "127.0.0.1:10105",
    "the address to serve on; repeatable; :10105 is every interface, port 0 picks a free one",
    metavar="ADDRESS",
    repeatable=True,
)
WEB_CONFIG = Flag(
    "web.config.file",
    None,
    "TLS and basic auth, in the format of exporter-toolkit",
    metavar="FILE",
)
SHARD_TOTAL = Flag(
    "shard.total", "1", "the number of processes that share the projects", whole_number, "N"
)
SHARD_INDEX = Flag(
    "shard.index",
    "0",
    "which of the --shard.total shards this process is, from 0; if unset, the number at the end "
    "of a StatefulSet pod's host name",
    whole_number,
    "I",
)
LOGGING = (LOG_LEVEL, LOG_FORMAT)
SHARDS = (SHARD_TOTAL, SHARD_INDEX)

SERVE = (
    CONFIG,
    Flag(
        "demo",
        None,
        "poll a built-in simulated contact centre, without a configuration",
        boolean=True,
    ),
    LISTEN,
    Flag("web.telemetry-path", "/metrics", "the path of the metrics", url_path, "PATH"),
    WEB_CONFIG,
    Flag(
        "web.allowed-host",
        None,
        "a name that a listener on loopback also answers to, beside localhost; repeatable",
        metavar="HOST",
        repeatable=True,
    ),
    Flag("web.enable-lifecycle", None, "allow POST and PUT to /-/reload", boolean=True),
    *SHARDS,
    *LOGGING,
)
PROJECT = Flag("project", None, "the name or id of a project", metavar="PROJECT")
CHECK = (
    CONFIG,
    Flag("live", None, "also ask Ringostat and explain each answer", boolean=True),
    *SHARDS,
    *LOGGING,
)
PROJECTS = replace(
    PROJECT, help="the name or id of a project; repeatable; all by default", repeatable=True
)
DAYS = (
    Flag("from", None, "the first day", parse_day, "DATE"),
    Flag("to", None, "the last day, inclusive", parse_day, "DATE"),
)
ONCE = (
    CONFIG,
    Flag("format", "table", "prometheus, table, json or csv", one_of(*FORMATS), "FORMAT"),
    PROJECTS,
    Flag(
        "window",
        None,
        "a window, instead of the configured ones; repeatable",
        metavar="WINDOW",
        repeatable=True,
    ),
    Flag("date", None, "one day, instead of the configured windows", parse_day, "DATE"),
    *SHARDS,
    *LOGGING,
)
TIMESHEET = (
    CONFIG,
    *DAYS,
    PROJECTS,
    Flag(
        "format",
        None,
        "csv, xlsx, json or table; if unset, by the ending of --output, else csv",
        one_of(*SHEET_FORMATS),
        "FORMAT",
    ),
    Flag("output", "-", "the file to write, or - for stdout", metavar="FILE"),
    Flag(
        "layout",
        "wide",
        "a column a status (wide) or a row a status (long)",
        one_of(*LAYOUTS),
        "LAYOUT",
    ),
    Flag(
        "unit",
        None,
        "seconds, hours or h:mm; seconds by default, h:mm in a table",
        one_of(*UNITS),
        "UNIT",
    ),
    *SHARDS,
    *LOGGING,
)
BACKFILL = (
    CONFIG,
    *DAYS,
    PROJECTS,
    Flag("output", "backfill", "the folder to write to, or - for stdout", metavar="DIR"),
    Flag("label", None, "a label of live scrapes, NAME=VALUE; repeatable", label, "LABEL", True),
    *SHARDS,
    *LOGGING,
)
CAPTURE = (
    CONFIG,
    replace(PROJECT, help="the name or id of the project; the first by default"),
    Flag("method", METHODS[1], " or ".join(METHODS), one_of(*METHODS), "METHOD"),
    *LOGGING,
)
PSEUDONYM = (
    CONFIG,
    replace(PROJECT, help="the name or id of the project whose key is used; all by default"),
)
HEALTHCHECK = (LISTEN,)
SIMULATE = (
    replace(LISTEN, default="127.0.0.1:10106"),
    Flag(
        "auth-key",
        "demo-key",
        "the key that is accepted for all projects; KEY-68861 and the like for one",
        metavar="KEY",
    ),
    Flag("seed", "1", "each number makes a different contact centre", whole_number, "N"),
    Flag("latency", "0s", "the delay before each answer", metavar="DURATION"),
    Flag("fault", None, "a kind of fault; repeatable; see below", metavar="KIND", repeatable=True),
    Flag(
        "fault.method",
        None,
        "a method whose requests fail; repeatable; all if unset; see below",
        metavar="METHOD",
        repeatable=True,
    ),
    Flag("fault.rate", "1", "the share of requests that fail, from 0 to 1", number, "SHARE"),
    Flag(
        "fault.project",
        None,
        "a project whose requests fail; repeatable; all if unset; of /sipstatus/* by the key's "
        "project, which the key for all projects has not",
        whole_number,
        "ID",
        repeatable=True,
    ),
    Flag(
        "fault.retry-after",
        "30",
        "the Retry-After of a 429; empty for none",
        metavar="VALUE",
        may_be_empty=True,
    ),
    Flag(
        "forbid",
        None,
        "what is answered with 403 as if no key may: staff or sip; repeatable",
        metavar="WHAT",
        repeatable=True,
    ),
    Flag("staff.shape", "keyed", "the shape of the staff list; see below", metavar="SHAPE"),
    *LOGGING,
)

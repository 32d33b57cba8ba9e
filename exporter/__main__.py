"""`python -m exporter` and the console script `ringostat-exporter`: the same program."""

# Not `signal`, which is made of this module and takes a hundredth of a second to import.
import _signal  # type: ignore[import-not-found] # typeshed does not list it
import os
import sys

# Before anything else, since SIGHUP would end the process. A reload that is asked for while the
# program starts would read what is about to be read anyway.
_signal.signal(_signal.SIGHUP, _signal.SIG_IGN)

# Libraries look at these: `ssl` writes the keys of connections to a file, prometheus_client keeps
# metrics in files of a folder, asyncio and uvloop log every callback that is slow.
_NOT_FOR_US = (
    "SSLKEYLOGFILE",
    "PROMETHEUS_MULTIPROC_DIR",
    "prometheus_multiproc_dir",
    "PYTHONASYNCIODEBUG",
)

# What has not done its work when it is stopped; whatever serves is stopped cleanly at any moment.
_COMMANDS = frozenset({"check", "once", "backfill", "capture", "healthcheck"})


def _stop(_signum: int, _frame: object) -> None:
    # A stop that arrives while the program is still importing is a clean stop, not exit 143.
    # An exception could be raised inside of any library's import, and be swallowed there.
    if _COMMANDS.isdisjoint(sys.argv[1:]):
        os._exit(0)
    try:
        os.write(2, b"ringostat-exporter: interrupted\n")
    finally:  # stderr may be closed
        os._exit(1)


def _shut_the_environments_doors() -> None:
    for name in _NOT_FOR_US:
        os.environ.pop(name, None)
    # PYTHONWARNINGS=error would make an exception of every library's notice to developers.
    if sys.warnoptions:
        import warnings

        warnings.simplefilter("ignore")


def main() -> None:
    """Runs the command line and exits with its code."""
    _signal.signal(_signal.SIGTERM, _stop)
    _signal.signal(_signal.SIGINT, _stop)
    _shut_the_environments_doors()
    from exporter.cli import run

    try:
        code = run(sys.argv[1:])
    except BrokenPipeError:  # who read our answer has gone
        code = 1
    except SystemExit as ended:  # help or the version, printed by argparse
        code = int(ended.code or 0)
    try:
        print(end="", flush=True)
    except (OSError, ValueError):  # a command has said so; help has not
        code = code or 1
    # Threads that wait for a name server are nobody's to end; an ordinary exit would join them.
    os._exit(code)


if __name__ == "__main__":
    main()

"""`python -m exporter` and the console script `ringostat-exporter`: the same program."""

import os
import signal
import sys
from types import FrameType


def _stop(_signum: int, _frame: FrameType | None) -> None:
    # A stop that arrives while the program is still importing is a clean stop, not exit 143.
    # An exception could be raised inside of any library's import, and be swallowed there.
    os._exit(0)


def main() -> None:
    """Runs the command line and exits with its code."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    # A reload that is asked for now would read what is about to be read anyway.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    from exporter.cli import run

    try:
        code = run(sys.argv[1:])
        print(end="", flush=True)
    except BrokenPipeError:  # who read our answer has gone
        code = 1
    # Threads that wait for a name server are nobody's to end; an ordinary exit would join them.
    os._exit(code)


if __name__ == "__main__":
    main()

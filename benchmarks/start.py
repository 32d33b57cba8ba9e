"""Row 11: from the start of the process to `listening`, with `--demo`."""

import sys
import time

from benchmarks.measure import running, table


def main() -> None:
    found = []
    for _ in range(11):
        started = time.perf_counter()
        command = [sys.executable, "-m", "exporter", "--demo", "--web.listen-address=127.0.0.1:0"]
        with running(*command, ready="listening"):
            found.append(time.perf_counter() - started)
    table(
        "11. Start to `listening`, with --demo",
        [("", "s"), ("median of 11 (target 1)", f"{sorted(found)[5]:.2f}")],
    )


if __name__ == "__main__":
    main()

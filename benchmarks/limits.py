"""What the default limits are worth: memory under hostile answers, and the neighbour's pace.

`python -m benchmarks.limits [KIND ...]`: for each kind of answer the exporter polls two projects
every second for a while; one is answered with what benchmarks/hostile.py calls that kind.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.hostile import KINDS
from benchmarks.measure import ROOT, memory, running, table
from benchmarks.scrape import fetch

_SECONDS = {"new-names": 600}
# Kinds that the default of `max_response_bytes` would refuse before they are read.
_RAISED = {"empty-keys-8": 9 << 20, "5000x64": 16 << 20, "catalog": 8 << 20}


def measure(kind: str, seconds: int) -> tuple[str, ...]:
    """Peak and last RSS in MB, the neighbour's longest pause and what came of the polls."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.hostile", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as upstream,
    ):
        assert upstream.stdout
        assert upstream.stdin
        try:
            port = upstream.stdout.readline().split()[1]
            config = Path(folder) / "config.yaml"
            limit = _RAISED.get(kind)
            more = f", max_response_bytes: {limit}" if limit else ""
            config.write_text(
                f"api: {{base_url: 'http://127.0.0.1:{port}', requests_per_second: 100{more}}}\n"
                "defaults: {interval: 1s, catalog_interval: 1s, timezone: UTC}\n"
                "projects: [{id: 1, auth_key: k}, {id: 2, auth_key: k}]\n"
            )
            command = [sys.executable, "-m", "exporter", f"--config.file={config}"]
            with running(*command, "--web.listen-address=127.0.0.1:0", ready="listening") as (
                process,
                line,
            ):
                address = re.search(r"address=(\S+)", line)
                assert address
                started = memory(process.pid)
                ends = time.monotonic() + seconds
                while time.monotonic() < ends:
                    time.sleep(1)
                    fetch(f"http://{address[1]}/metrics", **{"Accept-Encoding": "gzip"})
                page = fetch(f"http://{address[1]}/metrics").decode()
                up = re.search(r'ringostat_up\{project="1"\} (\S+)', page)
                peak, now = memory(process.pid, "VmHWM"), memory(process.pid)
            upstream.stdin.write("\n")
            upstream.stdin.flush()
            longest = upstream.stdout.readline().split()[1]
        finally:
            upstream.terminate()
    return kind, f"{started:.0f}", f"{peak:.0f}", f"{now:.0f}", longest, up[1] if up else "-"


def main() -> None:
    kinds = sys.argv[1:] or [*KINDS, "catalog"]
    table(
        "Limits: two projects asked every second, one of them hostile",
        [
            ("answers", "RSS at the start, MB", "peak", "last", "neighbour's pause, s", "up"),
            *(measure(kind, _SECONDS.get(kind, 20)) for kind in kinds),
        ],
    )


if __name__ == "__main__":
    main()

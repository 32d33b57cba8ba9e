"""The one-off commands as a shell starts them, against an API whose words are hostile."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.http_api import Answer, api_of
from tests.support.processes import ROOT, coverage_environment

PROGRAM = [sys.executable, "-m", "exporter"]
FIRST = "2026-03-03"
Done = subprocess.CompletedProcess[bytes]
STATUS = "\x1b[2JNap\ud800"


def reply(asked: dict[str, Any], message: str = "") -> Answer:
    """A report with hostile words, or an error that says something."""
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": asked["id"]}
    if message:
        body["error"] = {"code": -32000, "message": message}
    elif asked["method"] == "getCustomStatuses":
        body["result"] = []
    else:
        body["result"] = [{"employee": "=Олена", "online": "01:00:00", STATUS: "00:00:05"}]
    return 200, {}, json.dumps(body).encode()


@contextmanager
def config(folder: Path, answer: Callable[[dict[str, Any]], Answer] = reply) -> Iterator[Path]:
    with api_of(answer) as url:
        path = folder / "config.yaml"
        path.write_text(
            f"api: {{base_url: '{url}', requests_per_second: 500}}\n"
            "projects: [{id: 68861, name: Продажі, auth_key: KEY-canary, timezone: UTC}]\n",
            encoding="utf-8",
        )
        yield path


def run(
    *arguments: str, shell: str = "", before: Callable[[], None] | None = None, **environment: str
) -> Done:
    """A command as a shell starts it, with a redirection behind it."""
    words = " ".join(f"'{word}'" for word in [*PROGRAM, *arguments])
    return subprocess.run(
        ["bash", "-c", f"{words} {shell}"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=before,
        env={"PATH": os.environ["PATH"], **coverage_environment(), **environment},
    )


def backfill(path: Path, output: Path, last: str = "2026-03-05") -> list[str]:
    return [
        "backfill",
        f"--config.file={path}",
        f"--from={FIRST}",
        f"--to={last}",
        f"--output={output}",
    ]

"""axe-core in headless Chromium: what of a page keeps somebody from reading it."""

import html
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.chromium import FLAGS
from tests.support.processes import need

_VERSION = "4.14.1"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ringostat-exporter"
# A frame of the wanted width, since a window is never narrower than 500 px; it tells its parent.
_FRAME = """<!doctype html><title>frame</title>
<iframe src="page.html" style="border: 0; width: {width}px; height: 900px"></iframe>
<pre id="told"></pre>
<script>addEventListener("message", (event) => {{ told.textContent = event.data; }});</script>
"""
_LOOK = """<script src="axe.js"></script><script>
const rules = {"target-size": {enabled: true}};
addEventListener("load", () => axe.run({rules}).then((found) => parent.postMessage(JSON.stringify({
  violations: found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
  passes: found.passes.map((one) => one.id),
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
  width: innerWidth,
  overflow: document.documentElement.scrollWidth > innerWidth,
}), "*")));
</script></body>"""


def axe_source() -> Path:
    """axe.min.js of the npm registry, kept in the user's cache; without it the test is skipped."""
    folder = _CACHE / f"axe-core-{_VERSION}"
    source = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("npm is not installed, which fetches axe-core")
        folder.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit"]
        done = subprocess.run(
            [*install, f"axe-core@{_VERSION}"], capture_output=True, text=True, timeout=120
        )
        if done.returncode:
            pytest.skip(f"axe-core cannot be fetched: {done.stderr[-200:]}")
    return source


def look_at(folder: Path, page: str, width: int, *, dark: bool) -> dict[str, Any]:
    """What axe finds on a page that is so many pixels wide, and whether its content is wider."""
    (folder / "axe.js").write_bytes(axe_source().read_bytes())
    (folder / "page.html").write_text(page.replace("</body>", _LOOK), "utf-8")
    (folder / "frame.html").write_text(_FRAME.format(width=width), "utf-8")
    done = subprocess.run(
        [
            need("chromium"),
            *FLAGS,
            f"--user-data-dir={folder}/profile",
            f"--window-size={max(width, 500)},1000",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            "--virtual-time-budget=20000",
            "--dump-dom",
            (folder / "frame.html").as_uri(),
        ],
        capture_output=True,
        timeout=60,
        check=True,
    )
    told = re.search(r'<pre id="told">(.+?)</pre>', done.stdout.decode(), re.DOTALL)
    assert told, done.stdout[-500:]
    found: dict[str, Any] = json.loads(html.unescape(told[1]))
    return found

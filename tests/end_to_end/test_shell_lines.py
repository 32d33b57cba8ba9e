"""Every shell line of README and docs that can run here is run; the others say why not."""

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import ROOT, address_of, process, simulate
from tests.support.pseudonyms import KEY

# Their blocks are queries; test_paper.py parses those.
QUERIES = ("metrics.md", "runbook.md")
DOCS = sorted(path for path in (ROOT / "docs").glob("*.md") if path.name not in QUERIES)
FILES = ("README.md", *(f"docs/{path.name}" for path in DOCS))
# How a shell line begins, and why it does not run here (None: it does).
WHY_NOT: dict[str, str | None] = {
    "ringostat-exporter": None,
    "make demo": "listens on a fixed port; test_serving.py runs what it runs",
    "make test": "is what runs this",
    "python3 -m pip install": "test_package.py installs the wheel without an index",
    "python3 -m venv": "writes to /opt",
    "/opt/": "the line before made it",
    "export RINGOSTAT_AUTH_KEY": "is in the environment of the lines behind it",
    "install ": "writes to /etc",
    "cp ": "writes to /etc",
    "systemctl": "no systemd runs here; test_systemd.py checks the unit",
    "chown": "there is no such user",
    "deploy/load-history.sh": "test_history.py runs it on blocks of its own",
    "docker": "no Docker here; deploy/try-image.sh builds and runs the image in CI",
    "-v ./config.yaml": "the second half of a docker line",
    "curl -X POST": "deletes series of a Prometheus with its admin interface on",
}


def blocks(text: str) -> Iterator[str]:
    """Lines of indented blocks, without those of fenced ones."""
    without_fences = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"^(?: {4}| {6})(\S.*)$", without_fences, re.MULTILINE)


def shell_lines() -> list[tuple[str, str]]:
    """File and line, of what a shell is meant to run."""
    return [
        (name, re.sub(r"\s{2,}#.*", "", line))
        for name in FILES
        for line in blocks((ROOT / name).read_text("utf-8"))
        if re.match(r"[a-z/.-]+[ /]", line) and "(" not in line.split()[0]
    ]


def beginning(line: str) -> str | None:
    return next((one for one in WHY_NOT if line.startswith(one)), None)


def test_every_line_is_known() -> None:
    """Each shell line of the documents is run here or has a reason why not."""
    lines = shell_lines()
    assert len(lines) > 15
    for name, line in lines:
        assert beginning(line), f"{name}: {line}"


RUNNING = [line for _, line in shell_lines() if line.startswith("ringostat-exporter")]


@pytest.mark.parametrize("line", sorted(set(RUNNING)))
def test_it_runs_as_it_stands(tmp_path: Path, line: str) -> None:
    """With the README's configuration, and the simulated API in Ringostat's place."""
    readme = (ROOT / "README.md").read_text("utf-8")
    block = re.search(r"```yaml\n# config\.yaml\n(.*?)```", readme, re.DOTALL)
    assert block
    with simulate("--auth-key=KEY-readme") as api:
        head = f"api: {{base_url: 'http://{address_of(api)}', requests_per_second: 500}}\n"
        words = shlex.split(line)[1:]
        if "pseudonym" in words:
            (tmp_path / "names-key").write_bytes(KEY)
            head += "defaults: {employees: {pseudonym_key_file: names-key}}\n"
        (tmp_path / "config.yaml").write_text(head + block[1])
        serving = not words
        command = [sys.executable, "-m", "exporter", *words]
        if serving:
            command.append("--web.listen-address=127.0.0.1:0")
        with process(command, cwd=tmp_path, RINGOSTAT_AUTH_KEY="KEY-readme") as running:
            if serving:
                address_of(running)
                assert running.stop() == 0
            else:
                running.popen.wait(60)
                assert running.stop() == 0, running.lines
        assert "KEY-readme" not in "\n".join(running.lines)

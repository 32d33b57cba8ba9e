"""The workflows run nothing that others could exchange, and may do no more than they must."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
FILES = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
# job -> what it may write, by workflow. A new right is a decision, so it is written down here.
WRITES = {
    "release.yaml": {
        "attest": {"id-token", "attestations"},
        "pypi": {"id-token"},
        "image": {"packages"},
    }
}


def workflow(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def runs(path: Path) -> list[str]:
    """The shell lines of a workflow."""
    jobs = workflow(path)["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit_with_the_version_beside(path: Path) -> None:
    """A tag may be moved to other code; 40 hex digits may not. People read the comment."""
    lines = [line for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert lines
    for line in lines:
        assert re.fullmatch(r"\s+- uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), (
            line
        )


def test_one_action_has_one_commit() -> None:
    """All uses of an action are of the same version."""
    text = "".join(path.read_text("utf-8") for path in FILES)
    pins = set(re.findall(r"uses: (\S+)@(\w+) # (\S+)", text))
    assert len(pins) == len({action for action, _, _ in pins})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_job_may_write_only_what_is_written_down_here(path: Path) -> None:
    """The workflow may read the code alone; each job names its rights, and its longest time."""
    loaded = workflow(path)
    assert loaded["permissions"] == {"contents": "read"}
    for name, job in loaded["jobs"].items():
        writes = {right for right, level in job["permissions"].items() if level != "read"}
        assert writes == WRITES.get(path.name, {}).get(name, set()), name
        assert job["timeout-minutes"] <= 60
        assert not job["runs-on"].endswith("-latest")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_step_keeps_the_token_and_none_takes_words_of_strangers(path: Path) -> None:
    """A checkout leaves no credentials; no shell line holds an expression that an event fills."""
    for job in workflow(path)["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
    assert not any("${{" in line for line in runs(path))
    assert "pull_request_target" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_whatever_is_installed_is_locked(path: Path) -> None:
    """Pip installs by hashes alone, and nothing is built in an environment of its own."""
    for line in runs(path):
        if "pip install" in line:
            assert "--require-hashes -r requirements" in line
        assert "-m build" not in line
    image = (ROOT / "Dockerfile").read_text("utf-8")
    for line in re.findall(r"pip install.*", image):
        assert "--require-hashes" in line or "--no-deps /tmp/wheel/*.whl" in line


def test_every_lock_is_audited_and_has_hashes() -> None:
    """A new lock file is audited from its first day."""
    audit = next(line for line in runs(ROOT / ".github/workflows/ci.yaml") if "pip-audit " in line)
    locks = sorted(path.name for path in ROOT.glob("requirements*.txt"))
    assert len(locks) == 4
    for name in locks:
        assert f"-r {name}" in audit
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip())
        assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


def test_the_locks_name_what_the_project_asks_for() -> None:
    """Build and release tools are in their locks, in one version with those of the tests."""
    versions: dict[str, set[str]] = {}
    for path in ROOT.glob("requirements*.txt"):
        for name, version in re.findall(r"^([\w-]+)==([^ ;]+)", path.read_text(), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {"hatchling", "pip-audit", "uv", "cyclonedx-bom"} <= versions.keys()
    assert all(len(versions[name]) == 1 for name in ("hatchling", "uv"))


def test_the_image_for_arm64_has_an_emulator_and_ci_has_a_browser_that_is_no_snap() -> None:
    """Both failed on the hosted runner only, where no test looks."""
    release = workflow(ROOT / ".github/workflows/release.yaml")["jobs"]["image"]["steps"]
    used = [step.get("uses", "").split("@")[0] for step in release]
    assert used.index("docker/setup-qemu-action") < used.index("docker/build-push-action")
    test = workflow(ROOT / ".github/workflows/ci.yaml")["jobs"]["test"]
    assert test["container"]["image"] == "python:${{ matrix.python }}-bookworm"
    assert [step["run"] for step in test["steps"] if "run" in step] == [".ci/run"]


def test_the_build_tools_of_the_image_build_the_wheel(tmp_path: Path) -> None:
    """The Dockerfile's command, with what is installed here."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert len(list(tmp_path.glob("*.whl"))) == 1

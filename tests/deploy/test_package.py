"""Wheel and sdist: what is in them, and that the wheel runs in a clean environment."""

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from exporter import __version__

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder


def test_the_wheel_has_the_program_its_page_and_its_types(built: Path) -> None:
    """The wheel holds the package with its pages, texts and type marker, and nothing else."""
    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"ringostat_exporter-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(n for n in names if n.endswith("METADATA"))).decode()
        entry = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    pages = {f"exporter/web/{name}" for name in ("status.html", "runbook.html", "page.css")}
    texts = "exporter/web/locale/uk/LC_MESSAGES/ringostat.mo"
    assert {"exporter/py.typed", *pages, texts} <= set(names)
    assert all(name.startswith(("exporter/", "ringostat_exporter-")) for name in names)
    assert "ringostat-exporter = exporter.__main__:main" in entry
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: Apache-2.0" in metadata


def test_the_sdist_has_what_a_packager_needs(built: Path) -> None:
    """The sdist has sources, tests, licence and example, and nothing of a checkout."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    wanted = {"pyproject.toml", "README.md", "LICENSE", "config.yaml", "tests/test_cli.py"}
    assert wanted <= names
    assert not any(name.startswith((".venv", ".git/")) for name in names)


def test_the_wheel_runs_where_nothing_of_the_sources_is(built: Path, tmp_path: Path) -> None:
    """In an environment of its own; the dependencies are those that are installed here."""
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    (wheel,) = built.glob("*.whl")
    site = next((tmp_path / "venv").glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    here = next(Path(one) for one in sys.path if one.endswith("site-packages"))
    # A .pth file adds the installed dependencies behind; the wheel's own package comes first.
    (site / "dependencies.pth").write_text(f"{here}\n")
    program = [str(tmp_path / "venv/bin/python"), "-P", "-m", "exporter"]
    told = subprocess.run(
        [*program, "--version"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told.stdout == f"ringostat-exporter {__version__}\n"
    where = subprocess.run(
        [*program[:2], "-c", "import exporter; print(exporter.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(site))

"""Everybody can read the page: axe-core finds nothing, at a telephone's width and a desk's."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.axe import axe_source, look_at
from tests.support.processes import address_of, exporter, get, need, simulate, wait_for

CONFIG = """
api: {base_url: 'http://%s'}
defaults: {interval: 1s, statuses: {At lunch: {kind: break}, Training: {kind: work}}}
projects:
  - {id: 68861, name: Sales, auth_key: demo-key}
  - {id: 39071, name: "<b>Support & Co</b> with a name that is long", auth_key: demo-key}
  - {id: 52417, name: "\\u05e9\\u05dc\\u05d5\\u05dd", auth_key: demo-key, staff: true}
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An exporter of which one project fails, another's staff list as well, and one is up."""
    need("chromium")
    axe_source()
    path = tmp_path_factory.mktemp("readable") / "config.yaml"
    with simulate("--fault=401", "--fault.project=39071", "--forbid=staff") as api:
        path.write_text(CONFIG % address_of(api))
        with exporter(f"--config.file={path}") as running:
            found = address_of(running)
            wait_for(lambda: 'class="partly"' in page_of(found, "/", "en"), 20, "a staff list")
            # Somebody's status is known once two reports can be compared.
            wait_for(lambda: " now" in page_of(found, "/", "en"), 20, "who is on what")
            yield found


def page_of(address: str, path: str, language: str) -> str:
    return get(address, path, **{"Accept-Language": language})[2].decode()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    ("path", "language"), [("/", "en"), ("/", "uk"), ("/runbook", "en")], ids=str
)
def test_nothing_keeps_anybody_from_reading_it(
    address: str, tmp_path: Path, path: str, language: str, dark: bool, width: int
) -> None:
    """No violation of any rule of axe, contrast included; nothing is wider than the window."""
    found = look_at(tmp_path, page_of(address, path, language), width, dark=dark)
    assert found["violations"] == []
    assert "color-contrast" in found["passes"]
    assert (found["dark"], found["width"], found["overflow"]) == (dark, width, False)


def test_axe_sees_what_is_wrong(address: str, tmp_path: Path) -> None:
    """The same page with a pale text is refused, so that the other tests can fail."""
    pale = re.sub(r"--soft: #\w+", "--soft: #c0c0c0", page_of(address, "/", "en"))
    found = look_at(tmp_path, pale, 1440, dark=False)
    assert [rule for rule, _ in found["violations"]] == ["color-contrast"]

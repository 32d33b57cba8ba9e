"""The configuration: `*.good.yaml` load, each mistake of `*.bad.yaml` is the line that it says.

A bad file ends in comments `# expect: LINE: path: text`, one a mistake, in order.
"""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from exporter.config import load
from exporter.config.api_section import ApiSection
from exporter.errors import ConfigurationError
from exporter.polling.shard import shard_of
from exporter.polling.window import Window

DATA = Path(__file__).parent.parent / "data" / "config"
ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {
    "KEY": "KEY-canary-env",
    "EMPTY": "",
    "ZONE": "Kiev-canary",
    "RINGOSTAT_AUTH_KEY": "k",
}


def mistakes(path: Path) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(path, ENVIRONMENT)
    return [
        line.replace(f"{path}:", "").replace(f": {path.parent}/", ": ")
        for line in caught.value.mistakes
    ]


@pytest.mark.parametrize("path", sorted(DATA.glob("*.bad.yaml")), ids=lambda path: path.name)
def test_every_mistake_has_its_line(path: Path) -> None:
    expected = re.findall(r"^# expect: (.*)$", path.read_text("utf-8"), re.MULTILINE)
    found = mistakes(path)
    assert found == expected
    assert "canary" not in "".join(found)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.good.yaml")), ids=lambda path: path.name)
def test_good_files_load(path: Path) -> None:
    assert load(path, ENVIRONMENT).projects


def test_the_example_at_the_top_loads_and_shows_the_defaults(tmp_path: Path) -> None:
    """config.yaml names every key of `api` and `defaults` with the value it has anyway."""
    example = load(ROOT / "config.yaml", ENVIRONMENT)
    bare = tmp_path / "bare.yaml"
    bare.write_text("projects: [{id: 1, auth_key: k}]")
    least = load(bare, {})
    assert example.api == least.api
    sales = example.projects[0]
    assert sales.zone == ZoneInfo("Europe/Kyiv")
    assert sales.windows == (Window("today"), Window("yesterday"))
    assert sales.key.current().reveal() == "k"
    for name in ("interval", "settled_interval", "catalog_interval", "stale_after", "presence"):
        assert getattr(sales, name) == getattr(least.projects[0], name)
    text = (ROOT / "config.yaml").read_text("utf-8")
    for key in ApiSection.model_fields:
        assert f"\n  {key}:" in text


def test_what_a_project_inherits_and_what_it_says_itself() -> None:
    config = load(DATA / "full.good.yaml", ENVIRONMENT)
    first, second = config.projects
    assert (first.interval, first.settled_interval, first.stale_after) == (30.0, 5400.0, 600.0)
    assert first.zone == ZoneInfo("Europe/Kyiv")
    assert first.shown.exclude == ("AI IVR .*",)
    assert second.interval == 45.0
    assert second.zone == ZoneInfo("America/New_York")
    assert second.windows == (Window("last_7_days"),)
    assert second.name == "39071"
    assert first.key.current().reveal() == "KEY-canary-env"
    assert second.key.current().reveal() == "a$b${c"
    assert config.api.base_url == "http://127.0.0.1:8080"
    assert config.api.requests_per_second == 0.5


def test_a_shard_has_its_projects_alone_and_all_shards_have_each_once(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    entries = ", ".join(f"{{id: {n}, auth_key: k}}" for n in range(1, 60))
    path.write_text(f"projects: [{entries}]")
    config = load(path, {})
    shards = [config.of_shard(index, 3) for index in range(3)]
    for index, shard in enumerate(shards):
        assert shard.api == config.api
        assert [spec for spec in config.projects if shard_of(spec.project_id, 3) == index] == list(
            shard.projects
        )
    assert sum(len(shard.projects) for shard in shards) == len(config.projects)
    assert config.of_shard(0, 1) == config


def test_a_key_file_is_from_the_configurations_folder(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("projects: [{id: 1, auth_key_file: keys/one}]")
    assert mistakes(tmp_path / "config.yaml")[0].endswith(
        "cannot be read: No such file or directory"
    )
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "one").write_text("KEY-canary\nsecond line\n")
    text = mistakes(tmp_path / "config.yaml")[0]
    assert text == "1: projects[0].auth_key_file: keys/one contains white space; a key is one word"
    (tmp_path / "keys" / "one").write_text("KEY-canary\n")
    assert load(tmp_path / "config.yaml", {}).projects[0].key.current().reveal() == "KEY-canary"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"a: \xff", "line 1 is not UTF-8"),
        (b"#" * (1 << 20) + b"\n", "is over 1 MiB"),
    ],
)
def test_a_file_that_is_no_text(tmp_path: Path, content: bytes | None, text: str) -> None:
    path = tmp_path / "config.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load(path, {})
    assert str(caught.value) == f"{path}: {text}"


def test_aliases_cannot_make_it_huge(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    path = tmp_path / "config.yaml"
    path.write_text("\n".join(lines))
    assert mistakes(path)[0] == "1: is too large: its aliases repeat too much"


def test_300_mistyped_zones_are_answered_in_time(tmp_path: Path) -> None:
    """At most 20 suggestions are computed, and at most 100 mistakes are listed."""
    path = tmp_path / "config.yaml"
    entries = "".join(
        f"  - {{id: {n}, auth_key: k, timezone: America/Argentina/Buenas Airs {n}}}\n"
        for n in range(1, 301)
    )
    path.write_text(f"projects:\n{entries}")
    started = time.process_time()
    lines = mistakes(path)
    assert time.process_time() - started < 2
    assert len(lines) == 101
    assert [line for line in lines if "did you mean" in line] == lines[:20]
    assert lines[0].endswith('(did you mean "America/Argentina/Buenos_Aires"?)')
    assert lines[99].startswith('101: projects[99].timezone: unknown time zone "America/')
    assert lines[100] == "… and 200 more"


def test_one_mistyped_zone_of_all_projects_has_its_suggestion_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    entries = "".join(f"  - {{id: {n}, auth_key: k, timezone: Kiev}}\n" for n in range(1, 51))
    path.write_text(f"projects:\n{entries}")
    lines = mistakes(path)
    assert len(lines) == 50
    assert all(line.endswith('"Kiev" (did you mean "Europe/Kyiv"?)') for line in lines)


def test_a_file_of_unknown_keys_alone_is_answered_in_time(tmp_path: Path) -> None:
    """Noting a mistake costs the same however many there are."""
    path = tmp_path / "config.yaml"
    keys = "".join(f"intervall{n}: 1\n" for n in range(20_000))
    path.write_text(f"projects: [{{id: 1, auth_key: k}}]\n{keys}")
    started = time.process_time()
    lines = mistakes(path)
    assert time.process_time() - started < 5
    assert (len(lines), lines[100]) == (101, "… and 19900 more")


def test_a_project_without_a_timezone_is_a_warning_that_names_the_one_taken(
    tmp_path: Path,
) -> None:
    path = tmp_path / "config.yaml"
    projects = "projects: [{id: 1, auth_key: k}, {id: 2, auth_key: k, timezone: Europe/Kyiv}]\n"
    path.write_text(projects)
    (warning,) = load(path, {}).warnings
    assert warning.startswith(
        "project 1: timezone is not set, so days begin at midnight in UTC; set it"
    )
    assert load(path, {}).of_shard(shard_of(2, 2), 2).warnings == [warning] * (
        shard_of(1, 2) == shard_of(2, 2)
    )
    many = ", ".join(f"{{id: {n}, auth_key: k}}" for n in range(1, 16))
    path.write_text(f"projects: [{many}]")
    (warning,) = load(path, {}).warnings
    assert warning.startswith("projects 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 5 more: timezone is")
    path.write_text(f"{projects}defaults: {{timezone: Europe/Rome}}")
    assert load(path, {}).warnings == []


def test_a_number_of_5000_digits_is_one_line(tmp_path: Path) -> None:
    """Python itself refuses to read it, in words that are not ours."""
    path = tmp_path / "config.yaml"
    path.write_text(
        f"projects: [{{id: {'6' * 5000}, auth_key: k}}]\napi: {{requests_per_second: {'1' * 400}}}"
    )
    assert mistakes(path) == [
        "1: projects[0].id: is over 18 digits long",
        "2: api.requests_per_second: is over 18 digits long",
    ]


def test_a_secret_in_the_wrong_key_is_not_quoted_where_a_variable_put_it(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("projects: [{id: 1, auth_key_file: '${KEY}'}]")
    assert mistakes(path) == [
        "1: projects[0].auth_key_file: cannot be read: No such file or directory"
    ]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_configuration_that_is_no_file_is_one_line(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "config.yaml")
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path / "config.yaml", {})
    assert str(caught.value) == f"{tmp_path / 'config.yaml'}: is not a regular file"


def test_it_warns_of_more_than_the_limit_allows() -> None:
    config = load(DATA / "full.good.yaml", ENVIRONMENT)
    assert config.warnings == []
    hungry = load(DATA / "hungry.good.yaml", ENVIRONMENT)
    assert hungry.requests_per_second == pytest.approx(2 + 2 / 900 + 1 / 3600)
    assert len(hungry.warnings) == 3
    assert "needs 2.00 requests per second, but api.requests_per_second is 1" in hungry.warnings[0]

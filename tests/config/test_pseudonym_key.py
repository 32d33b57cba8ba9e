"""`employees.pseudonym_key_file`: mistakes, the key of `defaults`, and who may read the file."""

from pathlib import Path

import pytest

from exporter.config import Config, load
from exporter.errors import ConfigurationError
from tests.support.pseudonyms import ANN, ANOTHER_ANN, ANOTHER_KEY, KEY

KYIV = "defaults: {timezone: Europe/Kyiv, employees: {exclude: [Zoe]%s}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, key in (("key", KEY), ("other", ANOTHER_KEY)):
        (tmp_path / name).write_bytes(key)
        (tmp_path / name).chmod(0o600)
    return tmp_path


def loaded(folder: Path, *employees: str, defaults: str = "") -> Config:
    """Projects with these `employees`, after `defaults`."""
    entries = "".join(
        f"  - {{id: {number}, auth_key: k{own and f', employees: {own}'}}}\n"
        for number, own in enumerate(employees, 1)
    )
    (folder / "config.yaml").write_text(KYIV % defaults + f"projects:\n{entries}")
    return load(folder / "config.yaml", {"KEY": "KEY-canary"})


def labels(config: Config) -> list[str]:
    return [spec.names().label("Ann") for spec in config.projects]


def test_without_a_key_names_are_shown(folder: Path) -> None:
    assert (
        labels(loaded(folder, "", "{pseudonym_key_file: null}", "{include: [A.*]}")) == ["Ann"] * 3
    )


def test_a_project_has_the_key_of_defaults_unless_it_says_otherwise(folder: Path) -> None:
    """A list of its own, or an empty section, does not show what `defaults` hide; null does."""
    config = loaded(
        folder,
        "",
        "{include: [A.*]}",
        "{}",
        "{pseudonym_key_file: other}",
        "{pseudonym_key_file: null}",
        defaults=", pseudonym_key_file: key",
    )
    assert labels(config) == [ANN, ANN, ANN, ANOTHER_ANN, "Ann"]
    assert [spec.shown.exclude for spec in config.projects] == [("Zoe",), (), (), (), ()]
    assert [spec.shown.include for spec in config.projects][1] == ("A.*",)
    # One value, looked at once, for however many projects.
    assert config.projects[0].pseudonyms is config.projects[2].pseudonyms


def test_the_path_is_from_the_configurations_folder(folder: Path) -> None:
    (folder / "keys").mkdir()
    (folder / "key").rename(folder / "keys" / "one")
    config = loaded(folder, "{pseudonym_key_file: keys/one}")
    assert config.projects[0].pseudonyms is not None
    assert config.projects[0].pseudonyms.path == folder / "keys" / "one"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"canary", "is shorter than 16 bytes"),
        (b"canary" * 1000, "is over 4 KiB"),
    ],
)
def test_a_file_that_is_no_key_is_one_line(
    folder: Path, content: bytes | None, words: str
) -> None:
    """In `defaults` as well as in a project, and never with the content."""
    (folder / "key").unlink()
    if content is not None:
        (folder / "key").write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        loaded(folder, "{pseudonym_key_file: key}", defaults=", pseudonym_key_file: key")
    where = folder / "config.yaml"
    assert caught.value.mistakes == (
        f"{where}:1: defaults.employees.pseudonym_key_file: {folder}/key {words}",
        f"{where}:3: projects[0].employees.pseudonym_key_file: {folder}/key {words}",
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("[key]", "pseudonym_key_file: must be a file name"),
        ("{key: 1}", "pseudonym_key_file: must be a file name"),
        ("'${KEY}'", "pseudonym_key_file: cannot be read: No such file or directory"),
    ],
)
def test_a_value_that_is_no_file_name(folder: Path, value: str, words: str) -> None:
    """A secret that a variable put in its place is not quoted."""
    with pytest.raises(ConfigurationError) as caught:
        loaded(folder, f"{{pseudonym_key_file: {value}}}")
    (mistake,) = caught.value.mistakes
    assert mistake.endswith(f"projects[0].employees.{words}")
    assert "canary" not in mistake


def test_a_mistyped_key_has_a_suggestion(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match=r'\(did you mean "pseudonym_key_file"\?\)$'):
        loaded(folder, "{pseudonym_keyfile: key}")


def test_a_file_that_others_may_read_is_a_warning_with_what_to_do(folder: Path) -> None:
    """One a file; what the group may do is the owner's decision."""
    four = ("", "{include: [A.*]}", "{pseudonym_key_file: other}", "{pseudonym_key_file: null}")
    (folder / "other").chmod(0o640)
    assert loaded(folder, *four, defaults=", pseudonym_key_file: key").warnings == []
    (folder / "key").chmod(0o604)
    (folder / "other").chmod(0o644)
    warnings = loaded(folder, *four, defaults=", pseudonym_key_file: key").warnings
    assert warnings == [
        f"projects 1, 2: others on this machine may read {folder}/key, and so find out whose a "
        f"pseudonym is; run chmod o-r {folder}/key",
        f"project 3: others on this machine may read {folder}/other, and so find out whose a "
        f"pseudonym is; run chmod o-r {folder}/other",
    ]

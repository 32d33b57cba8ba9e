"""`pseudonym NAME`: what it prints, and that no mistake of it quotes the name."""

from pathlib import Path

import pytest

from exporter.cli import run
from tests.support.pseudonyms import ANN, ANOTHER_ANN, ANOTHER_KEY, KEY, LOGIN, OLENA

NAME = "Vera Canary"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "key").write_bytes(KEY + b"\n")
    (tmp_path / "other").write_bytes(ANOTHER_KEY)
    return tmp_path


def write(folder: Path, *keys: str) -> str:
    """A configuration of projects A, B ... with these key files; returns the flag for it."""
    entries = "".join(
        f"  - {{id: {number}, name: {chr(64 + number)}, auth_key: k, "
        f"employees: {{exclude: ['Ann.*'], pseudonym_key_file: {key}}}}}\n"
        for number, key in enumerate(keys, 1)
    )
    (folder / "config.yaml").write_text(f"projects:\n{entries}")
    return f"--config.file={folder}/config.yaml"


def call(capsys: pytest.CaptureFixture[str], *arguments: str, **env: str) -> tuple[int, str, str]:
    code = run(["pseudonym", *arguments], env)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("name", "pseudonym"),
    [
        ("Ann", ANN),
        (" Олена  Шевченко ", OLENA),
        ("ann@example.com", LOGIN),
    ],
)
def test_a_name_or_login_gets_its_pseudonym_and_nothing_else(
    capsys: pytest.CaptureFixture[str], folder: Path, name: str, pseudonym: str
) -> None:
    """It is cleaned as the names of reports are; who is hidden has one all the same."""
    config = write(folder, "key", "key")
    assert call(capsys, config, name) == (0, f"{pseudonym}\n", "")
    assert call(capsys, name, config) == (0, f"{pseudonym}\n", "")


def test_the_configuration_and_the_project_may_come_from_the_environment(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    write(folder, "key", "other")
    env = {
        "RINGOSTAT_EXPORTER_CONFIG_FILE": f"{folder}/config.yaml",
        "RINGOSTAT_EXPORTER_PROJECT": "2",
    }
    assert call(capsys, "Ann", **env) == (0, f"{ANOTHER_ANN}\n", "")


def test_projects_that_differ_are_a_line_each_and_those_without_a_key_none(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    config = write(folder, "key", "null", "other")
    both = f"A: {ANN}\nC: {ANOTHER_ANN}\n"
    assert call(capsys, config, "Ann") == (0, both, "")
    assert call(capsys, config, "--project=C", "Ann") == (0, f"{ANOTHER_ANN}\n", "")
    assert call(capsys, write(folder, "key", "null"), "Ann") == (0, f"A: {ANN}\n", "")


def test_without_a_key_there_is_no_pseudonym(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    """Exit 2 and one line."""
    config = write(folder, "null", "null", "key")
    code, out, err = call(capsys, config, "--project=B", NAME)
    assert (code, out) == (2, "")
    assert err == ("ringostat-exporter: --project=B: it has no employees.pseudonym_key_file\n")
    code, out, err = call(capsys, write(folder, "null", "null"), NAME)
    assert (code, out) == (2, "")
    assert err == "ringostat-exporter: no project has employees.pseudonym_key_file\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "the following arguments are required: NAME"),
        (["  "], "NAME must not be blank"),
        (["--project=Z", NAME], "--project=Z: no such project in the configuration"),
        ([NAME, NAME], "there is more than one NAME; put quotes around a name of several words"),
        (["Ann", f"-{NAME}"], "there is more than one NAME"),
        (["-Canary"], "unknown flag; a NAME that begins with a dash comes after --"),
        (["--projct=A", NAME], 'unknown flag (did you mean "--project"?); a NAME'),
        (["--format=csv", NAME], "--format is not a flag of pseudonym"),
        (["--config.file=none.yaml", NAME], "none.yaml: cannot be read: No such file"),
    ],
)
def test_a_mistake_is_one_line_that_does_not_quote_the_name(
    capsys: pytest.CaptureFixture[str], folder: Path, arguments: list[str], words: str
) -> None:
    code, out, err = call(capsys, write(folder, "key"), *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err
    assert "Canary" not in err


def test_a_name_before_the_command_is_not_quoted_either(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run([NAME, "pseudonym"], {}) == 2
    assert capsys.readouterr().err.startswith(
        "ringostat-exporter: NAME must come after pseudonym; see"
    )


def test_a_name_may_begin_with_a_dash(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """After `--`; the pseudonym is openssl's."""
    assert call(capsys, write(folder, "key"), "--", "-Ann") == (0, "p-NLRQDCU3\n", "")


def test_the_help_says_what_it_computes_and_who_may_see_the_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        run(["pseudonym", "--help"], {})
    out = capsys.readouterr().out
    for words in ("NAME", "--project", "employees.pseudonym_key_file", "history"):
        assert words in out

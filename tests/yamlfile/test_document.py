"""YAML texts that cannot be read: one line, in our words, without a word of the file."""

import pytest

from exporter.yamlfile.document import parse


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("a: *canary", 1, "an alias has no anchor"),
        ("a: &x 1\nb: &x 2\nc: *x", 2, "an anchor is defined twice"),
        ("a: 1\n---\ncanary: 2", 2, "there is more than one document"),
        ("a:\n\tcanary: 1", 2, "a tab is not allowed here; use spaces, or quote the value"),
        ("a: @canary", 1, "a value that begins with %, @ or a backtick must be quoted"),
        ("a: %canary", 1, "a value that begins with %, @ or a backtick must be quoted"),
        ("a: `canary", 1, "a value that begins with %, @ or a backtick must be quoted"),
        ("a: [|canary]", 1, "a value must be quoted"),
        ("a: !x!canary", 1, "tags are not supported; quote a value that begins with !"),
        ("a: 1\ncanary\nb: 2", 3, "a key has no colon"),
        ("a: canary: 1", 1, "a colon is not allowed here; quote it, or indent right"),
        ("a: ? canary", 1, "a key is not allowed here"),
        ("a: - canary", 1, "a list is not allowed here"),
        ("a: 'canary", 1, "a quote is not closed"),
        ('a: "canary\\q"', 1, "a backslash in double quotes has no meaning"),
        ("a: 1\n b: canary\n- c", 2, "a colon is not allowed here; quote it, or indent right"),
        ("- a\ncanary: 1", 2, "the indentation does not fit the lines above"),
        ("a: [canary\nb: 1", 2, "a comma or a closing bracket is missing"),
        ("a: [", 1, "a value or a closing bracket is missing"),
        ("a: |canary", 1, "the syntax is not understood"),
        ("%YAML 9.9\n---\na: canary", 1, "the syntax is not understood"),
        ("a: 1\nb: canary\x00", 2, "a control character is not allowed"),
    ],
)
def test_a_text_that_is_no_yaml_is_a_line_in_our_words(text: str, line: int, problem: str) -> None:
    (mistake,) = parse(text, {}).mistakes
    assert (mistake.line, mistake.path) == (line, ())
    assert mistake.text == f"is not valid YAML: {problem}"


def test_thousands_of_brackets_are_a_mistake_and_no_crash() -> None:
    (mistake,) = parse("a: " + "[" * 3000 + "]" * 3000, {}).mistakes
    assert mistake.text == "is nested too deeply"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: !canary", ("a",)),
        ("a: !!str canary", ("a",)),
        ("a: !!python/object:os.system canary", ("a",)),
        ("a: ! canary", ("a",)),
        ("a: !<tag:yaml.org,2002:str> canary", ("a",)),
        ("a: !!seq [canary]", ("a",)),
        ("a: !!map {b: canary}", ("a",)),
        ("!!map\na: canary", ()),
        ("? !!str a\n: canary", ()),
    ],
)
def test_every_tag_is_refused_alike(text: str, path: tuple[str, ...]) -> None:
    """A tag that the library knows is no better than another: values are typed by the model."""
    (mistake,) = parse(text, {}).mistakes
    assert mistake.path == path
    assert mistake.text == "YAML tags are not supported; quote a value that begins with !"


def test_an_empty_text_has_no_values_and_no_mistakes() -> None:
    source = parse("# nothing\n", {})
    assert (source.values, source.mistakes) == (None, [])

"""The operator's regular expressions: Prometheus's syntax, in linear time, in our words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.ringostat.expressions import compile_expression
from exporter.ringostat.names import EmployeeFilter

SYNTAX = "is not a valid regular expression (RE2, Prometheus's syntax)"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("canary(?=x)", ": lookahead and lookbehind are not supported"),
        ("canary(?!x)", ": lookahead and lookbehind are not supported"),
        ("(?<=canary)x", ": lookahead and lookbehind are not supported"),
        ("(?x)canary #", ": after (? only the flags imsU, a colon or a group's name may stand"),
        ("(?>canary)", ": after (? only the flags imsU, a colon or a group's name may stand"),
        ("(?'canary", ": after (? only the flags imsU, a colon or a group's name may stand"),
        (r"canary\C", ": a backslash has no meaning there, and there are no references"),
        ("(?P<x>canary)(?P<x>b)", ": two groups have one name"),
        ("(?P<x>canary)(?<x>b)", ": two groups have one name"),
        ("(?P<имя>canary)", ": a group's name is invalid"),
        (r"(canary)\1", ": a backslash has no meaning there, and there are no references"),
        (r"\Zcanary", ": a backslash has no meaning there, and there are no references"),
        ("canary\\", ": it ends in a backslash"),
        ("canary{99999999999}", ": it repeats over 1000 times"),
        ("canary{1001}", ": it repeats over 1000 times"),
        ("canary{2,1001}", ": it repeats over 1000 times"),
        ("canary{1," + "9" * 5000 + "}", ": it repeats over 1000 times"),
        ("((canary{100}){100}){100}", ": it repeats over 1000 times"),
        ("(" * 3000 + "canary" + ")" * 3000, ": it is nested over 1000 deep"),
        ("[" * 3000 + "canary", ": a bracket [ is not closed"),
        ("(" * 900 + "canary", ": a bracket ( is not closed"),
        ("canary)", ": a bracket ) was not opened"),
        ("*canary", ": a repetition has nothing to repeat"),
        ("canary**", ": a repetition is repeated"),
        ("(?P<1!>canary)", ": a group's name is invalid"),
        (r"[\p{L}]{900}canary", ": it is too large"),
        ("[z-a]canary", ": a character class is invalid"),
        ("canary\ud800", ": a character is invalid"),
    ],
)
def test_what_re2_or_prometheus_refuses_is_said_in_our_words(
    capfd: pytest.CaptureFixture[str], pattern: str, why: str
) -> None:
    """The message never quotes the expression, and RE2 itself writes nothing to stderr."""
    with pytest.raises(ValueError) as caught:
        compile_expression(pattern)
    assert str(caught.value) == SYNTAX + why
    assert capfd.readouterr() == ("", "")


def test_a_very_long_expression_is_refused() -> None:
    """An expression may have 10,000 characters."""
    compile_expression("x" * 10_000)
    with pytest.raises(ValueError, match=r"^is over 10000 characters long$"):
        compile_expression("x" * 10_001)


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("Ann", "Ann", "Anna"),
        ("Ann|Bob", "Bob", "Bobby"),
        ("(?i)ann .*", "ANN LEE", "xAnn Lee"),
        (r"\p{Cyrillic}+", "Олена", "Olena"),
        ("А..а", "Анна", "Аннна"),
        (r"\Q({99999}\E", "({99999}", "("),
        (r"[({99999}\]]+", "(]", "x"),
        (r"\(\{99999}", "({99999}", "("),
        ("[]a]+", "]a", "b"),
        ("(?:" * 999 + "x" + ")" * 999, "x", "xx"),
        ("x{1000}", "x" * 1000, "x" * 999),
        (r"\Q\C(?P<x>\E(?P<x>a)(?P<y>[(?P<x>]\(?)", r"\C(?P<x>a<(", "a<("),
        (r"\\C", r"\C", "C"),
        ("x{a}", "x{a}", "x"),
        ("", "", "x"),
    ],
)
def test_an_expression_matches_the_whole_text_or_not_at_all(
    pattern: str, matching: str, other: str
) -> None:
    """Brackets that are quoted, escaped or in a class are no limits' matter."""
    expression = compile_expression(pattern)
    assert expression.fullmatch(matching)
    assert not expression.fullmatch(other)


@pytest.mark.parametrize(
    "pattern",
    [r"(\w+\s?)+#", "(a*)*#", "(a|a)*#", "(.*)(.*)(.*)(.*)#", "(?:a?){1000}a{900}#"],
)
@pytest.mark.parametrize("length", [41, 200, 100_000])
def test_matching_is_linear_in_the_name(pattern: str, length: int) -> None:
    """Python's own module needs longer than anybody waits for the first at 41 letters."""
    shown = EmployeeFilter(exclude=(pattern,))
    started = time.process_time()
    assert shown.shows("a" * length)
    assert time.process_time() - started < 2


def test_a_filter_compiles_once_and_is_equal_by_text() -> None:
    """A reload that changes nothing sees equal filters; an invalid one cannot be made."""
    first, second = EmployeeFilter(include=("A.*",)), EmployeeFilter(include=("A.*",))
    assert first == second
    assert hash(first) == hash(second)
    assert first != EmployeeFilter(exclude=("A.*",))
    assert repr(first) == "EmployeeFilter(include=('A.*',), exclude=())"
    with pytest.raises(ValueError):
        EmployeeFilter(include=("(",))


@given(st.text(alphabet="ab()[]{}\\*+?|^$.1,90-:Q E<>=!\ud800\0é", max_size=60))
def test_any_text_compiles_or_is_refused_in_our_words(pattern: str) -> None:
    """No exception of RE2 or Python, and no part of the expression, gets out."""
    message = SYNTAX
    try:
        compile_expression(pattern)
    except ValueError as error:
        message = str(error)
    assert message.startswith(SYNTAX)
    assert len(message) < 200

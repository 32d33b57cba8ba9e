"""The catalogue of texts: whole, compiled, and good Ukrainian where numbers stand."""

import io
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from exporter.errors import PollError, Problem, reasons
from exporter.polling.query import Query
from exporter.polling.recurring import queries_of
from exporter.web.overview import heading_of
from exporter.web.problem_words import ADVICE, CAUSES, title_of
from exporter.web.translations import ENGLISH, LOCALE, translations
from tests.support.exporting import make_spec

ROOT = Path(__file__).parent.parent.parent
UKRAINIAN = translations(["uk"])


@cache
def catalogue() -> Catalog:
    with (LOCALE / "uk/LC_MESSAGES/ringostat.po").open("rb") as file:
        return read_po(file, locale="uk", domain="ringostat")


@cache
def messages() -> list[Message]:
    """What is translated, without the header."""
    return [message for message in catalogue() if message.id]


def test_what_is_compiled_is_what_is_written() -> None:
    """`make translations` changes nothing in the compiled catalogue."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    assert (LOCALE / "uk/LC_MESSAGES/ringostat.mo").read_bytes() == compiled.getvalue()


def test_every_text_of_the_sources_is_in_the_catalogue_and_no_other() -> None:
    """`make translations` finds nothing new."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options)
    wanted = {(text, context) for _, _, text, _, context in found}
    assert wanted == {(message.id, message.context) for message in messages()}


def test_nothing_is_untranslated() -> None:
    """Each text has each of its forms, and names what the English one names."""
    for message in messages():
        english = forms_of(message.id)[-1]
        assert not message.fuzzy, english
        assert message.string, english
        for form in forms_of(message.string):
            assert form, english
            assert fields(form) == fields(english), english


def forms_of(text: str | list[str] | tuple[str, ...]) -> Sequence[str]:
    """A text, or the forms of one that depends on a number."""
    return (text,) if isinstance(text, str) else text


def fields(text: str) -> set[tuple[str, ...]]:
    """What a text is filled with: `{name}` in code, `%(name)s` in a template."""
    return set(re.findall(r"\{(\w+)\}|%\((\w+)\)s", text))


@pytest.mark.parametrize(
    ("needing", "total", "heading"),
    [
        (0, 1, "Жоден проєкт не потребує уваги"),
        (1, 1, "1 з 1 проєкту потребує уваги"),
        (1, 3, "1 з 3 проєктів потребує уваги"),
        (2, 50, "2 з 50 проєктів потребують уваги"),
        (5, 50, "5 з 50 проєктів потребують уваги"),
        (11, 21, "11 з 21 проєкту потребують уваги"),
        (21, 111, "21 з 111 проєктів потребує уваги"),
    ],
)
def test_the_heading_in_ukrainian(needing: int, total: int, heading: str) -> None:
    """The verb agrees with the first number, the noun with the second."""
    assert heading_of(needing, total, UKRAINIAN) == heading


@pytest.mark.parametrize(
    ("needing", "total", "heading"),
    [
        (0, 50, "No project needs you"),
        (1, 1, "1 of 1 project needs you"),
        (1, 50, "1 of 50 projects needs you"),
        (2, 50, "2 of 50 projects need you"),
    ],
)
def test_the_heading_in_english(needing: int, total: int, heading: str) -> None:
    """Likewise."""
    assert heading_of(needing, total, ENGLISH) == heading


@pytest.mark.parametrize(
    ("window", "english", "ukrainian"),
    [
        ("today", "Today", "Сьогодні"),
        ("previous_month", "Previous month", "Минулий місяць"),
        ("last_2_days", "Last 2 days", "Останні 2 дні"),
        ("last_7_days", "Last 7 days", "Останні 7 днів"),
        ("last_31_days", "Last 31 days", "Останній 31 день"),
        ("last_112_days", "Last 112 days", "Останні 112 днів"),
    ],
)
def test_windows_have_names(window: str, english: str, ukrainian: str) -> None:
    """Each window that may be configured."""
    assert title_of(window, ENGLISH) == english
    assert title_of(window, UKRAINIAN) == ukrainian


def every_error(error: type[PollError] = PollError) -> list[type[PollError]]:
    return [one for sub in error.__subclasses__() for one in (sub, *every_error(sub))]


def every_query() -> tuple[Query, ...]:
    return queries_of(make_spec(staff=True, sip_accounts=True))


def test_every_advice_and_every_reason_has_its_words() -> None:
    """Whatever may fail is explained in both languages."""
    assert set(reasons()) == set(CAUSES)
    problems = [Problem(error.reason, "", error.advice) for error in every_error()]
    given = {query.advice(problem) for query in every_query() for problem in problems}
    assert given == set(ADVICE)


def test_every_question_has_a_title() -> None:
    """None is shown under a name of the code."""
    titles = {title_of(query.title, ENGLISH) for query in every_query()}
    assert titles == {"Today", "Custom statuses", "Staff list", "SIP accounts"}

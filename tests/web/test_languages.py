"""Which language the page is in."""

import pytest

from exporter.web.languages import choose_language


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        ("", "en"),
        ("uk", "uk"),
        ("UK-ua", "uk"),
        ("uk-UA,uk;q=0.9,en-US;q=0.8,en;q=0.7", "uk"),
        ("en-US,en;q=0.9,uk;q=0.8", "en"),
        ("en;q=0.2, uk;q=0.3", "uk"),
        ("en;q=0.3, uk;q=0.2", "en"),
        ("pl,uk;q=0.5,en;q=0.4", "uk"),
        ("pl,de;q=0.5", "en"),
        ("uk,en", "uk"),
        ("en,uk", "en"),
        ("pl,uk;q=0.5,en;q=0.5", "uk"),
        ("uk;q=0", "en"),
        ("en;q=0,uk;q=0", "en"),
        ("*", "en"),
        ("en;q=0.1,*", "uk"),
        ("en;q=0,*;q=0.1", "uk"),
        ("uk;q=0,*", "en"),
        ("uk-UA,uk;q=0.1,en;q=0.5", "uk"),
        ("uk;q=high,en;q=0.9", "uk"),
        (";;q=1,,;=,uk", "uk"),
        ("ukr,en;q=0.1", "en"),
        ("\ud800,*;q=nan", "en"),
    ],
)
def test_the_language_that_a_reader_prefers(accept_language: str, language: str) -> None:
    """The weights decide, then the order; English where neither of ours is named."""
    assert choose_language(accept_language) == language

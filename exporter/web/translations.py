"""The languages of the page: English, and Ukrainian from a catalogue (GNU gettext)."""

import gettext
from collections.abc import Sequence
from pathlib import Path

from exporter.web.languages import DEFAULT, LANGUAGES

DOMAIN = "ringostat"
LOCALE = Path(__file__).parent / "locale"

# The texts in one language: `gettext`, `ngettext` and `npgettext`.
Texts = gettext.NullTranslations
ENGLISH = Texts()


def N_(text: str) -> str:  # noqa: N802 - the name by which pybabel finds what is translated later
    """Marks a text that is translated where it is shown."""
    return text


def translations(languages: Sequence[str]) -> Texts:
    """The texts in the first of these languages that there is; English where there is none.

    Args:
        languages: Two-letter codes, the most welcome first.
    """
    chosen = next((language for language in languages if language in LANGUAGES), DEFAULT)
    return gettext.translation(DOMAIN, LOCALE, [chosen], fallback=True)

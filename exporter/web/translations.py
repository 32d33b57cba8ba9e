"""The languages of the page: English, and Ukrainian from a catalogue (GNU gettext)."""

import gettext
from collections.abc import Sequence
from pathlib import Path

from exporter.web.languages import DEFAULT, LANGUAGES

DOMAIN = "ringostat"
LOCALE = Path(__file__).parent / "locale"


def translations(languages: Sequence[str]) -> gettext.NullTranslations:
    """The texts in the first of these languages that there is; English where there is none.

    Args:
        languages: Two-letter codes, the most welcome first.
    """
    chosen = next((language for language in languages if language in LANGUAGES), DEFAULT)
    return gettext.translation(DOMAIN, LOCALE, [chosen], fallback=True)

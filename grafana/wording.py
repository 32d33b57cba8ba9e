"""The languages of the dashboards, with the texts of the one catalogue.

English texts stand in the builders; `make translations` collects them from the calls `_("...")`.
"""

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_CATALOGUES = Path(__file__).parent.parent / "exporter" / "web" / "locale"


@dataclass(frozen=True, slots=True)
class Language:
    """A language in which every dashboard is built.

    Attributes:
        code: As of ISO 639: `en`, `uk`.
        translate: From the English text to the language's; an unknown text stays English.
    """

    code: str
    translate: Callable[[str], str]

    def __call__(self, text: str) -> str:
        """The text in this language."""
        return self.translate(text)

    def named(self, name: str) -> str:
        """A uid, tag or folder of this language: English has the plain name."""
        return name if self.code == "en" else f"{name}-{self.code}"


ENGLISH = Language("en", str)


def languages() -> tuple[Language, ...]:
    """English, and each language that is translated.

    Raises:
        FileNotFoundError: A catalogue is not compiled (`make translations`).
    """
    ukrainian = gettext.translation("ringostat", _CATALOGUES, ["uk"])
    return ENGLISH, Language("uk", ukrainian.gettext)

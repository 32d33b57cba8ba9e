"""The HTML templates of the pages; whatever they are given is escaped."""

from pathlib import Path

import jinja2

from exporter.web.translations import Texts

_FOLDER = Path(__file__).parent


def load_template(name: str, language: str, texts: Texts) -> jinja2.Template:
    """A template whose texts are in one language.

    Args:
        name: Its file beside this one.
        language: The two-letter code that the page says it is in.
        texts: The texts in that language.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.install_gettext_translations(texts, newstyle=True)  # type: ignore[attr-defined]
    return environment.get_template(name, globals={"language": language})

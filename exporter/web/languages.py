"""Language negotiation: an `Accept-Language` header -> the language of the page. Pure."""

from exporter.web.header_entries import entries_of

LANGUAGES = ("en", "uk")
DEFAULT = "en"
_NOT_NAMED = -1.0


def choose_language(accept_language: str) -> str:
    """Returns which of our languages the header prefers; English if it names none of them.

    Who asks for `uk-UA` reads `uk`. Of two languages that are as welcome the one that is named
    first is sent: browsers name them in the reader's order.
    """
    weights: dict[str, float] = {}
    for entry in entries_of(accept_language):
        weights[entry.name] = max(entry.weight, weights.get(entry.name, 0.0))
    named = dict.fromkeys(tag.partition("-")[0] for tag in weights)
    order = [language for language in (*named, *LANGUAGES) if language in LANGUAGES]
    best = max(order, key=lambda language: _weight_of(language, weights))
    return best if _weight_of(best, weights) > 0 else DEFAULT


def _weight_of(language: str, weights: dict[str, float]) -> float:
    """How welcome a language is, in any of its regions; where it is not named, as any other."""
    named = [weight for tag, weight in weights.items() if tag.partition("-")[0] == language]
    return max(named, default=weights.get("*", _NOT_NAMED))

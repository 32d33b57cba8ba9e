"""Content negotiation: request headers -> the format and the encoding of the page. Pure."""

from exporter.exposition.rendering import Format
from exporter.web.header_entries import entries_of

_OPENMETRICS = "application/openmetrics-text"
# Those that a reader of 1.0.0 and of 0.0.1 takes alike, and no version at all.
_OPENMETRICS_VERSIONS = ("1.0.0", "0.0.1", "")


def choose_format(accept: str) -> Format:
    """Returns the format that an `Accept` header prefers; text if it names none that we have."""
    weights: dict[str, float] = {}
    for entry in entries_of(accept):
        known = entry.name != _OPENMETRICS or (
            entry.parameters.get("version", "") in _OPENMETRICS_VERSIONS
        )
        if known:
            weights[entry.name] = max(entry.weight, weights.get(entry.name, 0.0))
    anything = weights.get("*/*", 0.0)
    text = weights.get("text/plain", weights.get("text/*", anything))
    openmetrics = weights.get(_OPENMETRICS, weights.get("application/*", anything))
    # Of two that are as welcome OpenMetrics is sent to whoever names it.
    wins = openmetrics >= text if _OPENMETRICS in weights else openmetrics > text
    return Format.OPENMETRICS if wins and openmetrics > 0 else Format.TEXT


def accepts_gzip(accept_encoding: str) -> bool:
    """Returns whether an `Accept-Encoding` header allows gzip and prefers nothing to it."""
    weights: dict[str, float] = {}
    for entry in entries_of(accept_encoding):
        weights[entry.name] = max(entry.weight, weights.get(entry.name, 0.0))
    gzip = weights.get("gzip", weights.get("*", 0.0))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)

"""Content negotiation: request headers -> the format and the encoding of the page. Pure."""

from prometheus_client.exposition import choose_encoder

from exporter.exposition.rendering import Format


def choose_format(accept: str) -> Format:
    """Returns the format that an `Accept` header prefers; text if it names none that we have."""
    acceptable = ",".join(entry for entry in accept.split(",") if not _has_weight_zero(entry))
    _, content_type = choose_encoder(acceptable)
    is_openmetrics = content_type.startswith("application/openmetrics-text")
    return Format.OPENMETRICS if is_openmetrics else Format.TEXT


def accepts_gzip(accept_encoding: str) -> bool:
    """Returns whether an `Accept-Encoding` header allows gzip."""
    return any(
        entry.split(";")[0].strip().lower() in ("gzip", "*") and not _has_weight_zero(entry)
        for entry in accept_encoding.split(",")
    )


def _has_weight_zero(entry: str) -> bool:
    """Whether an entry of such a header has `q=0`, which means "not this" (RFC 9110, 12.4.2)."""
    for parameter in entry.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q" and value.strip().rstrip("0") in ("", "0.", "."):
            return True
    return False

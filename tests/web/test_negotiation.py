"""Which format and encoding the headers of a scrape ask for."""

import pytest

from exporter.exposition.rendering import Format
from exporter.web.negotiation import accepts_gzip, choose_format

PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;"
    "q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (PROMETHEUS, Format.OPENMETRICS),
        ("application/openmetrics-text", Format.OPENMETRICS),
        ("application/openmetrics-text; version=1.0.0; q=0, text/plain", Format.TEXT),
        ("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8", Format.OPENMETRICS),
        ("text/plain;version=0.0.4", Format.TEXT),
        ("text/html,*/*", Format.TEXT),
        ("", Format.TEXT),
        (",;,=", Format.TEXT),
    ],
)
def test_the_format_is_what_accept_asks_for(accept: str, expected: Format) -> None:
    """`Accept` decides between OpenMetrics and text; whatever it holds, one of the two is sent."""
    assert choose_format(accept) is expected


@pytest.mark.parametrize(
    ("accept_encoding", "expected"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("identity", False),
        ("", False),
        ("xgzip", False),
    ],
)
def test_gzip_only_where_it_is_accepted(accept_encoding: str, expected: bool) -> None:
    """The page is compressed only for a client whose `Accept-Encoding` allows gzip."""
    assert accepts_gzip(accept_encoding) is expected

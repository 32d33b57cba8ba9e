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
        ("text/plain;version=x", Format.TEXT),
        ('application/openmetrics-text;version="1.0.0"', Format.OPENMETRICS),
        ("application/openmetrics-text;version=9.9", Format.TEXT),
        ("application/openmetrics-text;version=", Format.OPENMETRICS),
        ("application/openmetrics-text;q=0.2,text/plain;q=0.9", Format.TEXT),
        ("text/plain;q=0.2,APPLICATION/OpenMetrics-Text;Q=0.9", Format.OPENMETRICS),
        ("text/plain;q=0.5,application/openmetrics-text;q=0.5", Format.OPENMETRICS),
        ("text/plain;q=0,*/*", Format.OPENMETRICS),
        ("*/*;q=0", Format.TEXT),
        ("text/plain;version=1.0.0.0.0.0.0.0;q=1e5", Format.TEXT),
        ("application/openmetrics-text;q=nan", Format.OPENMETRICS),
        ("\xff\x00;q=\xb2", Format.TEXT),
        (";" * 60_000, Format.TEXT),
        ("," * 60_000, Format.TEXT),
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
        ("gzip;q=0, *", False),
        ("*;q=0, gzip", True),
        ("identity;q=1, gzip;q=0.5", False),
        ("gzip;q=0.5, identity;q=0.5", True),
        ("gzip;q=junk", True),
        ("\xff;q=\xb2,\x00", False),
    ],
)
def test_gzip_only_where_it_is_accepted(accept_encoding: str, expected: bool) -> None:
    """The page is compressed only for a client whose `Accept-Encoding` allows gzip."""
    assert accepts_gzip(accept_encoding) is expected

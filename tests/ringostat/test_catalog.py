"""The custom statuses, read: docs/contract.md#3-the-api."""

import pytest

from exporter.errors import SchemaMismatch, TooManyRows
from exporter.ringostat.catalog import CustomStatus, parse_catalog


def test_a_broken_catalog_entry_is_left_out_and_half_of_them_fail() -> None:
    """The first of two with one id stands; more than half broken is `schema`."""
    good = {"id": 1, "title": "Break"}
    assert parse_catalog([good, {"id": True, "title": "x"}]) == (CustomStatus("1", "Break"),)
    assert parse_catalog([good, {"id": 1, "title": "Other"}]) == (CustomStatus("1", "Break"),)
    with pytest.raises(SchemaMismatch):
        parse_catalog([good, {"id": 2}, "x"])


def test_a_catalog_of_over_a_thousand_entries_is_refused_whole() -> None:
    """It counts as `row_limit`; a thousand are read."""
    entries = [{"id": number, "title": f"Status {number}"} for number in range(1001)]
    assert len(parse_catalog(entries[:1000])) == 1000
    with pytest.raises(TooManyRows, match="1001 custom statuses"):
        parse_catalog(entries)
    with pytest.raises(TooManyRows):
        parse_catalog({str(number): {} for number in range(1001)})

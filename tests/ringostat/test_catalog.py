"""The custom statuses, read: docs/contract.md#3-the-api."""

import pytest

from exporter.errors import SchemaMismatch
from exporter.ringostat.catalog import CustomStatus, parse_catalog


def test_a_broken_catalog_entry_is_left_out_and_half_of_them_fail() -> None:
    """The first of two with one id stands; more than half broken is `schema`."""
    good = {"id": 1, "title": "Break"}
    assert parse_catalog([good, {"id": True, "title": "x"}]) == (CustomStatus("1", "Break"),)
    assert parse_catalog([good, {"id": 1, "title": "Other"}]) == (CustomStatus("1", "Break"),)
    with pytest.raises(SchemaMismatch):
        parse_catalog([good, {"id": 2}, "x"])

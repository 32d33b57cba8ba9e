"""Bytes -> decode -> report -> exposition -> parse: typed errors alone escape, pages parse."""

import json
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.errors import PollError
from exporter.exposition.page import Page, Representation
from exporter.exposition.rendering import Format, render
from exporter.polling.snapshot import first_snapshot
from exporter.ringostat.key import Secret
from exporter.ringostat.rpc import decode, result_of
from tests.exposition.test_page import read_openmetrics
from tests.support.answers import with_catalog, with_report
from tests.support.exporting import make_spec, samples
from tests.support.real import soaking
from tests.support.virtual import HandClock

KEY = Secret("KEY-canary")

texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["employee", "online", "01:00:00", "id", "title", "result", "error", "1", '"', "\\", "\n"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
rows = st.lists(
    st.dictionaries(
        st.sampled_from(["employee", "online", "offline", "1763"]) | texts,
        st.sampled_from(["00:10:00", "27:00:59", "", "5:7", "Ann", "Олена"]) | values,
        max_size=6,
    ),
    max_size=6,
)
replies = st.fixed_dictionaries(
    {"id": st.just(1) | values, "result": rows | values}, optional={"error": values}
)
bodies = (
    st.binary(max_size=200)
    | values.map(lambda value: json.dumps(value).encode())
    | replies.map(lambda value: json.dumps(value).encode())
    | st.tuples(replies, st.integers(0, 300)).map(
        lambda cut: json.dumps(cut[0]).encode()[: cut[1]]
    )
)


@settings(max_examples=soaking(20_000, 300), deadline=None)
@given(catalog=bodies, report=bodies)
def test_any_bytes_end_as_a_typed_error_or_as_a_page_that_parses(
    catalog: bytes, report: bytes
) -> None:
    """Both parsers of prometheus_client read every page that comes of them."""
    snapshot = first_snapshot(make_spec())
    with suppress(PollError):
        snapshot = with_catalog(snapshot, result_of(decode(catalog), 1, KEY))
    with suppress(PollError):
        snapshot = with_report(snapshot, result_of(decode(report), 1, KEY))
    page = Page(HandClock(), list)
    page.put(1, render(snapshot))
    samples(page.body(Representation(Format.TEXT)).whole)
    read_openmetrics(page.body(Representation(Format.OPENMETRICS)).whole.decode())

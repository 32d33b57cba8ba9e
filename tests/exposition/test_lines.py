"""Our own line writer is the library's, byte for byte."""

import zlib

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import Metric

from exporter.exposition import catalogue
from exporter.exposition.checksum import joined, shift_by
from exporter.exposition.chunks import Format, render_metrics
from exporter.exposition.families import NO_STATUS, People, to_metric
from exporter.exposition.lines import write_lines
from exporter.polling.snapshot import Lifetime
from tests.exposition.test_page import read_openmetrics
from tests.support.exporting import samples

ALWAYS = Lifetime(float("-inf"), float("inf"), float("inf"))
texts = st.text(st.characters(codec="utf-8"), max_size=20) | (
    st.sampled_from(['"', "\\", "\n", 'a"b\\c\nd', "Олена", "‮", "\\n", '\\"'])
)
numbers = (
    st.integers(0, 10**9)
    | st.sampled_from([0, 1, 999_999, 1_000_000, 1_000_001, 10**9])
    | st.floats(0, 1e10, allow_nan=False)
)


@given(
    people=st.dictionaries(texts, st.dictionaries(texts, numbers, max_size=4), max_size=5),
    project=texts,
)
def test_lines_are_the_librarys_and_can_be_read_back(
    people: dict[str, dict[str, float]], project: str
) -> None:
    statuses = {key: key for row in people.values() for key in row}
    family = catalogue.EMPLOYEE_STATUS_SECONDS
    piece = People(family, {"project": project, "window": "today"}, statuses, people, ALWAYS)
    written = write_lines(family, piece.fixed, statuses, people)
    for form in Format:
        whole = render_metrics([to_metric(family, piece.rows)], form)
        head = render_metrics([to_metric(family, [])], form)
        assert whole == head + written
    found = samples(render_metrics([to_metric(family, [])], Format.TEXT) + written)
    assert {
        (dict(labels)["employee"], dict(labels)["status"]): value
        for (_, labels), value in found.items()
    } == {(who, key): float(n) for who, row in people.items() for key, n in row.items()}
    read_openmetrics((head + written + b"# EOF\n").decode())


@given(
    family=st.sampled_from([catalogue.FIRST_ACTIVE, catalogue.EMPLOYEE_TIME]),
    people=st.dictionaries(texts, numbers, max_size=5),
)
def test_families_without_a_status_or_a_window_as_well(
    family: catalogue.Family, people: dict[str, float]
) -> None:
    key = "online" if "status" in family.labels else NO_STATUS
    rows = {who: {key: number} for who, number in people.items()}
    piece = People(family, {"project": "Sales"}, {key: key}, rows, ALWAYS)
    metric: Metric = to_metric(family, piece.rows)
    whole = render_metrics([metric], Format.OPENMETRICS)
    head = render_metrics([to_metric(family, [])], Format.OPENMETRICS)
    assert whole == head + write_lines(family, piece.fixed, piece.statuses, rows)


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_the_checksum_of_two_runs_is_that_of_both_in_one(one: bytes, two: bytes) -> None:
    together = joined(zlib.crc32(one), shift_by(len(two)), zlib.crc32(two))
    assert together == zlib.crc32(one + two)


def test_the_checksum_of_long_runs() -> None:
    one, two = b"a" * 3_000_001, b"b" * 70_000_001
    assert joined(zlib.crc32(one), shift_by(len(two)), zlib.crc32(two)) == zlib.crc32(one + two)

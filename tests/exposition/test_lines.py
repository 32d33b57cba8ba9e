"""Our own line writer is the library's, byte for byte."""

import zlib

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.core import Metric

from exporter.exposition import metric_families, people_families
from exporter.exposition.family import Family
from exporter.exposition.lines import write_lines
from exporter.exposition.rendering import (
    Format,
    concatenate,
    deflate,
    inflate_parts,
    render_metrics,
)
from exporter.exposition.sample_sets import NO_KEY, DerivedSamples, EmployeeSamples, to_metric
from exporter.polling.lifetime import ALWAYS
from tests.exposition.test_page import read_openmetrics
from tests.support.exporting import samples

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
    """Any names, statuses and numbers give prometheus_client's bytes in both formats."""
    statuses = {key: key for row in people.values() for key in row}
    family = metric_families.EMPLOYEE_STATUS_SECONDS
    employee_samples = EmployeeSamples(
        family, {"project": project, "window": "today"}, statuses, people, (ALWAYS,)
    )
    written = b"".join(write_lines(employee_samples))
    for form in Format:
        whole = render_metrics([to_metric(family, employee_samples.rows)], form)
        head = render_metrics([to_metric(family, [])], form)
        assert whole == head + written
    found = samples(render_metrics([to_metric(family, [])], Format.TEXT) + written)
    assert {
        (dict(labels)["employee"], dict(labels)["status"]): value
        for (_, labels), value in found.items()
    } == {(who, key): float(n) for who, row in people.items() for key, n in row.items()}
    read_openmetrics((head + written + b"# EOF\n").decode())


@given(
    family=st.sampled_from([metric_families.FIRST_ACTIVE, metric_families.EMPLOYEE_TIME]),
    people=st.dictionaries(texts, numbers, max_size=5),
)
def test_families_without_a_status_or_a_window_as_well(
    family: Family, people: dict[str, float]
) -> None:
    """The same holds for families with fewer labels."""
    key = "online" if "status" in family.labels else NO_KEY
    rows = {who: {key: number} for who, number in people.items()}
    employee_samples = EmployeeSamples(family, {"project": "Sales"}, {key: key}, rows, (ALWAYS,))
    metric: Metric = to_metric(family, employee_samples.rows)
    whole = render_metrics([metric], Format.OPENMETRICS)
    head = render_metrics([to_metric(family, [])], Format.OPENMETRICS)
    assert whole == head + b"".join(write_lines(employee_samples))


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_deflated_parts_in_a_row_are_one_segment_with_its_checksum(plain: list[bytes]) -> None:
    """Parts that were deflated alone inflate as one stream with a combined CRC-32."""
    segment = concatenate(deflate([part]) for part in plain)
    # Read by the standard library: what wrote them is another.
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    packed = b"".join(segment.blocks)
    assert reader.decompress(packed + b"\x03\x00") == b"".join(plain)
    assert reader.eof
    assert segment.size == sum(map(len, plain))
    assert segment.checksum == zlib.crc32(b"".join(plain))


def test_a_segment_longer_than_the_window_of_deflate() -> None:
    """Checksums combine over lengths far beyond deflate's 32 KiB."""
    one, two = deflate([b"a" * 3_000_001]), deflate([b"b" * 70_000_001])
    checksum = 0
    for block in (one.blocks[0], two.blocks[0]):
        for part in inflate_parts(block, 65_536):
            assert 0 < len(part) <= 65_536
            checksum = zlib.crc32(part, checksum)
    assert concatenate((one, two)).checksum == checksum


@given(
    st.sampled_from([b"", b"a", b"line 1\n"]),
    st.integers(0, 40_000),
    st.integers(1, 70_000),
)
def test_a_block_is_inflated_in_parts_of_any_limit(pattern: bytes, times: int, limit: int) -> None:
    """Whatever the limit, the parts are the plain lines and none is longer."""
    plain = pattern * times
    parts = list(inflate_parts(deflate([plain]).blocks[0], limit))
    assert b"".join(parts) == plain
    assert all(0 < len(part) <= limit for part in parts)


@given(
    family=st.sampled_from(
        [
            people_families.EMPLOYEE_INFO,
            people_families.EMPLOYEE_DEPARTMENT_INFO,
            people_families.SIP_ACCOUNT_ONLINE,
        ]
    ),
    source=st.lists(st.tuples(texts, texts, st.sampled_from([0, 1])), max_size=6, unique=True),
)
def test_lines_about_people_whose_further_label_may_come_first_by_name(
    family: Family, source: list[tuple[str, str, int]]
) -> None:
    """The same holds for samples that are derived when they are rendered."""
    derived = DerivedSamples(family, {"project": "Sales"}, source, (ALWAYS,))
    head = render_metrics([to_metric(family, [])], Format.OPENMETRICS)
    whole = render_metrics([to_metric(family, derived.rows)], Format.OPENMETRICS)
    assert whole == head + b"".join(write_lines(derived))

"""The limits of a report, and the property that holds of anything that was decoded.

docs/contract.md#rows, docs/contract.md#rule-3-never-invented.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.errors import SchemaMismatch, TooManyRows
from exporter.ringostat.report import count_decreased
from exporter.ringostat.rows import Anomaly
from tests.support.rows import person, read


def test_the_limit_of_employees_looks_at_the_rows_as_received() -> None:
    """Merging does not bring a report under `max_employees`."""
    rows = [person("Ann", online="00:00:01")] * 3
    with pytest.raises(TooManyRows, match=r"3 rows, max_employees is 2"):
        read(rows, max_employees=2)
    assert read(rows, max_employees=3).employees["Ann"]["online"] == 3


def test_past_64_statuses_built_ins_come_first_then_most_seconds_then_names() -> None:
    """What is dropped is counted, and is unknown of whom it was told.

    docs/contract.md#rule-7-clean-labels
    """
    keys = [f"s{n:03d}" for n in range(100)]
    long = {"s098": "00:00:02", "s099": "00:00:01"}
    rows = [
        person("Ann", **(dict.fromkeys(keys, "00:00:01") | long)),
        person("Bob", online="00:01:40", s099="00:00:01"),
    ]
    report = read(rows)
    kept = {"online", "offline", "dnd", "speaking", "s098", "s099", *keys[:58]}
    assert set(report.employees["Ann"]) == set(report.employees["Bob"]) == kept
    assert report.anomalies == {Anomaly.STATUS_LIMIT: 40}
    assert report.unknown == {"Ann": frozenset(keys[58:98])}


def test_lower_values_of_the_same_day_are_counted() -> None:
    """Only values that both reports have are compared."""
    before = read(
        [person("Ann", online="00:02:00", dnd="00:01:00"), person("Bob", dnd="01:00:00")]
    )
    after = read([person("Ann", online="00:01:59", dnd="00:01:00")])
    assert count_decreased(before, after) == 1
    assert count_decreased(before, before) == 0


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["01:00:00", "00:00:07"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
rows = st.lists(
    st.dictionaries(st.sampled_from(["employee", "online", "dnd", "x"]), json_values, max_size=4)
)


@given(json_values | rows)
def test_whatever_is_decoded_gives_a_report_or_a_typed_error(result: object) -> None:
    """No decoded JSON raises anything else or gives a negative value."""
    try:
        report = read(result, max_employees=3)
    except (SchemaMismatch, TooManyRows):
        return
    for statuses in report.employees.values():
        assert all(seconds >= 0 for seconds in statuses.values())

"""Reading reports and catalogs, and the audit figures.

docs/contract.md#rows, docs/contract.md#rule-1-exact, docs/contract.md#rule-3-never-invented
and docs/contract.md#rule-5-never-merged-in-silence.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.errors import SchemaMismatch
from exporter.ringostat.catalog import CustomStatus, parse_catalog
from exporter.ringostat.rows import Anomaly, read_duration
from tests.support.rows import person, read

DATA = Path(__file__).parent.parent / "data" / "responses"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("01:31:55", 5515),
        ("00:00:00", 0),
        ("11:44:49", 42289),
        ("27:10:05", 97805),
        ("167:59:59", 604799),
        ("-00:00:01", None),
        ("5:7", None),
        ("1 day, 02:00:00", None),
        ("12:60:00", None),
        ("12:00:60", None),
        (" 01:00:00", None),
        ("01:00:00\n", None),
        ("٠١:٠٠:٠٠", None),
        ("1234567:00:00", None),
        ("", None),
    ],
)
def test_reads_a_duration_exactly_or_not_at_all(text: str, seconds: int | None) -> None:
    """What is not `HH:MM:SS` is nothing, never a guess."""
    assert read_duration(text) == seconds


@given(st.integers(0, 999_999), st.integers(0, 59), st.integers(0, 59))
def test_reads_back_every_duration_it_could_be_sent(
    hours: int, minutes: int, seconds: int
) -> None:
    """Hours of two to six digits are read."""
    text = f"{hours:02d}:{minutes:02d}:{seconds:02d}"
    assert read_duration(text) == hours * 3600 + minutes * 60 + seconds


def test_the_documented_sample() -> None:
    """The figures that can be computed by hand from the API description."""
    reply = json.loads((DATA / "daily_report.mended.json").read_text())
    report = read(reply["result"])
    assert report.employees["TEST CY"]["online"] == 5515
    assert report.employees["TEST CY"]["offline"] == 36795
    for name in ("AI IVR Test", "Sergiy Test"):
        assert report.employees[name]["online"] == 42289
        assert report.employees[name]["offline"] == 21
        assert report.employees[name]["dnd"] == report.employees[name]["speaking"] == 0
    assert report.covered_seconds == 42310
    assert report.inconsistent_employees == 0
    assert not report.duplicates
    assert not report.anomalies


def test_the_documented_catalog() -> None:
    """The example answer of method 1 is four statuses with ids as strings."""
    reply = json.loads((DATA / "custom_statuses.json").read_text())
    assert parse_catalog(reply["result"]) == (
        CustomStatus("1763", "At lunch"),
        CustomStatus("1768", "Break"),
        CustomStatus("1773", "On the call"),
        CustomStatus("1778", "On the move"),
    )


@pytest.mark.parametrize("nobody", [[], {}, None])
def test_nobody_is_a_good_answer(nobody: object) -> None:
    """An empty list, an empty object and null are reports without employees."""
    report = read(nobody)
    assert report.employees == {}
    assert report.covered_seconds is None
    assert parse_catalog(nobody) == ()


def test_an_object_keyed_by_id_stands_for_its_values() -> None:
    """Rows and catalog entries are read from either shape."""
    rows = {"17": person("Ann", online="00:00:10"), "18": person("Bob", online="00:00:20")}
    assert read(rows).employees["Bob"]["online"] == 20
    assert parse_catalog({"5": {"id": 5, "title": "Break"}}) == (CustomStatus("5", "Break"),)


@pytest.mark.parametrize("result", ["text", 7, True, 1.5])
def test_anything_else_is_no_report(result: object) -> None:
    """A result that is neither list, object nor null is `schema`."""
    with pytest.raises(SchemaMismatch):
        read(result)
    with pytest.raises(SchemaMismatch):
        parse_catalog(result)


def test_absent_statuses_are_zero_where_the_row_sums_are_the_same_only_so() -> None:
    """Built-ins, and what another row has a readable value of.

    docs/contract.md#rule-3-never-invented
    """
    report = read(
        [
            person("Ann", online="01:00:00", Lunch="00:10:00"),
            person("Bob", online="01:10:00", Walk=None),
        ]
    )
    zero = {"offline": 0, "dnd": 0, "speaking": 0}
    assert report.employees["Bob"] == {"online": 4200, "Lunch": 0, **zero}
    assert report.employees["Ann"] == {"online": 3600, "Lunch": 600, **zero}


@pytest.mark.parametrize(
    ("value", "anomaly"), [(None, Anomaly.NULL_VALUE), ("", Anomaly.EMPTY_VALUE)]
)
def test_null_and_empty_count_as_absent_and_as_an_anomaly(value: object, anomaly: Anomaly) -> None:
    """The status is 0, the anomaly has its own reason, and the row stays consistent."""
    report = read([person("Ann", online="00:01:00", dnd=value)])
    assert report.employees["Ann"]["dnd"] == 0
    assert report.anomalies == {anomaly: 1}
    assert report.inconsistent_employees == 0


@pytest.mark.parametrize("value", ["5:7", "-00:00:01", 5515, True, ["01:00:00"], {}, 1.5])
def test_a_value_that_cannot_be_read_gives_no_sample(value: object) -> None:
    """It costs that status of that employee, and the row is inconsistent."""
    report = read([person("Ann", online="00:01:00", dnd=value), person("Bob", online="00:01:00")])
    assert "dnd" not in report.employees["Ann"]
    assert report.employees["Bob"]["dnd"] == 0
    assert report.anomalies == {Anomaly.BAD_VALUE: 1}
    assert report.inconsistent_employees == 1


def test_one_malformed_row_among_fifty_costs_itself_alone() -> None:
    """No object, no name, or no readable value: the other 49 are shown."""
    good = [person(f"P{n}", online="00:01:00") for n in range(49)]
    for bad, anomaly in (
        ("a row", Anomaly.BAD_ROW),
        ({"online": "00:01:00"}, Anomaly.MISSING_NAME),
        ({"employee": 7, "online": "00:01:00"}, Anomaly.MISSING_NAME),
    ):
        report = read([*good[:20], bad, *good[20:]])
        assert len(report.employees) == 49
        assert report.anomalies == {anomaly: 1}
    report = read([*good, person("Zoe", online="x", dnd=5)])
    assert len(report.employees) == 49
    assert report.anomalies == {Anomaly.BAD_VALUE: 2, Anomaly.BAD_ROW: 1}


def test_a_row_without_any_value_is_no_malformed_one() -> None:
    """An employee with no status at all has 0 in the built-in ones."""
    assert read([person("Ann")]).employees["Ann"] == dict.fromkeys(
        ("online", "offline", "dnd", "speaking"), 0
    )


@pytest.mark.parametrize(("bad", "fails"), [(2, False), (3, True)])
def test_more_than_half_malformed_is_no_report(bad: int, fails: bool) -> None:
    """Exactly half is still a report."""
    rows = [*[person(f"P{n}", online="00:00:01") for n in range(2)], *["x"] * bad]
    if fails:
        with pytest.raises(SchemaMismatch, match="3 of 5 rows"):
            read(rows)
    else:
        assert len(read(rows).employees) == 2


def test_rows_of_one_name_are_added_up_and_said_so() -> None:
    """Names are compared as they are shown.

    docs/contract.md#rule-5-never-merged-in-silence
    """
    report = read(
        [
            person("Kim  Lee", online="01:00:00"),
            person(" Kim Lee", online="00:30:00", dnd="00:30:00"),
            person("Ann", online="01:00:00"),
        ]
    )
    assert report.employees["Kim Lee"]["online"] == 5400
    assert report.employees["Kim Lee"]["dnd"] == 1800
    assert report.duplicates == {"Kim Lee"}
    assert report.covered_seconds == 3600


def test_a_status_that_one_of_two_rows_cannot_tell_is_not_known_of_both() -> None:
    """A sum of which one part is unreadable is not shown."""
    report = read(
        [
            person("Kim", online="01:00:00", dnd="x"),
            person("Kim", online="01:00:00", dnd="00:01:00"),
        ]
    )
    assert report.employees["Kim"]["online"] == 7200
    assert "dnd" not in report.employees["Kim"]


def test_the_covered_time_is_the_most_common_sum_and_of_two_the_larger() -> None:
    """The other rows are inconsistent."""
    rows = [person(f"P{n}", online=f"00:0{n}:00") for n in (1, 1, 2, 2, 3)]
    report = read(rows)
    assert report.covered_seconds == 120
    assert report.inconsistent_employees == 3


def test_a_row_within_five_seconds_is_consistent() -> None:
    """Five seconds off the covered time are allowed, six are not."""
    rows = [person(f"P{n}", online=f"00:01:0{n}") for n in (0, 0, 5, 6)]
    report = read(rows)
    assert report.covered_seconds == 60
    assert report.inconsistent_employees == 1


def test_a_sum_over_the_elapsed_time_by_more_than_ten_minutes() -> None:
    """Ten minutes over are allowed; a second more is an anomaly, and is shown."""
    rows = [person("Ann", online="01:10:00"), person("Bob", online="01:10:01")]
    report = read(rows, elapsed_seconds=3600.0)
    assert report.anomalies == {Anomaly.SUM_EXCEEDS_ELAPSED: 1}
    assert report.employees["Bob"]["online"] == 4201

"""Labels of statuses, and the catalogue against docs/contract.md#5-metrics."""

from exporter.errors import reasons
from exporter.exposition import metric_families
from exporter.exposition.samples import sample_sets
from exporter.exposition.status_labels import label_catalog, label_statuses
from exporter.polling.snapshot import first_snapshot
from exporter.ringostat.catalog import CustomStatus
from exporter.ringostat.names import EmployeeFilter
from exporter.ringostat.rows import Anomaly
from tests.support.answers import with_report
from tests.support.exporting import make_spec


def catalog(*titles: tuple[str, str]) -> dict[str, str]:
    return label_catalog(CustomStatus(number, title) for number, title in titles)


def test_a_title_of_its_own_is_the_label() -> None:
    """A title that nobody shares is shown as it is."""
    assert catalog(("1", "At lunch"), ("2", "Break")) == {"1": "At lunch", "2": "Break"}


def test_a_shared_title_or_a_built_ins_shows_its_id() -> None:
    """Two of one title, or one titled like a built-in, are `title (id)`."""
    assert catalog(("1", "Break"), ("2", "Break"), ("3", "online")) == {
        "1": "Break (1)",
        "2": "Break (2)",
        "3": "online (3)",
    }


def test_a_title_that_looks_like_a_resolved_one_stays_apart() -> None:
    """A title `Break (1)` never falls together with the status 1 that is shown so."""
    labels = catalog(("1", "Break"), ("2", "Break"), ("3", "Break (1)"))
    assert len(set(labels.values())) == 3
    assert labels["3"] == "Break (1)"


def test_keys_are_shown_under_their_titles_and_never_two_under_one() -> None:
    """An id is its title; a key that equals that title gets a suffix."""
    keys = {"online", "1763", "At lunch", "Nap", " Nap", "7"}
    labels = label_statuses(keys, {"1763": "At lunch"})
    assert labels["online"] == "online"
    assert labels["1763"] == "At lunch"
    assert labels["At lunch"] == "At lunch (At lunch)"
    assert labels["7"] == "7"
    assert len(set(labels.values())) == len(keys)


def test_a_custom_status_whose_id_is_a_built_in_word_changes_nothing() -> None:
    """Built-in keys are never renamed by the catalog."""
    assert label_statuses({"online"}, {"online": "Weird"}) == {"online": "online"}


def test_long_titles_stay_apart_after_the_cut() -> None:
    """Equal titles of 300 letters are two labels of 200."""
    labels = catalog(("1", "x" * 300), ("2", "x" * 300))
    assert len(set(labels.values())) == 2
    assert all(len(label) == 200 for label in labels.values())


REASONS = """dns connect tls timeout protocol redirect auth forbidden rate_limited http_4xx
http_5xx encoding too_large decode rpc_error schema row_limit internal"""
ANOMALIES = """null_value empty_value bad_value bad_row missing_name status_limit name_limit
decreased sum_exceeds_elapsed bad_staff"""


def test_the_closed_sets_are_the_contracts() -> None:
    """The label values of `reason` are exactly those that the contract lists."""
    assert set(reasons()) == set(REASONS.split())
    assert {str(one) for one in Anomaly} == set(ANOMALIES.split())


def test_no_family_is_named_twice_and_names_follow_the_custom() -> None:
    """Counters end in `_total`, infos in `_info`, and HELP is a sentence."""
    names = [family.name for family in metric_families.FAMILIES]
    assert len(set(names)) == len(names)
    for family in metric_families.FAMILIES:
        assert family.name.startswith("ringostat_")
        assert (family.kind == "counter") == family.name.endswith("_total")
        assert (family.kind == "info") == family.name.endswith("_info")
        assert family.help.endswith(".")
    for family in metric_families.OF_PROJECTS:
        assert family.labels[0] == "project"


def test_filters_hide_people_of_the_page_and_not_of_the_audit() -> None:
    """People who are not shown count in covered, inconsistent and duplicate all the same."""
    rows = [
        {"employee": "AI IVR 1", "online": "00:02:00"},
        {"employee": "AI IVR 1", "online": "00:02:00"},
        {"employee": "Ann", "online": "00:01:00"},
    ]
    spec = make_spec(shown=EmployeeFilter(exclude=("AI IVR .*",)))
    snapshot = with_report(first_snapshot(spec), rows)
    shown = {samples.family.name: list(samples.rows) for samples in sample_sets(snapshot)}
    names = {labels[1] for labels, _ in shown["ringostat_employee_status_seconds"]}
    assert names == {"Ann"}
    values = {name: rows[0][1] for name, rows in shown.items() if rows}
    assert values["ringostat_report_employees"] == 1
    assert values["ringostat_report_covered_seconds"] == 120
    assert values["ringostat_report_inconsistent_employees"] == 1
    assert values["ringostat_report_duplicate_employees"] == 1

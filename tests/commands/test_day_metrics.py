"""The labels that `backfill` may be given."""

import pytest

from exporter.commands.day_metrics import check_labels
from exporter.errors import UsageError


@pytest.mark.parametrize(
    "name", ["project", "employee", "employee_id", "department", "status", "window", "__name__"]
)
def test_a_label_that_the_series_have_is_a_usage_error(name: str) -> None:
    """It would overwrite what tells the series apart."""
    with pytest.raises(UsageError, match=f"--label={name}=.*: the series have a label {name}"):
        check_labels({"job": "ringostat", name: "x"})


def test_any_other_label_is_taken_and_bytes_that_are_no_text_are_not() -> None:
    """What the shell hands on as invalid UTF-8 cannot be written."""
    check_labels({"job": "x", "instance": "y", "replica": "Ä\n"})
    with pytest.raises(UsageError, match="the value is not valid UTF-8"):
        check_labels({"replica": "\udcff"})

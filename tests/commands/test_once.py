"""The table of `once`, worked out by hand, and its JSON."""

import json

from exporter.commands.once_text import in_csv, in_json, table_lines
from exporter.commands.text_table import hours
from exporter.files import FileValue
from exporter.polling.snapshot import first_snapshot
from exporter.ringostat.pseudonyms import Pseudonyms, read_pseudonym_key
from tests.support.answers import with_catalog, with_report
from tests.support.exporting import make_spec
from tests.support.pseudonyms import ANN, BOB, KEY, OLENA


def test_hours() -> None:
    """Seconds are shown as hours and whole minutes; nothing and zero are blank."""
    assert [hours(n) for n in (None, 0, 21, 5515, 360000)] == ["", "", "0:00", "1:31", "100:00"]


def test_a_table_of_two_people() -> None:
    """Columns are in a fixed order under their titles, with a total."""
    titled = with_catalog(first_snapshot(make_spec()), [{"id": 7, "title": "At lunch"}])
    rows = [
        {"employee": "Олена", "online": "01:31:55", "7": "00:30:00"},
        {"employee": "Bob", "speaking": "10:00:00", "offline": "00:01:00"},
    ]
    snapshot = with_report(titled, rows)
    lines = list(table_lines([snapshot]))
    assert [line for _, line in lines] == [
        "Sales, today (2026-03-25)",
        "       speaking  online  dnd  At lunch  offline",
        "Bob       10:00                            0:01",
        "Олена              1:31           0:30",
        "total     10:00    1:31           0:30     0:01",
        "",
    ]
    assert [style for style, _ in lines] == ["bold", "dim", "", "", "bold", ""]


def test_json_holds_every_word_and_commands_no_terminal() -> None:
    """What a terminal would act on, or no encoding has, is an escape that reads the same."""
    catalog = [{"id": "7\x1b\u009b\u202e", "title": "At\u202elunch"}]
    text = in_json([with_catalog(first_snapshot(make_spec()), catalog)])
    assert all(line.isprintable() for line in text.splitlines())
    (project,) = json.loads(text)
    assert list(project["custom_statuses"].values()) == ["At\u202elunch"]


def test_a_cell_of_the_table_is_one_clean_word() -> None:
    """A direction mark in a name is replaced before the columns are aligned."""
    rows = [{"employee": "Ann\u202e", "online": "01:00:00"}]
    lines = [line for _, line in table_lines([with_report(first_snapshot(make_spec()), rows)])]
    assert all(line.isprintable() for line in lines)


def test_pseudonyms_are_in_every_format_for_people_and_in_their_own_order() -> None:
    """No name is in any, and the rows' order tells of none."""
    spec = make_spec(pseudonyms=FileValue(Pseudonyms(KEY), read_pseudonym_key))
    rows = [{"employee": name, "online": "01:00:00"} for name in ("Олена Шевченко", "Bob", "Ann")]
    snapshots = [with_report(first_snapshot(spec), rows)]
    table = [line for _, line in table_lines(snapshots)]
    assert [line.split()[0] for line in table[2:5]] == [ANN, BOB, OLENA]
    ((project,), csv) = json.loads(in_json(snapshots)), in_csv(snapshots)
    assert list(project["windows"][0]["employees"]) == [ANN, BOB, OLENA]
    cells = [line.split(",") for line in csv.splitlines()]
    assert [row[4] for row in cells if row[5] == "online"] == [ANN, BOB, OLENA]
    for output in (in_json(snapshots), csv, "".join(table)):
        assert not any(name in output for name in ("Олена", "Bob", "Ann"))

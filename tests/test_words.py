"""Words of others in our messages."""

from exporter.words import did_you_mean, one_line, show_word


def test_a_word_stays_on_its_line_and_moves_no_cursor() -> None:
    assert one_line("Ann\nBob\x1b[2J\u202e\ud800 Кия") == "Ann\ufffdBob\ufffd[2J\ufffd\ufffd Кия"


def test_a_long_word_is_cut() -> None:
    assert show_word("x" * 200) == "x" * 200
    assert show_word("x" * 1000) == "x" * 200 + "…"


def test_the_nearest_word_is_suggested_and_no_far_one() -> None:
    assert did_you_mean("intervall", ["timeout", "interval"]) == ' (did you mean "interval"?)'
    assert did_you_mean("colour", ["timeout", "interval"]) == ""

"""Names are sorted as people look for them, not by their code points."""

from exporter.commands.collation import collation_key


def test_ukrainian_letters_stand_where_the_alphabet_has_them() -> None:
    """Є after Е, І and Ї after И, Й after those; by code points І and Є come before А."""
    words = ["Яна", "Ївга", "Іван", "Андрій", "Єва", "Йосип", "Евеліна", "Инна", "Ганна"]
    assert sorted(words, key=collation_key) == [
        "Андрій",
        "Ганна",
        "Евеліна",
        "Єва",
        "Инна",
        "Іван",
        "Ївга",
        "Йосип",
        "Яна",
    ]


def test_capitals_and_accents_do_not_part_names() -> None:
    """Words that are equal but for these stand together, in one order each time."""
    words = ["zoë", "Öl", "ann", "Ol", "Ann", "Zoe", "ol"]
    expected = ["ann", "Ann", "ol", "Ol", "Öl", "Zoe", "zoë"]
    assert sorted(words, key=collation_key) == expected
    assert sorted(set(words), key=collation_key) == expected

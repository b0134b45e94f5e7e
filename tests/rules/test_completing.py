"""Names are found by how their words begin, blind to accents and case, never more than ten."""

import pytest

from coi.rules.completing import Beginnings, folded

NAMES = ["Ágata Núñez", "Acme Paving LLC", "The Acme Company", "O'Brien & Sons", "Nuñez Catering", "Keystone Paving"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("acme", ["Acme Paving LLC", "The Acme Company"]),
        ("NUNEZ", ["Nuñez Catering", "Ágata Núñez"]),
        ("pav key", ["Keystone Paving"]),
        ("obrien", ["O'Brien & Sons"]),
        ("acme pav", ["Acme Paving LLC"]),
        ("a", []),
        (" - ", []),
        ("zz", []),
        ("", []),
    ],
)
def test_a_name_is_found_by_the_beginnings_of_its_words(typed, found):
    assert [NAMES[place] for place in Beginnings(NAMES).find(typed)] == found


def test_thirty_thousand_names_give_ten():
    many = Beginnings(f"{word} {kind} {number}" for number in range(3000) for word in ("Acme", "Río") for kind in "abcde")
    assert len(many) == 30_000
    for typed in ("ac", "rio", "acme c 29", "e 1", "rio a 2999", "nothing"):
        assert len(many.find(typed)) <= 10
    assert [many.names[place] for place in many.find("rio a 2999")] == ["Río a 2999"]


def test_folding_keeps_letters_and_digits_only():
    assert folded("  Ñandú’s  CAFÉ-Bar, №3 ") == "nandus cafe bar no3"

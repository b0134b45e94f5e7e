"""Names: the same, likely, possible; found among many without a full scan."""

import pytest

from coi.rules.matching import Names, grade, normal

SAME = [
    ("Bright Lamp Works LLC", "BRIGHT LAMP WORKS, L.L.C."),
    ("Bright Lamp Works", "Works, Bright Lamp"),
    ("Peña & Sons Co.", "pena and sons"),
    ("Río Azul, Inc.", "RIO AZUL INCORPORATED"),
    ("Grandmother's Quilts", "Grandmother’s Quilts"),
    ("Acme Corp. Ltd", "Acme"),
    ("J.P. Lumber", "JP Lumber"),
]
OTHER = [("Bright Lamp Works", "Bright Lamp"), ("Company", "Corporation"), ("Acme Paving", "Acme Painting"), ("!!!", "???")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_names_are_equal_in_their_normal_form(one, other):
    assert normal(one) == normal(other)
    assert grade(one, other) == "exact"


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_names_are_not_the_same(one, other):
    assert normal(one) != normal(other)
    assert grade(one, other) != "exact"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Bright Lamp Works", "The Bright Lamp Works", "likely"),
        ("Bright Lamp Works", "Brihgt Lamp Works", "likely"),
        ("Keystone Paving Works", "Bluestone Paving Works", None),
        ("Bright Lamp Works Limited Liability Company", "Bright Lamp Works", "likely"),
        ("Brightlamp", "Bright Lamp", "likely"),
        ("Harbor Tile Council (HTC)", "Harbor Tile Council", "likely"),
        ("Three Rivers Paving", "3 Rivers Paving", "likely"),
        ("Harbor Tile Council", "HTC", "possible"),
        ("Harbortown", "Harbortown Concrete Supply", "possible"),
        ("Bright Lamp Works (Ohio)", "Bright Lamp Works", "possible"),
        ("Apex", "Apex Pharma", None),
        ("Lumen Ortega", "Keystone Paving LLC", None),
        ("First National Bank", "Second National Bank", None),
        ("x", "y", None),
    ],
)
def test_how_sure_a_name_is(one, other, level):
    assert grade(one, other) == level
    assert grade(other, one) == level


def test_a_legal_form_does_not_outweigh_the_name():
    names = Names([(1, "Acme Painting Inc"), (2, "Acme Paving LLC")])
    assert names.find("acme paving inc")[0] == (2, "exact", 1.0)


def test_the_surest_comes_first_and_a_stranger_finds_nothing():
    names = Names([(1, "Bright Lamp Works of Ohio"), (2, "Brigth Lamp Works"), (3, "Bright Lamp Works Inc"), (4, "Harbor Tiles")])
    assert [(name_id, level) for name_id, level, _score in names.find("Bright Lamp Works")][:2] == [(3, "exact"), (2, "likely")]
    assert names.find("Zanzibar Opera") == []
    assert names.find("") == []
    assert len(names) == 4


def test_an_empty_index_finds_nothing():
    assert Names([]).find("Bright Lamp Works") == []


def test_names_in_other_alphabets_and_without_letters_are_found():
    names = Names([(1, "東京電力"), (2, "ООО Заря"), (3, "!!!")])
    assert [names.find(text)[0][:2] for text in ("東京電力", "заря ооо", "!!!")] == [(1, "exact"), (2, "exact"), (3, "exact")]


def test_a_name_is_found_among_many_that_share_its_common_words():
    many = [(number, f"Number {number} City Construction Services Group") for number in range(5000)]
    names = Names([*many, (-1, "Quillfeather City Construction Services Group")])
    assert names.find("Quilfeather City Construction Services Group")[0][:2] == (-1, "likely")

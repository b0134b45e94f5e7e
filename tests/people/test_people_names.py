"""Names as payroll systems write them become names that people would sign."""

import pytest

from coi.people.names import friendly_name, joined_name
from coi.people.queries import search_text


@pytest.mark.parametrize(
    ("written", "friendly"),
    [
        ("ALDERDEN, JACOB M", "Jacob M Alderden"),
        ("SMITH JR, JOHN M", "John M Smith Jr."),
        ("SMITH, JOHN, JR", "John Smith Jr."),
        ("José Ñuñez-O'Brien, Jr.", "José Ñuñez-O'Brien, Jr."),
        ("DE LA CRUZ, MARÍA", "María de la Cruz"),
        ("o'neill, anne-marie", "Anne-Marie O'Neill"),
        ("MCDONALD III, PAT V", "Pat V McDonald III"),
        ("SMITH, J.D.", "J.D. Smith"),
        ("SMITH, John", "John Smith"),
        ("Maria de la Cruz", "Maria de la Cruz"),
        ("LEE, X", "X Lee"),
        ("Li", "Li"),
        (" , ", ""),
    ],
)
def test_a_name_is_put_in_a_friendly_order_and_case(written, friendly):
    assert friendly_name(written) == friendly


def test_first_and_last_name_become_one_with_the_suffix_at_its_end():
    assert joined_name("GEORGE", "HOWE III") == "George Howe III"
    assert joined_name("", "Cher") == "Cher"


@pytest.mark.parametrize(("typed", "same"), [("  ÑUÑEZ  O’Brien ", "nunez o’brien"), ("Straße", "STRASSE"), ("É", "e")])
def test_a_search_knows_no_case_and_no_accents(typed, same):
    assert search_text(typed) == search_text(same)


def test_a_search_text_fits_its_column():
    assert len(search_text("ß" * 500)) == 200

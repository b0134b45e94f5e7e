"""What people type for amounts, dates and texts, and the forms built from a questionnaire; without a database."""

import pytest
from werkzeug.datastructures import MultiDict

from forms.base import tidy, unwritable
from forms.built import anchor_of, only_ours, too_many
from forms.typed import as_typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2025-07-01", "2025-07-01"),
        ("2025-7-1", "2025-07-01"),
        ("7/1/2025", "2025-07-01"),
        ("07-01-2025", "2025-07-01"),
        ("13/1/2025", "2025-01-13"),
        ("July 1, 2025", "2025-07-01"),
        ("Jul. 1st 2025", "2025-07-01"),
        ("1 July 2025", "2025-07-01"),
        ("1 de julio de 2025", "2025-07-01"),
        ("julio 1 de 2025", "2025-07-01"),
        ("2025-02-30", "2025-02-30"),
        ("0000-00-00", "0000-00-00"),
        ("10000-01-01", "10000-01-01"),
        ("last summer", "last summer"),
        ("1 smarch 2025", "1 smarch 2025"),
        ("٧/١/٢٠٢٥", "٧/١/٢٠٢٥"),
        ("", ""),
    ],
)
def test_a_date_is_taken_in_several_orders_and_anything_else_stays_as_typed(typed, kept):
    assert as_typed("date", typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("$1,250", "1250"),
        ("1,250.50", "1250.50"),
        ("$ 20", "20"),
        ("20 dollars", "20"),
        ("1.250,00", "1.250,00"),
        ("12,34", "12,34"),
        ("-5", "-5"),
        ("NaN", "NaN"),
        ("1E+999999", "1E+999999"),
        ("9" * 5000, "9" * 5000),
        ("about 20", "about 20"),
        ("١٢", "١٢"),
    ],
)
def test_an_amount_is_evened_out_or_stays_as_typed(typed, kept):
    assert as_typed("money", typed) == kept


def test_percent_and_number_have_signs_of_their_own():
    assert as_typed("percent", "12.5 %") == "12.5"
    assert as_typed("number", "12 %") == "12 %"
    assert as_typed("number", "1,200") == "1200"
    assert as_typed("text", "$1,250") == "$1,250"


def test_text_is_stripped_of_what_nobody_sees_and_kept_in_one_form():
    assert tidy(" \u200b\u00a0 jose\u0301\r\nb\rc \u3000") == "jos\u00e9\nb\nc"
    assert tidy(None) is None


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\x7f", "\x85", "\ufffe", "\uffff", "\ud800"])
def test_characters_that_nothing_can_carry_are_found(text):
    assert unwritable(f"a{text}b")


@pytest.mark.parametrize("text", ["a\nb", "tab\there", "\U0001f600", "\u05e9\u05dc\u05d5\u05dd", "z" + "\u0301" * 50, "_x0041_"])
def test_everything_else_may_be_written(text):
    assert not unwritable(text)
    assert unwritable(text, lines=False) is ("\n" in text or "\t" in text)


def test_names_that_no_page_of_ours_sends_are_passed_over():
    names = [
        "gifts.:0:giver.",
        "has_gifts.",
        "gifts.:²:giver.",
        "gifts.:99999:giver.",
        "",
        "a b",
        "x\n",
        "<script>",
        "gifts.:-1:x.",
    ]
    assert list(only_ours(MultiDict(dict.fromkeys(names, "1")))) == ["gifts.:0:giver.", "has_gifts."]


def test_entries_are_counted_list_by_list():
    assert not too_many({f"gifts.:{number}:a.": "" for number in range(200)})
    assert too_many({f"gifts.:{number}:a.": "" for number in range(201)})
    assert not too_many({f"{name}.:{number}:a.": "" for name in "abc" for number in range(150)})
    assert too_many({f"{name}.:{number}:a.": "" for name in "abcdefgh" for number in range(150)})
    assert too_many({f"gifts.:0:items.:{number}:a.": "" for number in range(201)})


def test_a_path_of_the_engine_leads_to_its_field():
    assert anchor_of("has_gifts") == "has_gifts."
    assert anchor_of("gifts[0].items[12].amount") == "gifts.:0:items.:12:amount."
    assert anchor_of("gifts[3]") == "gifts.:3"

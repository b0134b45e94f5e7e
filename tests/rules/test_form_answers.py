"""One answer of each type: what is kept, and what is refused; odd input is a fault and never an exception."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from coi.questionnaires.loading import shipped
from coi.rules.form import Form
from tests.rules.small_forms import answer_to, faults, form, judged

ALL_TYPES = form("""
- {id: yes_no, title: T, type: yes_no}
- {id: choice, title: T, type: choice, choices: [red, blue]}
- {id: multi, title: T, type: multi, choices: [red, blue, green, none, not_sure]}
- {id: text, title: T, type: text}
- {id: longtext, title: T, type: longtext}
- {id: address, title: T, type: address}
- {id: home, title: T, type: address, visibility: redact_if_home}
- {id: date, title: T, type: date}
- {id: after, title: T, type: date, not_before: date}
- {id: money, title: T, type: money}
- {id: number, title: T, type: number}
- {id: percent, title: T, type: percent}
- {id: attest, title: T, type: attest}
- {id: entries, title: T, type: entries, entries: {item: thing, fields: [{id: name, title: T, type: text}]}}
""")

KEPT = [
    ("yes_no", "yes", "yes"),
    ("choice", "blue", "blue"),
    ("multi", ["green", "red", "red"], ["red", "green"]),
    ("multi", ["none"], ["none"]),
    ("text", "  Cafe\u0301 \u00a0\u200b", "Café"),
    ("text", "x" * 500, "x" * 500),
    ("text", "{{7*7}} _x0041_ =1+1 {since}", "{{7*7}} _x0041_ =1+1 {since}"),
    ("longtext", "a\r\nb\rc\n", "a\nb\nc"),
    ("longtext", "😀" * 9_990, "😀" * 9_990),
    ("address", "1 Main St\r\nAshford", "1 Main St\nAshford"),
    ("home", "1 Main St", {"text": "1 Main St", "home": "yes"}),
    ("home", {"text": " 1 Main St ", "home": "no"}, {"text": "1 Main St", "home": "no"}),
    ("date", "2024-02-29", "2024-02-29"),
    ("date", "1900-01-01", "1900-01-01"),
    ("money", 1250, "1250.00"),
    ("money", "1250.5", "1250.50"),
    ("money", 0.1, "0.10"),
    ("money", "0", "0.00"),
    ("money", 999_999_999_999, "999999999999.00"),
    ("money", Decimal("7.50"), "7.50"),
    ("number", "12.50", "12.5"),
    ("number", "007", "7"),
    ("number", 100, "100"),
    ("number", 1000.0, "1000"),
    ("percent", 12.5, "12.5"),
    ("percent", "1000", "1000"),
    ("attest", "yes", "yes"),
    ("entries", [{"name": "a"}, {}], [{"name": "a"}, {}]),
]

REFUSED = [
    ("yes_no", True, "not_yes_no"),
    ("yes_no", "YES", "not_yes_no"),
    ("choice", "green", "not_a_choice"),
    ("choice", 0, "not_a_choice"),
    ("choice", ["red"], "not_a_choice"),
    ("choice", {"a": 1}, "not_a_choice"),
    ("multi", "red", "not_a_choice"),
    ("multi", ["red", ""], "not_a_choice"),
    ("multi", ["red", 5], "not_a_choice"),
    ("multi", [["red"]], "not_a_choice"),
    ("multi", ["none", "red"], "not_together"),
    ("multi", ["none", "not_sure"], "not_together"),
    ("text", "a\nb", "one_line"),
    ("text", "a\u2028b", "one_line"),
    ("text", "x" * 501, "too_long"),
    ("text", "x" * 5_000_000, "too_long"),
    ("text", 5, "not_text"),
    ("text", ["a"], "not_text"),
    ("longtext", "x" * 10_001, "too_long"),
    ("longtext", "a\x00b", "not_printable"),
    ("longtext", "a\x0bb", "not_printable"),
    ("longtext", "a\x85b", "not_printable"),
    ("longtext", "a\uffffb", "not_printable"),
    ("longtext", "a\ufffe", "not_printable"),
    ("longtext", "\ud800", "not_printable"),
    ("address", {"text": "1 Main St", "home": "no"}, "not_text"),
    ("home", {"text": "1 Main St"}, "not_address"),
    ("home", {"text": "1 Main St", "home": "perhaps"}, "not_address"),
    ("home", {"text": "1 Main St", "home": "no", "more": 1}, "not_address"),
    ("home", {"text": 5, "home": "no"}, "not_text"),
    ("date", "2026-02-30", "not_a_date"),
    ("date", "31/12/2026", "not_a_date"),
    ("date", "2026-2-1", "not_a_date"),
    ("date", "٢٠٢٦-٠١-٠١", "not_a_date"),
    ("date", 20260101, "not_a_date"),
    ("date", "1899-12-31", "date_range"),
    ("date", "2101-01-01", "date_range"),
    ("money", "$1,250", "not_a_number"),
    ("money", "1.234", "decimals"),
    ("money", 0.001, "decimals"),
    ("money", "-1", "negative"),
    ("money", "-0.50", "negative"),
    ("money", "99999999999999.99", "too_big"),
    ("money", -1, "negative"),
    ("money", True, "not_a_number"),
    ("money", "NaN", "not_a_number"),
    ("money", float("nan"), "not_a_number"),
    ("money", float("inf"), "not_a_number"),
    ("money", Decimal("sNaN"), "not_a_number"),
    ("money", "1E+999999", "not_a_number"),
    ("money", Decimal("1E+999999"), "too_big"),
    ("money", 1e300, "too_big"),
    ("money", 10**5000, "too_big"),
    ("money", "9" * 5000, "too_big"),
    ("money", 1_000_000_000_000, "too_big"),
    ("money", "١٢", "not_a_number"),
    ("money", "1_000", "not_a_number"),
    ("number", "1.23456", "decimals"),
    ("percent", "1000.01", "percent_range"),
    ("attest", "no", "not_agreed"),
    ("attest", True, "not_agreed"),
    ("entries", "none", "not_a_list"),
    ("entries", {"name": "a"}, "not_a_list"),
    ("entries", [{"name": "a"}] * 201, "too_many"),
    ("entries", [{"name": "a"}] * 5000, "too_many"),
]


@pytest.mark.parametrize(("name", "sent", "kept"), KEPT, ids=range(len(KEPT)))
def test_an_answer_is_kept_in_one_way(name, sent, kept):
    assert answer_to(ALL_TYPES, name, sent) == (kept, None)


@pytest.mark.parametrize(("name", "sent", "code"), REFUSED, ids=range(len(REFUSED)))
def test_a_wrong_answer_is_a_fault_at_its_path(name, sent, code):
    kept, fault = answer_to(ALL_TYPES, name, sent)
    assert fault == code
    assert name == "entries" or kept is None


@pytest.mark.parametrize("name", list(ALL_TYPES.by_id))
@pytest.mark.parametrize("blank", [None, "", [], "  ", "\u00a0\u200b \n"])
def test_blank_is_left_out(name, blank):
    assert answer_to(ALL_TYPES, name, blank) == (None, None)


def test_a_date_may_not_be_before_the_one_it_names():
    found = judged(ALL_TYPES, {"date": "2025-05-02", "after": "2025-05-01"})
    assert faults(found) == {"after": "before"}
    assert judged(ALL_TYPES, {"date": "2025-05-02", "after": "2025-05-02"}).faults == ()
    assert judged(ALL_TYPES, {"after": "2025-05-01"}).faults == ()


def test_unknown_ids_are_faults_at_their_own_path():
    found = judged(ALL_TYPES, {"status": "approved", "entries": [{"name": "a", "owner_id": 7, "_key": "abc"}], "x\ud800": 1})
    assert faults(found) == {"entries[0].owner_id": "unknown", "status": "unknown", "x\ufffd": "unknown"}


def test_an_entry_that_is_no_object_is_a_fault_at_its_number():
    found = judged(ALL_TYPES, {"entries": [{}, "x", None, []]})
    assert faults(found) == {"entries[1]": "not_an_entry", "entries[2]": "not_an_entry", "entries[3]": "not_an_entry"}


def test_answers_that_are_no_object_are_one_fault():
    assert faults(judged(ALL_TYPES, ["yes"])) == {"": "not_an_object"}


def test_the_key_of_an_entry_is_kept_and_a_strange_one_is_not():
    found = judged(ALL_TYPES, {"entries": [{"_key": "k3y-a_b", "name": "a"}, {"_key": "x" * 65}, {"_key": {"a": 1}}]})
    assert found.faults == ()
    assert found.signed["entries"] == [{"_key": "k3y-a_b", "name": "a"}, {}, {}]


CITY = Form.from_content(shipped("city-coi"))
IDS = [*CITY.by_id, "zz"]
FIELDS = [field.id for ask in CITY.by_id.values() if ask.entries for field in ask.entries.fields]
PLAIN = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=20)
    | some.sampled_from(["yes", "no", "none", "me", "1250.00", "2025-05-05", "cash_or_gift_card"])
)
ANYTHING = some.recursive(
    PLAIN,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(
    answers=some.dictionaries(some.sampled_from(IDS), ANYTHING, max_size=12), level=some.sampled_from(["full", "short", None, 5])
)
def test_no_answers_of_any_kind_raise(answers, level):
    found = judged(CITY, answers, kind="annual", level=level, duties=answers)
    assert len({fault.path for fault in found.faults}) == len(found.faults)
    json.dumps(found.signed)


@settings(max_examples=100, deadline=None)
@given(answers=some.dictionaries(some.sampled_from(IDS), ANYTHING, max_size=12))
def test_what_is_signed_is_signed_the_same_again(answers):
    once = judged(CITY, answers, kind="annual", level="full")
    again = judged(CITY, once.signed, kind="annual", level="full")
    assert again.signed == once.signed
    assert again.dropped == ()

"""Lists: how many entries, none, lists in lists, what is reported and what stays open."""

import pytest

from tests.rules.small_forms import entries, faults, form, judged

GIFTS = form("""
- id: gifts
  title: T
  type: entries
  entries:
    item: gift
    report_if: {any: [{f: kind, is: cash}, {sum: {entries: gifts, by: giver, of: [value, part], skip: tiny}, threshold: line}]}
    fields:
      - {id: giver, title: T, type: text, required: true}
      - {id: kind, title: T, type: choice, choices: [cash, meal]}
      - {id: value, title: T, type: money, show_if: {not: {f: kind, is: cash}}}
      - {id: note, title: T, type: text, required_if: {f: value, gt: 20}}
      - id: items
        title: T
        type: entries
        show_if: {f: kind, is: meal}
        entries:
          item: part
          min: 1
          fields:
            - {id: part, title: T, type: money, required: true}
            - {id: who, title: T, type: text, required_if: {f: value, answered: true}}
""")


def gift(giver="Ann", kind=None, value=None, note="n", **more):
    return {"giver": giver, "kind": kind, "value": value, "note": note, **more}


@pytest.mark.parametrize(
    ("gifts", "reported"),
    [
        ([gift(value=49)], ()),
        ([gift(value=50)], (0,)),
        ([gift(value=30), gift("ann, inc.", value=20), gift("Bob", value=49)], (0, 1)),
        ([gift(value=45), gift(value=9.99)], ()),  # amounts under 10 do not count
        ([gift(value=9.99)], ()),
        ([gift(kind="cash")], (0,)),
        ([gift(kind="cash", value=5), gift(value=20)], (0,)),  # hidden counts nothing, and is not unknown
        ([gift(value=None)], (0,)),  # what is not known is not under the line
        ([gift(value=10), gift(value=None)], (0, 1)),
        ([gift(value=10), gift("Bob", value=None)], (1,)),
        ([gift("", value=30), gift("", value=30)], ()),  # without a name each stands alone
        ([gift("none", value=30), gift("None", value=30)], (0, 1)),  # a required text is a name, whatever it says
    ],
)
def test_entries_are_reported_by_the_total_of_one_giver(gifts, reported):
    # A blank kind alone would leave the line open, so each that has none is a meal with a part that counts nothing.
    answers = [{**one, "kind": one["kind"] or "meal", "items": [{"part": 0, "who": "x"}]} for one in gifts]
    for one in answers:
        if one["kind"] == "cash":
            del one["items"]
    assert entries(GIFTS, "gifts", *answers).reportable["gifts"] == reported


def test_lists_inside_count_into_the_total_and_a_blank_one_leaves_it_open():
    meal = {"giver": "Ann", "kind": "meal", "value": "20", "note": "n"}
    assert entries(GIFTS, "gifts", {**meal, "value": 20, "items": [{"part": 15}, {"part": 14.99}]}).reportable["gifts"] == ()
    assert entries(GIFTS, "gifts", {**meal, "items": [{"part": 15}, {"part": 15}]}).reportable["gifts"] == (0,)
    assert entries(GIFTS, "gifts", {**meal, "items": []}).reportable["gifts"] == (0,)
    assert entries(GIFTS, "gifts", {**meal, "items": [{"part": "wrong"}]}).reportable["gifts"] == (0,)


def test_a_blank_that_is_shown_is_open_in_every_part():
    assert entries(GIFTS, "gifts", {"giver": "Ann", "value": 5, "note": "n"}).reportable["gifts"] == (0,)


def test_under_the_line_nothing_is_required_but_wrong_is_wrong():
    low = {"kind": "meal", "value": 21, "items": [{"part": 1}]}
    assert faults(entries(GIFTS, "gifts", low)) == {}
    assert faults(entries(GIFTS, "gifts", {**low, "giver": 5, "items": [{"part": 1, "who": ["x"], "zz": 1}]})) == {
        "gifts[0].giver": "not_text",
        "gifts[0].items[0].who": "not_text",
        "gifts[0].items[0].zz": "unknown",
    }
    high = {**low, "value": 60}
    assert faults(entries(GIFTS, "gifts", high)) == {
        "gifts[0].giver": "blank",
        "gifts[0].note": "blank",
        "gifts[0].items[0].who": "blank",
    }
    assert faults(entries(GIFTS, "gifts", {**high, "items": []}))["gifts[0].items"] == "too_few"


def test_the_row_of_the_reporting_year_counts_whatever_the_day_of_signing():
    one = {"giver": "Ann", "kind": "meal", "value": 100, "note": "n", "items": [{"part": 0, "who": "x"}]}
    assert entries(GIFTS, "gifts", one, year=2024).reportable["gifts"] == ()
    assert entries(GIFTS, "gifts", one, year=2025, on="2031-01-01").reportable["gifts"] == (0,)


def test_what_is_hidden_in_an_entry_is_dropped():
    found = entries(GIFTS, "gifts", {"giver": "Ann", "kind": "cash", "value": "wrong", "items": [{"part": 1}]})
    assert (found.faults, found.signed) == ((), {"gifts": [{"giver": "Ann", "kind": "cash"}]})
    assert found.dropped == ("gifts[0].value", "gifts[0].items")
    assert "gifts[0].giver" in found.shown
    assert "gifts[0].value" not in found.shown


@pytest.mark.parametrize(
    ("keys", "sent", "fault"),
    [
        ("", None, None),
        ("", [], None),
        ("", [{}], None),
        ("", "none", "not_a_list"),
        ("required: true, ", [], "too_few"),
        ("required: true, ", [{}], None),
        ("none_statement: true, ", None, "blank_or_none"),
        ("none_statement: true, ", "none", None),
        ("none_statement: true, ", [{}], None),
        ("none_statement: true, required: true, ", "none", None),
        ("none_statement: true, required: true, ", [], "blank_or_none"),
    ],
)
def test_how_a_list_may_be_answered(keys, sent, fault):
    small = form(f"- {{id: l, title: T, type: entries, {keys}entries: {{item: i, fields: [{{id: x, title: T, type: text}}]}}}}")
    assert faults(judged(small, {"l": sent})).get("l") == fault


def test_a_list_needs_its_minimum_when_it_is_shown():
    small = form("""
- {id: a, title: T, type: yes_no}
- id: l
  title: T
  type: entries
  show_if: {q: a, is: "yes"}
  entries: {item: i, min: 2, fields: [{id: x, title: T, type: text}]}
""")
    assert faults(judged(small, {"a": "yes", "l": [{}]})) == {"l": "too_few"}
    assert faults(judged(small, {"a": "yes", "l": [{}, {}]})) == {}
    assert faults(judged(small, {"a": "no"})) == {}


def test_a_list_is_answered_by_an_entry_or_by_none():
    small = form("""
- {id: l, title: T, type: entries, none_statement: true, entries: {item: i, fields: [{id: x, title: T, type: text}]}}
- {id: after, title: T, type: yes_no, show_if: {q: l, answered: true}}
""")
    assert "after" in judged(small, {"l": "none"}).shown
    assert "after" in judged(small, {"l": [{}]}).shown
    assert "after" not in judged(small, {}).shown


def test_a_field_inside_reads_its_own_entry_first_and_then_the_outer_one():
    small = form("""
- id: l
  title: T
  type: entries
  entries:
    item: i
    fields:
      - {id: kind, title: T, type: choice, choices: [a, b]}
      - {id: outer, title: T, type: choice, choices: [a, b]}
      - id: inner
        title: T
        type: entries
        entries:
          item: i
          fields:
            - {id: early, title: T, type: text, show_if: {f: kind, is: a}}
            - {id: kind, title: T, type: choice, choices: [a, b]}
            - {id: late, title: T, type: text, show_if: {f: kind, is: b}}
            - {id: far, title: T, type: text, show_if: {f: outer, is: a}}
""")
    found = judged(small, {"l": [{"kind": "a", "outer": "a", "inner": [{"kind": "b"}, {}]}]})
    inside = "l[0].inner[0]."
    assert {path for path in found.shown if path.startswith(inside)} == {
        inside + name for name in ("early", "kind", "late", "far")
    }
    assert "l[0].inner[1].late" not in found.shown

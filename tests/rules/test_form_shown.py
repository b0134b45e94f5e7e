"""What is asked, what is dropped, what is required; conditions over blanks, several codes and asked attributes."""

import pytest

from coi.rules.completeness import evaluate_review
from tests.rules.small_forms import HEAD, faults, form, judged, setting

LEVELS = form("""
- {id: level, title: T, type: choice, choices: [short, full]}
- {id: has, title: T, type: yes_no, required: true}
- {id: more, title: T, type: text, show_if: {q: has, is: "yes"}, required_if: {filer: level, is: full}}
- {id: why, title: T, type: text, show_if: {all: [{q: more, answered: true}, {not: {filer: level, in: [short]}}]}, required: true}
- {id: duty, title: T, type: yes_no, show_if: {filer: duties, in: [checks]}}
""")


def test_a_hidden_question_is_dropped_and_said_so():
    found = judged(LEVELS, {"has": "no", "more": "left over", "why": ["left", "over"], "duty": ""})
    assert (found.faults, found.signed) == ((), {"has": "no"})
    assert found.dropped == ("more", "why")
    assert found.shown == {"section:one", "level", "has"}


@pytest.mark.parametrize(
    ("answers", "filer", "expected"),
    [
        ({}, {}, {"has": "blank"}),
        ({"has": "  "}, {}, {"has": "blank"}),
        ({"has": "perhaps"}, {}, {"has": "not_yes_no"}),
        ({"has": "yes"}, {"level": "full"}, {"more": "blank"}),
        ({"has": "yes"}, {"level": "short"}, {}),
        ({"has": "yes"}, {}, {}),
        ({"has": "yes", "more": "x"}, {"level": "full"}, {"why": "blank"}),
        ({"has": "yes", "more": "x"}, {"level": "short"}, {}),
        ({"has": "yes", "more": "x", "level": "short"}, {"level": "full"}, {}),
        ({"has": "yes", "more": "x", "level": ""}, {"level": "short"}, {}),
        ({"has": "yes", "more": "x", "level": 7}, {"level": "short"}, {"level": "not_a_choice"}),
    ],
)
def test_what_is_required_is_refused_when_blank(answers, filer, expected):
    assert faults(judged(LEVELS, answers, **filer)) == expected


@pytest.mark.parametrize(
    ("duties", "shown"), [(["buys", "checks"], True), ("checks", True), (["buys"], False), ([], False), (7, False)]
)
def test_several_codes_fit_when_any_of_them_does(duties, shown):
    assert ("duty" in judged(LEVELS, {"has": "no"}, duties=duties).shown) is shown


@pytest.mark.parametrize("text", ["None.", "n/a", "N. A.", "NADA", "ninguna", "Not applicable!", "no"])
def test_a_text_that_only_says_none_is_kept_and_counts_as_blank(text):
    small = form("""
- {id: note, title: T, type: longtext, triggers: [{when: {q: note, answered: true}, risk: low, reason: read}]}
- {id: must, title: T, type: text, required: true, triggers: [{when: {q: must, answered: true}, risk: high, reason: read}]}
""")
    found = judged(small, {"note": text, "must": text})
    assert found.signed == {"note": text, "must": text}
    assert [flag.question for flag in found.flags] == ["must"]


def test_nil_is_no_entry_no_text_and_no_flag():
    small = form("""
- {id: a, title: T, type: yes_no, triggers: [{when: {q: a, is: "yes"}, risk: low, reason: look}]}
- {id: note, title: T, type: longtext}
- {id: l, title: T, type: entries, none_statement: true, entries: {item: thing, fields: [{id: x, title: T, type: text}]}}
""")
    for answers, nil in [
        ({"a": "no", "l": "none"}, True),
        ({"a": "no", "l": "none", "note": "none"}, True),
        ({"a": "no", "l": "none", "note": "call me"}, False),
        ({"a": "no", "l": [{}]}, False),
        ({"a": "yes", "l": "none"}, False),
    ]:
        assert judged(small, answers).nil is nil


def test_a_question_for_the_reviewer_is_never_asked_of_the_filer():
    small = form("""
- {id: a, title: T, type: yes_no}
- {id: seen, title: T, type: yes_no, required: true, visibility: reviewer, show_if: {q: a, is: "yes"}}
""")
    found = judged(small, {"a": "yes", "seen": "yes"})
    assert (found.faults, found.signed, found.dropped) == ((), {"a": "yes"}, ("seen",))


def test_the_reviewer_is_asked_over_what_the_filer_signed():
    small = form("""
- {id: a, title: T, type: yes_no, required: true}
- {id: seen, title: T, type: yes_no, required: true, visibility: reviewer, show_if: {q: a, is: "yes"}}
- {id: note, title: T, type: text, visibility: reviewer, show_if: {q: seen, is: "yes"}}
""")
    found = evaluate_review(small, {"a": "yes"}, {}, setting())
    assert (faults(found), found.signed, found.shown) == ({"seen": "blank"}, {}, {"seen"})
    found = evaluate_review(small, {"a": "yes"}, {"seen": "yes", "note": "ok"}, setting())
    assert (faults(found), found.signed) == ({}, {"seen": "yes", "note": "ok"})
    found = evaluate_review(small, {"a": "no"}, {"seen": "yes", "zz": 1}, setting())
    assert (faults(found), found.signed, found.dropped) == ({"zz": "unknown"}, {}, ("seen",))


def test_a_hidden_section_hides_everything_in_it():
    head = HEAD.replace("    questions:\n", "    show_if: {filer: kind, is: gift}\n    questions:\n")
    small = form(
        """
- {id: a, title: T, type: yes_no, required: true}
- {id: l, title: T, type: entries, required: true, entries: {item: thing, fields: [{id: x, title: T, type: text}]}}
""",
        head,
    )
    found = judged(small, {"a": 5, "l": [{"zz": 1}]}, kind="annual")
    assert (found.faults, found.signed, found.shown, found.dropped) == ((), {}, frozenset(), ("a", "l"))
    assert faults(judged(small, {}, kind="gift")) == {"a": "blank", "l": "too_few"}


def test_a_form_without_an_amount_for_the_year_cannot_be_filed():
    small = form("""
- {id: m, title: "More than {line}?", type: money}
- {id: n, title: T, type: yes_no, required: true}
""")
    assert faults(judged(small, {}, year=1999)) == {"reporting_year": "no_threshold"}
    assert faults(judged(small, {}, year=2000)) == {"n": "blank"}

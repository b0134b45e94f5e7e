"""Sentences of FORMAT.md that no other test touches, each with the smallest form that shows it."""

from decimal import Decimal

import pytest

from coi.questionnaires.check import check
from coi.questionnaires.loading import parse_form
from coi.rules.completeness import say
from tests.questionnaires.test_questionnaires_check import BASE, L, M, problems
from tests.rules.small_forms import HEAD, content, entries, faults, form, judged, setting

PARTS = "entries: {item: {en: part, es: parte}, fields: [{id: part, title: {en: P, es: P}, type: money}]}"
DEEPER = PARTS.replace("type: money", "type: entries, entries: {item: x, fields: [{id: y, title: T, type: text}]}")
REPORTED = PARTS.replace("fields", "report_if: {f: part, gt: 1}, fields")

# What is changed in the form that has no fault, where the check must find one, and a word of what it says.
FAULTS = [
    # A list stands in a list once, without report_if; a field has neither none_statement nor triggers.
    (PARTS, DEEPER, f"{L}.entries.fields.parts.entries.fields.part.entries", "once, not deeper"),
    (PARTS, REPORTED, f"{L}.entries.fields.parts.entries.report_if", "not known"),
    ("match: city_vendors", "triggers: []", f"{L}.entries.fields.who.triggers", "not known"),
    ("id: worth", "id: who", f"{L}.entries.fields.who", "stands twice"),
    # Thresholds: the same unit in every row; whole years; open, in order; a percent with percents only.
    ("to: 2010, op: gt, amount: 5}", "to: 2010, op: gt, amount: 5, unit: percent}", "thresholds.line", "units"),
    ("amount: 5, unit: percent", "amount: 5, unit: euro", "thresholds.share[0].unit", "money, percent"),
    ("from: 2011, to: null", "from: 2011", "thresholds.line[1]", "the key to is missing"),
    ("from: 2011, to: null", 'from: "2011", to: null', "thresholds.line[1].from", "whole number"),
    ("skip: line}", "skip: share}", f"{L}.entries.report_if.any[0].sum.skip", "percents only"),
    ("{f: pc, threshold: share}", "{f: who, threshold: share}", f"{L}.entries.report_if.any[1]", "no number"),
    ("{f: pc, threshold: share}", '{f: pc, gt: "5"}', f"{L}.entries.report_if.any[1].gt", "must be a number"),
    # One subject and one operator.
    ("{f: pc, threshold: share}", "{f: pc, threshold: share, gt: 3}", f"{L}.entries.report_if.any[1]", "exactly one"),
    ("{f: pc, threshold: share}", "{f: pc, q: a, gt: 3}", f"{L}.entries.report_if.any[1]", "exactly one"),
    ("{f: pc, threshold: share}", "{f: pc}", f"{L}.entries.report_if.any[1]", "exactly one"),
    ("{f: pc, threshold: share}", "{all: [{f: pc, gt: 1}], f: pc}", f"{L}.entries.report_if.any[1]", "cannot stand beside"),
    ("{in_period: day}", "{in_period: day, is: x}", f"{L}.triggers[0].when.all[0]", "cannot stand beside"),
    ("{q: z, answered: true}", "null", "sections.one.questions.z.triggers[0].when", "must be a condition"),
    ("{f: pc, threshold: share}", "{f: pc, answered: yes}", f"{L}.entries.report_if.any[1].answered", "true or false"),
    ("{q: z, answered: true}", "{q: z, is: maybe}", "sections.one.questions.z.triggers[0].when", "no codes"),
    ("{filer: office, attr", "{filer: office, at", f"{L}.triggers[0].when.all[1].overlap", "attr is missing"),
    # Due dates and events.
    ('due: "05-01"', "due: 30_day_after_hired_on", "form.deadlines[0].due", "no event"),
    ('due: "05-01"', "due: 30_days_since_hired_on", "form.deadlines[0].due", "no event"),
    ('due: "05-01"', 'due: "13-01"', "form.deadlines[0].due", "no day"),
    ("events: [vote]", "events: [5th vote]", "form.events", "no name of an event"),
    ("events: [vote]", "events: vote", "form.events", "must be a list"),
    # Periods, levels of secrecy, choices.
    ("previous_calendar_year", "[{period: last_12_months}]", "form.reporting_period[0]", "for is missing"),
    ("previous_calendar_year", "[]", "form.reporting_period", "at least one"),
    ("  retention_years", "  visibility: reviewer\n  retention_years", "form.visibility", "not possible"),
    ("type: yes_no,", "type: yes_no, choices: colours,", "sections.one.questions.a.choices", "choice and multi only"),
    ("{id: a,", "{id: a, required_if: {q: a, is: 'no'},", "sections.one.questions.a.required_if", "does not stand above"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("good", "bad", "path", "word"), FAULTS, ids=[f"{place} {row[1][:40]}" for place, row in enumerate(FAULTS)]
)
def test_the_check_refuses_what_the_format_does_not_have(good, bad, path, word):
    assert good in BASE
    found = {problem.path: problem.text for problem in problems(BASE.replace(good, bad, 1)) if problem.is_error}
    assert word in found[path]


GOOD = [
    ('due: "05-01"', "due: 3_business_days_before_day_of_vote", "events: [vote]", "events: [day_of_vote]"),
    ('due: "05-01"', "due: campaign_due", "", ""),
    ('due: "05-01"', "due: 10_days_after_left_on", "", ""),
    ("{f: pc, threshold: share}", "{f: parts, answered: true}", "{f: worth, gt: 5}", "{f: worth, threshold: line}"),
    # A field's id is unique in its own list only.
    ("fields: [{id: part,", "fields: [{id: who, title: {en: W, es: W}, type: text}, {id: part,", "", ""),
    ("  retention_years", "  clocks: {look: 30 days}\n  sanctions: [x, {y: 1}]\n  retention_years", "", ""),
    ("choices: colours", "choices: [yes, no, 'null', on]", "", ""),
]


@pytest.mark.parametrize(("good", "other", "also", "too"), GOOD, ids=range(len(GOOD)))
def test_the_check_lets_through_what_the_format_has(good, other, also, too):
    text = BASE.replace(good, other, 1).replace(also, too) if also else BASE.replace(good, other, 1)
    assert text != BASE
    assert [str(problem) for problem in problems(text) if problem.is_error] == []


def test_what_would_take_too_many_trials_is_not_judged():
    codes = ", ".join(f"c{number}" for number in range(12))
    parts = ", ".join(f"{{q: m{number}, in: [c0]}}" for number in range(4)) + ", {q: y, is: 'yes'}, {q: y, is: 'no'}"
    asks = "\n".join(f"- {{id: m{number}, title: T, type: multi, choices: [{codes}]}}" for number in range(4))
    groups = ", ".join(f"{{any: [{', '.join(f'{{q: m{number}, is: c{code}}}' for code in range(12))}]}}" for number in range(4))
    few = content(f"- {{id: y, title: T, type: yes_no}}\n{asks}\n- {{id: z, title: T, type: text, show_if: {{all: [{parts}]}}}}")
    many = content(
        f"- {{id: y, title: T, type: yes_no}}\n{asks}\n- {{id: z, title: T, type: text, show_if: {{all: [{groups}, {parts}]}}}}"
    )
    assert any("never be true" in problem.text for problem in check(few))
    assert not any(problem.is_error for problem in check(many))


def test_an_amount_of_a_year_that_only_a_help_names_is_needed_for_that_year():
    small = form("- {id: m, title: T, help: 'Above {share}', type: money}")
    assert faults(judged(small, {"m": "x", "zz": 1}, year=1999)) == {"reporting_year": "no_threshold"}
    assert say(small.question("m").help, "en", small, setting()) == "Above 5%"


def test_a_threshold_that_nothing_names_may_lack_the_year():
    small = form("- {id: m, title: T, type: money}")
    assert judged(small, {"m": 5}, year=1999).faults == ()


def test_numbers_are_compared_as_decimals():
    small = form("""
- id: l
  title: T
  type: entries
  entries:
    item: i
    report_if: {sum: {entries: l, by: who, of: n}, gte: 0.3}
    fields: [{id: who, title: T, type: text}, {id: n, title: T, type: number}]
""")
    assert 0.1 + 0.7 < 0.8
    assert entries(small, "l", {"who": "A", "n": 0.1}, {"who": "a", "n": 0.2}).reportable == {"l": (0, 1)}
    assert entries(small, "l", {"who": "A", "n": 0.1}, {"who": "a", "n": "0.1999"}).reportable == {"l": ()}


def test_not_of_a_comparison_with_a_blank_is_true_and_answered_asks_for_the_blank():
    small = form("""
- {id: m, title: T, type: money}
- {id: a, title: T, type: text, show_if: {not: {q: m, gt: 5}}}
- {id: b, title: T, type: text, show_if: {not: {q: m, lte: 5}}}
- {id: c, title: T, type: text, show_if: {q: m, answered: false}}
- {id: d, title: T, type: text, show_if: {not: {filer: level, is: full}}}
""")
    assert judged(small, {}).shown == {"section:one", "m", "a", "b", "c", "d"}
    assert judged(small, {"m": "wrong"}, level="full").shown == {"section:one", "m", "a", "b", "c"}
    assert judged(small, {"m": 6}, level="short").shown == {"section:one", "m", "b", "d"}


def test_a_list_in_a_list_with_too_few_or_none_is_a_fault_at_its_own_path():
    small = form("""
- id: l
  title: T
  type: entries
  entries:
    item: i
    fields:
      - {id: in, title: T, type: entries, required: true, entries: {item: i, min: 2, fields: [{id: x, title: T, type: text}]}}
""")
    sent = [{"in": [{}]}, {"in": "none"}, {"in": {"x": "y"}}, {}, {"in": [{}, {}]}, {"in": [{"x": "y", "zz": 1}, 5]}]
    assert faults(entries(small, "l", *sent)) == {
        "l[0].in": "too_few",
        "l[1].in": "not_a_list",
        "l[2].in": "not_a_list",
        "l[3].in": "too_few",
        "l[5].in[0].zz": "unknown",
        "l[5].in[1]": "not_an_entry",
    }
    assert faults(entries(small, "l", {"in": [{}] * 201}))["l[0].in"] == "too_many"


def test_an_entry_under_the_line_counts_for_the_minimum():
    small = form("""
- id: l
  title: T
  type: entries
  entries:
    item: i
    min: 2
    report_if: {f: m, threshold: line}
    fields: [{id: m, title: T, type: money}, {id: t, title: T, type: text, required: true}]
""")
    found = entries(small, "l", {"m": 1}, {"m": 2})
    assert (found.faults, found.reportable) == ((), {"l": ()})
    assert faults(entries(small, "l", {"m": 1})) == {"l": "too_few"}


def test_a_question_that_asks_an_attribute_wins_when_it_is_answered_and_shown():
    small = form("""
- {id: ask, title: T, type: yes_no}
- {id: level, title: T, type: choice, choices: [short, full], show_if: {q: ask, is: "yes"}}
- {id: a, title: T, type: text, show_if: {filer: level, is: full}}
""")
    for answers, level, shown in [
        ({"ask": "yes", "level": "full"}, "short", True),
        ({"ask": "yes", "level": ""}, "full", True),
        ({"ask": "no", "level": "short"}, "full", True),
        ({"ask": "yes", "level": "short"}, "full", False),
        ({"ask": "no", "level": "full"}, "short", False),
    ]:
        assert ("a" in judged(small, answers, level=level).shown) is shown


def test_hidden_questions_have_no_trigger_and_the_risk_is_the_highest():
    small = form("""
- id: a
  title: T
  type: yes_no
  triggers: [{when: {q: a, is: "no"}, risk: low, reason: r}, {when: {q: c, is: "yes"}, risk: high, reason: below}]
- id: b
  title: T
  type: yes_no
  show_if: {q: a, is: "yes"}
  triggers: [{when: {not: {q: b, is: "yes"}}, risk: critical, reason: r}]
- {id: c, title: T, type: yes_no}
""")
    assert [(flag.risk, flag.reason, flag.entry) for flag in judged(small, {"a": "no", "c": "yes"}).flags] == [
        ("low", "r", None),
        ("high", "below", None),
    ]
    assert str(judged(small, {"a": "no", "c": "yes"}).risk) == "high"
    assert str(judged(small, {"a": "yes"}).risk) == "critical"
    assert str(judged(small, {}).risk) == "none"


def test_a_home_is_said_only_where_the_question_itself_asks_for_it():
    small = form("""
- id: l
  title: T
  type: entries
  visibility: redact_if_home
  entries:
    item: i
    fields: [{id: here, title: T, type: address}, {id: own, title: T, type: address, visibility: redact_if_home}]
""")
    assert entries(small, "l", {"here": "1 Main St", "own": "1 Main St"}).signed["l"] == [
        {"here": "1 Main St", "own": {"text": "1 Main St", "home": "yes"}}
    ]
    assert faults(entries(small, "l", {"here": {"text": "1 Main St", "home": "no"}})) == {"l[0].here": "not_text"}


def test_a_form_without_visibility_is_restricted_and_a_question_may_be_laxer():
    small = form("- {id: a, title: T, type: text, visibility: public}\n- {id: b, title: T, type: text}")
    assert [ask.visibility for ask in small.by_id.values()] == ["public", "restricted"]
    strict = form(
        "- {id: b, title: T, type: text}", HEAD.replace("  retention_years", "  visibility: confidential\n  retention_years")
    )
    assert strict.question("b").visibility == "confidential"


def test_json_numbers_of_a_file_are_exact():
    parsed = parse_form("a: [0.1, 1e2, 12, 1299.50]")["a"]
    assert [Decimal(str(one)) for one in parsed] == [Decimal("0.1"), Decimal(100), Decimal(12), Decimal("1299.5")]
    assert problems(BASE.replace(M, M)) == []

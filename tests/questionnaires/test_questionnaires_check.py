"""The check names every fault of a form with its place; the forms that ship pass it."""

import pytest

from coi.questionnaires.check import check
from coi.questionnaires.loading import FORMS, parse_form, read_form

BASE = """
form:
  id: small
  version: "1"
  title: {en: Small, es: Breve}
  retention_years: 5
  reporting_period: previous_calendar_year
  events: [vote]
  deadlines: [{for: {filer: level, is: full}, due: "05-01"}]
  filer_attributes: {level: [short, full], duties: [buys, checks], office: text}
lists: {colours: [red, blue]}
labels: {red: {en: Red, es: Rojo}, blue: {en: Blue, es: Azul}}
thresholds:
  line: [{from: 2000, to: 2010, op: gt, amount: 5}, {from: 2011, to: null, op: gte, amount: 10}]
  share: [{from: 2000, to: null, op: gt, amount: 5, unit: percent}]
sections:
  - id: one
    title: {en: "Over {line}", es: "Más de {line}"}
    questions:
      - {id: a, title: {en: A, es: A}, type: yes_no, required: true}
      - {id: m, title: {en: M, es: M}, type: multi, choices: colours, show_if: {q: a, is: "yes"}}
      - id: l
        title: {en: L, es: L}
        type: entries
        none_statement: true
        entries:
          item: {en: gift, es: regalo}
          report_if:
            any: [{sum: {entries: l, by: who, of: [worth, part], skip: line}, threshold: line}, {f: pc, threshold: share}]
          fields:
            - {id: who, title: {en: W, es: W}, type: text, match: city_vendors}
            - {id: worth, title: {en: W, es: W}, type: money}
            - {id: pc, title: {en: P, es: P}, type: percent, show_if: {f: worth, gt: 5}}
            - {id: day, title: {en: D, es: D}, type: date}
            - {id: end, title: {en: E, es: E}, type: date, not_before: day}
            - id: parts
              title: {en: P, es: P}
              type: entries
              entries: {item: {en: part, es: parte}, fields: [{id: part, title: {en: P, es: P}, type: money}]}
        triggers:
          - when:
              all:
                - {in_period: day}
                - {match: {f: who, list: city_vendors}, is: likely, overlap: {filer: office, attr: departments}}
            risk: high
            reason: look
      - {id: z, title: {en: Z, es: Z}, type: longtext, triggers: [{when: {q: z, answered: true}, risk: low, reason: read}]}
"""
SHOW = 'show_if: {q: a, is: "yes"}'
M = "sections.one.questions.m"
L = "sections.one.questions.l"

# What is changed in the form above, and where the check must find a fault, each with a word of what it says.
FAULTS = [
    ('version: "1"', 'version: "1"\n  verion: "2"', {"form.verion": "not known"}),
    ("retention_years: 5", 'retention_years: "5"', {"form.retention_years": "whole number"}),
    ("  retention_years: 5\n", "", {"form": "retention_years is missing"}),
    ("id: small", "id: small form", {"form.id": "no id"}),
    ("previous_calendar_year", "last_year", {"form.reporting_period": "last_12_months"}),
    ("choices: colours", "choices: color", {f"{M}.choices": "no list"}),
    ("choices: colours", "choices: [red, 5, red]", {f"{M}.choices[1]": "is a text", f"{M}.choices[2]": "twice"}),
    ("type: multi, choices: colours", "type: multi", {f"{M}.choices": "missing"}),
    ("type: longtext", "type: essay", {"sections.one.questions.z.type": "longtext"}),
    ("required: true", 'required: "true"', {"sections.one.questions.a.required": "true or false"}),
    (SHOW, "show_if: {q: a, is: true}", {f"{M}.show_if.is": "Put it in quotes"}),
    (SHOW, "show_if: {q: a, is: maybe}", {f"{M}.show_if.is": "yes, no"}),
    (SHOW, "show_if: {q: z, answered: true}", {f"{M}.show_if": "does not stand above"}),
    (SHOW, "show_if: {q: m, answered: true}", {f"{M}.show_if": "does not stand above"}),
    (SHOW, 'show_if: {q: who, is: "yes"}', {f"{M}.show_if": "read it with f"}),
    (SHOW, "show_if: {f: who, answered: true}", {f"{M}.show_if": "no entry is at hand"}),
    (SHOW, "show_if: {q: a, gt: 5}", {f"{M}.show_if": "no number"}),
    (SHOW, 'show_if: {q: a, is: "yes", in: ["no"]}', {f"{M}.show_if": "exactly one"}),
    (SHOW, "show_if: {q: a, equals: 5}", {f"{M}.show_if": "equals"}),
    (SHOW, "show_if: {all: []}", {f"{M}.show_if.all": "at least one"}),
    (SHOW, "show_if: {filer: rank, is: x}", {f"{M}.show_if": "filer_attributes"}),
    (SHOW, "show_if: {filer: level, is: x}", {f"{M}.show_if.is": "short, full"}),
    (SHOW, 'show_if: {all: [{q: a, is: "yes"}, {q: a, is: "no"}]}', {f"{M}.show_if": "never be true", M: "never asked"}),
    (SHOW, "show_if: {sum: {entries: l, by: who, of: worth}, gt: 5}", {f"{M}.show_if.sum": "report_if or a trigger"}),
    ("{f: pc, threshold: share}", "{f: pc, threshold: line}", {f"{L}.entries.report_if.any[1].threshold": "percents only"}),
    ("{f: pc, threshold: share}", "{f: worth, threshold: cap}", {f"{L}.entries.report_if.any[1].threshold": "no threshold"}),
    ("{f: pc, threshold: share}", "{f: part, gt: 3}", {f"{L}.entries.report_if.any[1]": "no field"}),
    ("by: who", "by: parts", {f"{L}.entries.report_if.any[0].sum.by": "no name"}),
    ("of: [worth, part]", "of: [worth, pc]", {f"{L}.entries.report_if.any[0].sum.of": "percents"}),
    ("entries: l,", "entries: m,", {f"{L}.entries.report_if.any[0].sum.entries": "must be l"}),
    ("{f: worth, gt: 5}", "{f: end, answered: true}", {f"{L}.entries.fields.pc.show_if": "does not stand above"}),
    ("{f: worth, gt: 5}", "{all: [{f: worth, gt: 5}, {f: worth, lt: 3}]}", {f"{L}.entries.fields.pc.show_if": "never be true"}),
    ("not_before: day", "not_before: parts", {f"{L}.entries.fields.end.not_before": "no date above"}),
    ("match: city_vendors", "none_statement: true", {f"{L}.entries.fields.who.none_statement": "entries only"}),
    ("type: money}\n", "type: money, match: x}\n", {f"{L}.entries.fields.worth.match": "text and address only"}),
    ("en: gift, es: regalo}", "en: gift, es: regalo}\n          min: 1", {f"{L}.entries.min": "none_statement"}),
    ("from: 2011", "from: 2010", {"thresholds.line[1]": "overlaps"}),
    ("to: 2010", "to: null", {"thresholds.line[1]": "overlaps"}),
    ("to: 2010", "to: 1999", {"thresholds.line[0]": "ends before it starts"}),
    ("op: gte", "op: at_least", {"thresholds.line[1].op": "gte"}),
    ("share: [", "since: [{from: 1, to: null, op: gt, amount: 1}]\n  share: [", {"thresholds.since": "placeholder"}),
    ('"Over {line}"', '"Over {lines}"', {"sections.one.title.en": "no placeholder"}),
    ("reason: look", 'reason: "look {line}"', {f"{L}.triggers[0].reason": "without braces"}),
    ("en: Red,", 'en: "Red}",', {"labels.red.en": "without braces"}),
    ("none_statement: true", "visibility: confidential", {}),
    ("type: percent,", "type: percent, visibility: reviewer,", {f"{L}.entries.fields.pc.visibility": "not possible"}),
    ("type: longtext,", "type: longtext, visibility: reviewer,", {"sections.one.questions.z.triggers[0].when": "the reviewer"}),
    ('due: "05-01"', 'due: "02-30"', {"form.deadlines[0].due": "no day"}),
    ('due: "05-01"', "due: 30_days_after_voting", {"form.deadlines[0].due": "no event"}),
    ('due: "05-01"', "due: 5_business_days_before_vote", {}),
    ("{for: {filer: level, is: full}", "{for: {filer: level, in: []}", {"form.deadlines[0].for.in": "at least one"}),
    ("id: z", "id: a", {"sections.one.questions.a": "twice"}),
    ("risk: high", "risk: severe", {f"{L}.triggers[0].risk": "critical"}),
    ("in_period: day", "in_period: worth", {f"{L}.triggers[0].when.all[0]": "no date"}),
    ("is: likely", "is: sure", {f"{L}.triggers[0].when.all[1].is": "exact, likely, possible"}),
    ("filer: office, attr", "filer: room, attr", {f"{L}.triggers[0].when.all[1]": "filer_attributes"}),
]


def problems(text):
    return check(parse_form(text), "small.yaml")


def test_a_good_form_has_neither_error_nor_warning():
    assert problems(BASE) == []


@pytest.mark.parametrize(("good", "bad", "expected"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_named_with_its_place_and_what_to_do(good, bad, expected):
    assert good in BASE
    found = {problem.path: problem.text for problem in problems(BASE.replace(good, bad, 1)) if problem.is_error}
    for path, word in expected.items():
        assert word in found[path]
    assert bool(found) is bool(expected)


def test_every_fault_is_named_in_one_run():
    text = BASE.replace("risk: high", "risk: severe").replace("op: gte", "op: x").replace("id: small", "id: ''")
    assert [problem.path for problem in problems(text)] == ["thresholds.line[1].op", "form.id", f"{L}.triggers[0].risk"]


@pytest.mark.parametrize(
    ("good", "odd", "path", "word"),
    [
        ("{en: Red, es: Rojo}", "Red", "labels.red", "no Spanish"),
        ("{en: A, es: A}", "A", "sections.one.questions.a.title", "no Spanish"),
        ('es: "Más de {line}"', "es: Más", "sections.one.title", "other placeholders"),
        (", blue: {en: Blue, es: Azul}", "", f"{M}.choices", "no label"),
        ("{f: pc, threshold: share}", "{f: pc, gt: 7}", "thresholds.share", "names it"),
        (
            SHOW,
            'show_if: {any: [{q: a, is: "yes"}, {all: [{q: a, is: "yes"}, {q: a, is: "no"}]}]}',
            f"{M}.show_if.any[1]",
            "never",
        ),
        (SHOW, 'show_if: {any: [{q: a, is: "yes"}, {not: {q: a, is: "yes"}}]}', f"{M}.show_if", "always true"),
    ],
)
def test_what_a_city_should_look_at_is_a_warning(good, odd, path, word):
    assert good in BASE
    (problem,) = problems(BASE.replace(good, odd, 1))
    assert (problem.path, problem.is_error) == (path, False)
    assert word in problem.text
    assert str(problem).startswith(f"small.yaml: {path}: warning: ")


def test_a_field_may_not_be_laxer_than_its_list():
    strict = BASE.replace("        none_statement: true\n", "        visibility: confidential\n")
    (problem,) = problems(strict.replace("type: percent,", "type: percent, visibility: public,"))
    assert (problem.path, problem.is_error) == (f"{L}.entries.fields.pc.visibility", True)
    assert problems(strict.replace("type: percent,", "type: percent, visibility: internal,")) == []


def test_a_condition_on_an_asked_attribute_stands_below_the_question():
    asked = BASE.replace("id: z,", "id: level,").replace("{q: z, answered", "{q: level, answered")
    (problem,) = problems(asked.replace(SHOW, "show_if: {filer: level, answered: true}"))
    assert "further down" in problem.text


def test_several_codes_can_be_true_together():
    both = "show_if: {all: [{filer: duties, in: [buys]}, {filer: duties, in: [checks]}]}"
    assert problems(BASE.replace(SHOW, both)) == []


def test_a_question_behind_one_that_is_never_asked_is_found():
    hidden = 'show_if: {all: [{q: a, is: "no"}, {q: m, answered: true}]}'
    text = BASE.replace("{id: z, title", f"{{id: z, {hidden}, title")
    assert [problem.path for problem in problems(text)] == [
        "sections.one.questions.z.show_if",
        "sections.one.questions.z",
    ]


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_forms_that_ship_have_neither_error_nor_warning(path):
    assert [str(problem) for problem in check(read_form(path))] == []


@pytest.mark.parametrize(
    "text",
    [
        "form: 5\nsections: 3",
        "form: {}\nsections: {}",
        "form: null\nsections: [null, 5, {}, {id: 5, title: {}, questions: [null, {id: x, type: entries, entries: 3}]}]",
        "form: {id: a}\nsections: [{id: b, questions: [{id: x, type: entries, triggers: 5, show_if: [], choices: {}}]}]",
        "form: []\nsections: []\nlists: []\nlabels: 5\nthresholds: {a: 5, b: [5], c: [{from: x, to: y}]}",
    ],
)
def test_a_file_of_another_shape_is_a_fault_and_no_crash(text):
    assert any(problem.is_error for problem in problems(text))

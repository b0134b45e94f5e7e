"""What other people's forms do and ours do not: one id in two lists, attributes that are asked, faults of every sort at once."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from coi.disclosures.posted import read_page
from coi.questionnaires.check import check
from coi.questionnaires.loading import FormFileFault, parse_form
from coi.rules.completeness import Setting, evaluate, period, say
from coi.rules.form import Form

HEAD = 'id: strange, version: "1", title: S, retention_years: 1'
LINES = HEAD.replace(", ", "\n  ")
LIST = """
form: {HEAD, reporting_period: previous_calendar_year}
sections:
  - id: s
    title: S
    questions:
      - id: assets
        title: Assets
        type: entries
        entries:
          item: asset
          fields:
            - {id: type, title: Type, type: choice, choices: [trust, job]}
            - {id: worth, title: Worth, type: money}
            - id: inside
              title: Inside
              type: entries
              show_if: {f: type, is: trust}
              entries:
                item: part
                fields:
                  - {id: note, title: Note, type: text, show_if: {f: type, is: trust}}
                  - {id: type, title: Type, type: choice, choices: [share, other]}
                  - {id: which, title: Which, type: text, show_if: {f: type, is: other}, required_if: {f: worth, gt: 5}}
""".replace("HEAD", HEAD)


def errors(text: str) -> dict[str, str]:
    return {problem.path: problem.text for problem in check(parse_form(text)) if problem.is_error}


def test_a_field_may_be_called_like_one_of_the_list_around_it():
    assert errors(LIST) == {}
    # The same words about the outer field are still seen through: nobody's note is asked where the type is no trust.
    inside = "sections.s.questions.assets.entries.fields.inside.entries.fields"
    never = LIST.replace("type: text, show_if: {f: type, is: trust}", "type: text, show_if: {f: type, is: job}")
    assert list(errors(never)) == [f"{inside}.note.show_if", f"{inside}.note"]
    entry = {"type": "trust", "inside": [{"note": "a", "type": "other", "which": "b"}, {"note": "c", "which": "d"}]}
    found = evaluate(Form.from_content(parse_form(LIST)), {"assets": [entry]}, Setting({}, 2025, date(2026, 3, 2)))
    assert found.signed["assets"][0]["inside"] == [{"note": "a", "type": "other", "which": "b"}, {"note": "c"}]
    assert found.dropped == ("assets[0].inside[1].which",)


ASKED = """
form:
  HEAD
  reporting_period:
    - {for: {filer: role, is: candidate}, period: last_12_months}
    - {for: {not: {filer: role, is: candidate}}, period: previous_calendar_year}
  filer_attributes: {role: [member, staff], unit: text}
sections:
  - id: s
    title: {en: "Since {since}", es: "Desde el {since}"}
    questions:
      - {id: role, title: Role, type: choice, choices: [member, staff, candidate]}
      - {id: unit, title: Unit, type: choice, choices: [parks, fire]}
      - {id: declared, title: Declared, type: date, show_if: {filer: role, is: candidate}}
      - {id: old, title: Old, type: text, show_if: {filer: unit, is: Water}}
      - id: gifts
        title: Gifts
        type: entries
        entries: {item: gift, report_if: {in_period: on}, fields: [{id: on, title: On, type: date}]}
""".replace("HEAD", LINES)


def test_a_condition_may_name_what_the_record_or_the_answer_can_say_of_the_filer():
    assert errors(ASKED) == {}
    place = "sections.s.questions.declared.show_if.is"
    assert errors(ASKED.replace("is: candidate}}\n      - {id: old", "is: judge}}\n      - {id: old")) == {
        place: "judge is no answer of role. Use one of: member, staff, candidate."
    }


@pytest.mark.parametrize(
    ("record", "answers", "since", "reported"),
    [
        ("member", {}, "January 1, 2025", (0,)),
        ("member", {"role": "candidate"}, "March 3, 2025", (1,)),
        ("candidate", {}, "March 3, 2025", (1,)),
        ("candidate", {"role": "staff"}, "January 1, 2025", (0,)),
        ("candidate", {"role": "nobody"}, "March 3, 2025", (1,)),
    ],
)
def test_the_answer_wins_over_the_record_also_for_the_period(record, answers, since, reported):
    form, setting = Form.from_content(parse_form(ASKED)), Setting({"role": record}, 2025, date(2026, 3, 2))
    found = evaluate(form, {**answers, "gifts": [{"on": "2025-02-01"}, {"on": "2026-03-01"}]}, setting)
    assert found.reportable["gifts"] == reported
    assert say(form.sections[0].title, "en", form, found.setting) == f"Since {since}"
    assert period(form, found.setting)[1] == date(2026, 3, 2) if since.startswith("March") else date(2025, 12, 31)


PLAIN = """
form: {HEAD, reporting_period: previous_calendar_year, filer_attributes: {kind: [annual]}, deadlines: [
  {for: {filer: rank, is: x}, due: "13-01"},
  {for: {all: [{filer: kind, is: annual}, {not: {filer: kind, is: annual}}]}, due: "03-01"}]}
thresholds: {a: [{from: 2000, to: null, op: gt, amount: 1, unit: percents}]}
sections:
  - id: s
    title: S
    questions:
      - {id: a, title: A, type: yes_no, visibilty: public}
      - {id: a, title: A, type: text}
      - {id: b, titel: B, type: essay}
      - {id: c, title: C, type: text, show_if: {all: [{q: a, is: "yes"}, {q: a, is: "no"}]}}
      - {id: d, title: D, type: money, show_if: {q: b, is: x}}
      - id: l
        title: L
        type: entries
        entries:
          item: x
          min: 300
          report_if: {f: w, threshold: a}
          fields:
            - {id: w, title: W, type: percent}
            - {id: v, title: V, type: text, show_if: {all: [{f: w, gt: 5}, {f: w, lt: 5}]}}
            - {id: u, title: U, type: text, visibility: secret}
        triggers:
          - {id: odd, when: {f: zz, gt: 1}, risk: hi, reason: x}
          - {when: {all: [{f: w, gte: 5}, {f: w, lt: 5}]}, risk: low, reason: "{x}"}
""".replace("HEAD", HEAD)


def test_faults_of_shape_of_sense_and_of_what_can_never_be_are_named_in_one_run():
    questions = "sections.s.questions"
    assert sorted(problem.path for problem in check(parse_form(PLAIN)) if problem.is_error) == sorted(
        [
            "thresholds.a[0].unit",
            "form.deadlines[0].for",
            "form.deadlines[0].due",
            "form.deadlines[1].for",
            f"{questions}.a.visibilty",
            f"{questions}.a",
            f"{questions}.b",
            f"{questions}.b.titel",
            f"{questions}.b.type",
            f"{questions}.c.show_if",
            f"{questions}.c",
            f"{questions}.l.entries.min",
            f"{questions}.l.entries.fields.v.show_if",
            f"{questions}.l.entries.fields.v",
            f"{questions}.l.entries.fields.u.visibility",
            f"{questions}.l.triggers.odd.id",
            f"{questions}.l.triggers.odd.risk",
            f"{questions}.l.triggers[0].when",
            f"{questions}.l.triggers[1].reason",
            f"{questions}.l.triggers[1].when",
        ]
    )


MANY = [f"c{number}" for number in range(16)]
SHOWN = """
form: {HEAD, reporting_period: previous_calendar_year}
sections:
  - id: s
    title: S
    questions:
      - {id: m, title: M, type: multi, choices: [CODES]}
      - {id: t, title: T, type: text, show_if: {all: [EACH]}}
      - id: l
        title: L
        type: entries
        entries: {item: x, fields: [{id: by, title: B, type: text}, {id: n, title: N, type: TYPE}]}
        triggers: [{when: {all: [{sum: {entries: l, by: by, of: n}, gt: 5}, {sum: {entries: l, by: by, of: n}, lt: 5.01}]},
                    risk: low, reason: x}]
""".replace("HEAD", HEAD)


def test_what_can_be_is_not_refused():
    each = ", ".join(f"{{q: m, is: {code}}}" for code in MANY)
    text = SHOWN.replace("CODES", ", ".join(MANY)).replace("EACH", each)
    assert errors(text.replace("TYPE", "number")) == {}
    # Between $5 and $5.01 there is no sum of money.
    assert list(errors(text.replace("TYPE", "money"))) == ["sections.s.questions.l.triggers[0].when"]


@pytest.mark.parametrize(("key", "expected"), [("retention_years: 1", ["form.retention_years"]), ("issuer: x", [])])
def test_a_number_that_no_json_can_hold_is_a_text(key, expected):
    text = ASKED.replace("retention_years: 1", "retention_years: 1\n  issuer: x")
    found = errors(text.replace(key, f"{key.split()[0]} 0x{'F' * 6000}"))
    assert list(found) == expected
    assert all(len(told) < 200 for told in found.values())


def test_a_set_without_order_is_refused():
    with pytest.raises(FormFileFault, match="no order"):
        parse_form("lists: {a: !!set {x, y}}")


def test_a_list_that_no_import_could_load_is_refused():
    assert list(errors(ASKED.replace("type: choice, choices: [parks, fire]", 'type: text, match: "no such list!"'))) == [
        "sections.s.questions.unit.match"
    ]


def test_what_is_typed_is_kept_also_where_an_id_begins_with_a_digit(app):
    fields = "fields: [{id: 2b, title: B, type: text}]"
    text = ASKED.replace("{id: unit, title: Unit, type: choice, choices: [parks, fire]}", "{id: 1a, title: A, type: number}")
    text = text.replace("fields: [{id: on, title: On, type: date}]", fields).replace("report_if: {in_period: on}, ", "")
    assert errors(text.replace("{filer: unit, is: Water}", "{q: 1a, gt: 3}")) == {}
    posted = {"asked": "1a gifts", "1a.": "5", "gifts.:0:key": "abcdefgh", "gifts.:0:asked": "2b", "gifts.:0:2b.": "Ann"}
    told = read_page(Form.from_content(parse_form(text)), MultiDict(posted), {}, ())
    assert told.answers == {"1a": "5", "gifts": [{"_key": "abcdefgh", "2b": "Ann"}]}

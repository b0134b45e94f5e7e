"""Makes small forms for tests from a few lines of YAML, and judges answers by them."""

from collections.abc import Mapping
from datetime import date
from textwrap import indent
from typing import Any

from coi.questionnaires.check import check
from coi.questionnaires.loading import parse_form
from coi.rules.completeness import Evaluation, Found, Setting, evaluate
from coi.rules.form import Form

HEAD = """
form:
  id: small
  version: "1"
  title: {en: Small, es: Breve}
  retention_years: 5
  reporting_period: previous_calendar_year
  filer_attributes: {kind: [annual, gift], level: [short, full], duties: [buys, checks], department: text}
thresholds:
  line: [{from: 2000, to: 2024, op: gt, amount: 100}, {from: 2025, to: null, op: gte, amount: 50}]
  tiny: [{from: 2000, to: null, op: lt, amount: 10}]
  share: [{from: 2000, to: null, op: gt, amount: 5, unit: percent}]
sections:
  - id: one
    title: {en: One, es: Uno}
    questions:
"""


def content(questions: str, head: str = HEAD) -> dict[str, Any]:
    """A form's data from its questions in YAML, each starting with `- `."""
    return parse_form(head + indent(questions.strip("\n"), "      ") + "\n")


def form(questions: str, head: str = HEAD) -> Form:
    """The compiled form; a form that the check refuses fails the test at once."""
    data = content(questions, head)
    errors = [str(problem) for problem in check(data) if problem.is_error]
    assert errors == []
    return Form.from_content(data)


class CityLists:
    """Lists of a small city: name -> records."""

    def __init__(self, **lists: list[dict[str, Any]]) -> None:
        self.lists = lists

    def loaded(self, name: str) -> bool:
        return name in self.lists

    def find(self, name: str, text: str) -> list[Found]:
        from coi.rules.matching import Names

        records = self.lists[name]
        return [
            Found(level, records[number]) for number, level, _score in Names(enumerate(r["name"] for r in records)).find(text)
        ]


def setting(year: int = 2025, on: str = "2026-03-02", lists: Any = None, **filer: Any) -> Setting:
    """Somebody who files about a year."""
    return Setting(filer, year, date.fromisoformat(on), lists or CityLists(), "Smallville")


def judged(small: Form, answers: Any, **about: Any) -> Evaluation:
    """The form's judgement."""
    return evaluate(small, answers, setting(**about))


def faults(found: Evaluation) -> dict[str, str]:
    """path -> code of what is wrong."""
    return {fault.path: fault.code for fault in found.faults}


def flags(found: Evaluation) -> list[tuple[str, str, int | None]]:
    """(risk, question, entry) of each flag."""
    return [(flag.risk, flag.question, flag.entry) for flag in found.flags]


def answer_to(small: Form, name: str, value: Any, **about: Any) -> tuple[Any, str | None]:
    """What is kept of one answer, and the code of what is wrong with it."""
    found = judged(small, {name: value}, **about)
    return found.signed.get(name), faults(found).get(name)


def entries(small: Form, name: str, *values: Mapping[str, Any], **about: Any) -> Evaluation:
    """The judgement of one list."""
    return judged(small, {name: list(values)}, **about)

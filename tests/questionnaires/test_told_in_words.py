"""What a form says of its sums and lines, read as sentences: each field by its own title, each line by the side it stands on."""

import pytest

from coi.questionnaires.loading import parse_form
from coi.questionnaires.telling import Teller
from coi.rules.form import Form

FORM = """
form: {id: told, version: "1", title: T, retention_years: 1, reporting_period: previous_calendar_year}
thresholds:
  big: [{from: 2000, to: null, op: gte, amount: 100}]
  small: [{from: 2000, to: null, op: OP, amount: 5}]
sections:
  - id: s
    title: S
    questions:
      - id: others
        title: Others
        type: entries
        entries: {item: one, fields: [{id: cost, title: Another cost, type: money}, {id: by, title: Another name, type: text}]}
      - id: gifts
        title: Gifts
        type: entries
        entries:
          item: gift
          report_if: {sum: {entries: gifts, by: by, of: [value, cost], skip: small}, threshold: big}
          fields:
            - {id: by, title: Giver, type: text}
            - {id: value, title: Value, type: money}
            - id: legs
              title: Legs
              type: entries
              entries:
                item: leg
                fields: [{id: cost, title: Cost of the leg, type: money}, {id: by, title: Carrier, type: text}]
        triggers: [{when: {f: value, threshold: small}, risk: low, reason: Look}]
"""


def facts(op: str, language: str = "en") -> dict[str, str]:
    form = Form.from_content(parse_form(FORM.replace("OP", op)))
    return dict(Teller.of(form, language).facts(form.by_id["gifts"]))


@pytest.mark.parametrize("op", ["gt", "gte"])
def test_a_sum_names_the_fields_of_its_own_list_also_those_inside_it(app, op):
    with app.test_request_context():
        told = facts(op)["An entry is reported when"]
    summed = "the total of “Value”, “Cost of the leg” for the same “Giver”"
    assert told == f"{summed}, single amounts at or over small left out reaches the line big"


@pytest.mark.parametrize("op", ["lt", "lte"])
def test_a_line_that_lies_above_what_is_meant_is_told_so(app, op):
    with app.test_request_context():
        told = facts(op)
    assert "single amounts at or under small left out reaches the line big" in told["An entry is reported when"]
    assert told["Tasks for the reviewer"] == "Look: Look, when “Value” stays under the line small"

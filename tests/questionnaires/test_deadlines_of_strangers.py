"""The due date that a form brings with it: by its answers, from a day that it asks for or that the office entered."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from coi.campaigns.obligations import ByForm, due_of
from coi.disclosures.importing import import_line
from coi.models import Obligation
from coi.profiles.check import faults
from coi.profiles.current import current_profile
from coi.rules.completeness import Setting, evaluate
from coi.rules.form import Form
from coi.vocabulary import Kind
from tests.disclosures.steps import now
from tests.factories import OPERATOR
from tests.questionnaires.library import bring, research

DEADLINES = [
    {"for": {"q": "worth", "threshold": "small_sum"}, "due": "3_business_days_after_learned"},
    {"for": {"all": [{"q": "learned", "answered": True}, {"filer": "role", "is": "lead"}]}, "due": "30_days_after_learned"},
    {"for": {"q": "who", "answered": True}, "due": "10_days_before_vote"},
    {"for": {"filer": "kind", "is": "change"}, "due": "04-30"},
]


def form() -> dict[str, Any]:
    """A form whose deadline depends on what is answered."""
    made = research(deadlines=DEADLINES, events=["vote"], filer_attributes={"kind": ["annual", "change"], "role": ["lead"]})
    questions = made["sections"][0]["questions"]
    title = {"en": "T", "es": "T"}
    questions[2:] = [
        {"id": "role", "title": title, "type": "choice", "choices": ["lead", "other"]},
        {"id": "learned", "title": title, "type": "date"},
        {"id": "worth", "title": title, "type": "money"},
        {"id": "who", "title": title, "type": "text"},
    ]
    return made


@pytest.mark.parametrize(
    ("answers", "due"),
    [
        ({}, "04-30"),
        ({"who": "n/a"}, "04-30"),
        ({"who": "Ann"}, "10_days_before_vote"),
        ({"who": "Ann", "learned": "2026-01-02"}, "10_days_before_vote"),
        ({"who": "Ann", "learned": "2026-01-02", "role": "lead"}, "30_days_after_learned"),
        ({"learned": "2026-02-30", "role": "lead"}, "04-30"),
        ({"learned": "2026-01-02", "role": "lead", "worth": "5000"}, "3_business_days_after_learned"),
        ({"worth": "4999.99"}, "04-30"),
    ],
)
def test_the_first_deadline_that_fits_the_answers_counts(answers, due):
    found = evaluate(Form.from_content(form()), answers, Setting({"kind": "change"}, 2025, date(2026, 3, 2)))
    assert found.due == due


@pytest.mark.parametrize(
    ("answers", "due"),
    [
        ({"learned": "2026-01-05", "role": "lead"}, date(2026, 2, 4)),
        ({"learned": "2025-12-31", "worth": "5000"}, date(2026, 1, 6)),
        ({"worth": "5000"}, None),
        ({}, date(2026, 4, 30)),
        ({"who": "Ann"}, None),
    ],
)
def test_a_change_is_due_as_its_own_form_says(sign_in, db, cast, answers, due):
    bring(sign_in, db, form(), kinds=["change"])
    line = {"employee": cast.finn.person.number, "form": "research-support", "kind": "change", "reporting_year": 2025}
    line |= {"answers": {"any_support": "no", **answers}, "signed_name": "Finn", "signed_at": "2026-03-01"}
    result = import_line(1, json.dumps(line).encode(), OPERATOR, now())
    assert result.errors == []
    assert db.session.scalar(select(Obligation.due_on).where(Obligation.form_id == "research-support")) == due


def test_the_days_that_the_office_entered_count_where_nobodys_record_has_them(db, cast):
    vote = current_profile().model_copy(update={"events": {"vote": date(2026, 3, 20)}, "deadlines": {}})
    filled = ByForm("research-support", "10_days_before_vote", {})
    asked = type("Asked", (), {"form_id": "research-support"})()
    assert due_of(vote, asked, Kind.CHANGE, vote.events, 2025, filled) == date(2026, 3, 10)
    assert due_of(vote, asked, Kind.CHANGE, {}, 2025, filled) is None
    assert faults(vote) == []
    told = vote.model_copy(update={"events": {"hired_on": date(2026, 3, 20)}})
    assert faults(told) == ["events.hired_on: the day of hired_on is known of each person; take it out."]

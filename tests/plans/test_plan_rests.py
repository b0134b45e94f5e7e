"""What the filer must do or leave rests on a rule and holds from a day: asked beside the field, told on page and letter."""

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from coi.languages import speaking
from coi.models import Plan
from coi.plans.letter_paper import letter_of
from coi.plans.words import from_when
from coi.review import decisions
from coi.vocabulary import Outcome, State
from tests.disclosures.steps import now
from tests.plans.made import answered, managed, plan_of
from tests.review.cases import at, escalated, holder

RULE = "Code of Conduct, section 4"
NEEDED = {
    "en": "Name the rule that this decision rests on. “Allowed with conditions” and “Not allowed” need one.",
    "es": "Diga en qué regla se apoya esta decisión. «Permitido con condiciones» y «No permitido» necesitan una.",
}


@pytest.mark.parametrize(("outcome", "condition"), [("managed", "step_aside_party"), ("not_permitted", "")])
def test_without_a_rule_it_is_refused_beside_the_field_and_with_one_the_day_is_today(sign_in, db, cast, outcome, condition):
    made = escalated(cast)
    second = sign_in(holder(made, cast))
    url = f"/review/{made.reference}/decide"
    data = {**at(made), "outcome": outcome, "reason": "The City buys there.", "rule": "   "}
    data |= {"conditions": condition} if condition else {}
    for code, words in NEEDED.items():
        second.post("/accounts/language", data={"language": code})
        told = second.post(url, data=data)
        assert told.status_code == 422
        field = told.text.split('id="decide-rule-error"')[1]
        assert words in field[: len(words) + 200]
        assert "The City buys there." in told.text
    assert made.state is State.ESCALATED
    assert db.session.query(Plan).count() == 0
    assert second.post(url, data={**data, "rule": RULE}).status_code == 302
    kept = plan_of(made)
    assert (kept.rule, kept.holds_from) == (RULE, now().date())
    page = sign_in("finn").get(f"/conditions/{kept.reference}").text
    assert RULE in page
    assert from_when(kept) in page


@pytest.mark.parametrize("outcome", [Outcome.NOTED, Outcome.EXEMPT, Outcome.ELIMINATED])
def test_what_asks_nothing_of_the_filer_needs_no_rule(db, cast, outcome):
    made = escalated(cast)
    decisions.decide(made, outcome, "So.", "", cast[holder(made, cast)].actor, now(), **at(made))
    assert made.state is State.DECIDED


def test_the_fields_stand_open_on_the_page_without_a_script(sign_in, db, cast):
    made = escalated(cast)
    form = sign_in(holder(made, cast)).get(f"/review/{made.reference}").text.split('id="act-decide"')[1].split("</form>")[0]
    before = form.split('id="decide-rule"')[0]
    assert before.count("<details") - before.count("</details") <= 0, "not inside anything that is folded away"
    assert "need it. For example" in form


def test_the_letter_names_rule_and_day_and_nothing_binds_before_the_yes(db, cast):
    plan = managed(cast, rule=RULE, holds_from=date(2026, 4, 1))
    with speaking("en"):
        assert from_when(plan) == "April 1, 2026, once you accept"
        letter = " ".join(page.extract_text() for page in PdfReader(BytesIO(letter_of(plan))).pages)
    assert RULE in letter
    assert "April 1, 2026, once you accept" in " ".join(letter.split())
    with speaking("es"):
        assert from_when(plan) == "1 de abril de 2026, una vez que usted acepte"
    answered(plan, cast)
    with speaking("en"):
        assert from_when(plan) == "April 1, 2026"

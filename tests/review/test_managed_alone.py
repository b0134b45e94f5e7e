"""A profile may let the reviewer lay down conditions: of the library, a named rule, no appeal open; else it needs a second."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from coi.appeals.actions import appeal
from coi.errors import NotPossible, Refused
from coi.models import AuditEntry, Decision
from coi.plans import standing
from coi.profiles.current import current_profile, forget
from coi.review import decisions
from coi.vocabulary import Outcome, State
from tests.disclosures.steps import now
from tests.plans.made import answered, draft, plan_of
from tests.review.cases import at, case_of, holder

CHOICE = r'name="outcome"[^>]*value="managed"|value="managed"[^>]*name="outcome"'
SAID = {"outcome": "managed", "reason": "Somebody else handles it.", "rule": "Code, section 4"}


@pytest.fixture
def run_by(runner):
    """`run_by("york")`: from now on the city has that profile."""

    def load(name: str) -> None:
        assert runner.invoke(args=["profiles", "load", name]).exit_code == 0
        forget()

    yield load
    forget()


def row(key: str, code: str, **more: str) -> dict[str, str]:
    told = {"code": code, "owner": "filer", "due": "at once", "confirms": "office", **more}
    return {"plan_row": key, **{f"plan-{key}-{name}": value for name, value in told.items()}}


def the_form(page: str) -> str:
    return page.split('id="act-clear"')[1].split("</form>")[0]


@pytest.mark.parametrize(("name", "may"), [("york", True), ("lancaster", False), ("harrisburg", False)])
def test_only_where_the_profile_says_so(sign_in, db, cast, run_by, name, may):
    made = case_of(cast)
    run_by(name)
    reader = sign_in(holder(made, cast))
    form = the_form(reader.get(f"/review/{made.reference}").text)
    assert bool(re.search(CHOICE, form)) is may
    assert ("Add it to the plan" in form) is may
    assert 'value="own"' not in form, "own words need a second person"
    data = {**at(made), **SAID, **row("k1", "no_solicit")}
    reply = reader.post(f"/review/{made.reference}/clear", data=data)
    assert reply.status_code == (302 if may else 422)
    assert made.state is (State.DECIDED if may else State.IN_REVIEW)
    actor = cast[holder(made, cast)].actor
    if not may:
        with pytest.raises(NotPossible, match="second person"):
            decisions.decide(made, Outcome.MANAGED, "x", "", actor, now(), conditions=["no_solicit"], **at(made))
        return
    kept = db.session.scalars(select(Decision)).one()
    assert (kept.managed_alone, kept.second_hand, kept.by_id) == (True, False, actor.person_id)
    assert '"two_persons":false' in db.session.get(AuditEntry, kept.seq).details
    plan = answered(plan_of(made), cast)
    assert standing.state_of(plan, now().date()) == standing.IN_FORCE


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, "Choose or write at least one condition."),
        (row("k1", "", own_words="Call us each month."), "take conditions from the library only"),
        (row("k1", "rest_hours"), "Choose or write at least one condition."),  # switched off in the library
        ({**row("k1", "no_solicit"), "rule": ""}, "Name the rule that this decision rests on"),
        ({**row("k1", "no_solicit"), "outcome": "not_permitted"}, "clear-outcome-error"),
    ],
)
def test_in_york_own_words_no_condition_and_no_rule_come_back_with_what_was_typed(sign_in, db, cast, run_by, told, words):
    made = case_of(cast)
    run_by("york")
    reply = sign_in(holder(made, cast)).post(f"/review/{made.reference}/clear", data={**at(made), **SAID, **told})
    assert reply.status_code == 422
    form = the_form(reply.text)
    assert words in form
    assert "Somebody else handles it." in form
    assert db.session.scalars(select(Decision)).all() == []


def test_while_an_appeal_waits_somebody_else_decides(sign_in, db, cast, run_by):
    made = case_of(cast)
    run_by("york")
    reader = cast[holder(made, cast)].actor
    more = {"plan": [draft("no_solicit")], "terms": decisions.Terms("Section 4")}
    first = decisions.decide(made, Outcome.MANAGED, "So.", "", reader, now(), **more, **at(made))
    db.session.commit()
    assert decisions.may_manage_alone(made)
    appeal(made, "It is no conflict.", cast.finn.actor, now(), decision=first.reference, language="en")
    assert not decisions.may_manage_alone(made)
    assert made.state is State.ESCALATED
    assert made.reviewer_id != reader.person_id


def test_the_library_is_all_there_is(db, cast, run_by):
    made = case_of(cast)
    run_by("york")
    reader = cast[holder(made, cast)].actor
    for wrong in (["Call us."], ["no_solicit", "Call us."], ["rest_hours"]):
        with pytest.raises(Refused) as refusal:
            decisions.decide(made, Outcome.MANAGED, "x", "", reader, now(), conditions=wrong, **at(made))
        assert refusal.value.field == "conditions"
    for outcome in (Outcome.ELIMINATED, Outcome.REFERRED, Outcome.NOT_PERMITTED):
        with pytest.raises(NotPossible):
            decisions.decide(made, outcome, "x", "", reader, now(), **at(made))
    assert current_profile().decisions.managed_by_reviewer


def test_the_table_takes_no_other_severe_outcome_from_one_person(db, cast, run_by):
    made = case_of(cast)
    run_by("york")
    reader = cast[holder(made, cast)].actor
    more = {"conditions": ["no_solicit"], "terms": decisions.Terms("Section 4")}
    kept = decisions.decide(made, Outcome.MANAGED, "x", "", reader, now(), **more, **at(made))
    db.session.commit()
    for wrong in ({"outcome": Outcome.NOT_PERMITTED}, {"managed_alone": False}):
        with pytest.raises(IntegrityError):
            db.session.execute(Decision.__table__.update().where(Decision.id == kept.id).values(**wrong))
        db.session.rollback()

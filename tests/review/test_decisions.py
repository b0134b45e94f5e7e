"""Decisions: the most severe of the interests, conditions, the second person; forbidden rows are refused by the database too."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.models import Assignment, Decision, Disclosure, Interest, InterestDecision, Recommendation
from coi.models.types import new_reference
from coi.review import actions, decisions
from coi.vocabulary import Outcome, Role, State
from tests.disclosures.steps import A_JOB, now
from tests.factories import an_entry
from tests.review.cases import at, case_of, escalated, holder, holds, tie

TWO_JOBS = {
    "has_outside_work": "yes",
    "outside_work": [A_JOB["outside_work"][0], {**A_JOB["outside_work"][0], "org": "Second Shop", "work": "sales"}],
}


def interests(db, made):
    return db.session.scalars(select(Interest).order_by(Interest.id)).all()


def test_the_outcome_of_the_filing_is_the_most_severe_of_its_interests(db, cast):
    made = case_of(cast, answers=TWO_JOBS)
    first, second = interests(db, made)
    decision = decisions.decide(
        made, Outcome.EXEMPT, "so", "", cast[holder(made, cast)].actor, now(), interests={second.id: Outcome.NOTED}, **at(made)
    )
    assert (made.outcome, decision.outcome) == (Outcome.NOTED, Outcome.NOTED)
    kept = {row.interest_id: row.outcome for row in db.session.scalars(select(InterestDecision))}
    assert kept == {first.id: Outcome.EXEMPT, second.id: Outcome.NOTED}


def test_an_interest_can_not_be_graver_than_who_decides_may(db, cast):
    made = case_of(cast, answers=TWO_JOBS)
    chosen = {interests(db, made)[0].id: Outcome.MANAGED}
    with pytest.raises(NotPossible):
        decisions.decide(made, Outcome.NOTED, "so", "", cast[holder(made, cast)].actor, now(), interests=chosen, **at(made))


def test_a_filing_is_not_graver_than_every_interest_of_it(db, cast):
    made = case_of(cast, answers=TWO_JOBS)
    chosen = {one.id: Outcome.EXEMPT for one in interests(db, made)}
    with pytest.raises(Refused):
        decisions.decide(made, Outcome.NOTED, "so", "", cast[holder(made, cast)].actor, now(), interests=chosen, **at(made))


def test_managed_needs_a_condition_and_a_mild_outcome_takes_none(db, cast):
    made = escalated(cast)
    actor = cast[holder(made, cast)].actor
    with pytest.raises(Refused) as refusal:
        decisions.decide(made, Outcome.MANAGED, "so", "", actor, now(), **at(made))
    assert refusal.value.field == "conditions"
    with pytest.raises(Refused):
        decisions.decide(made, Outcome.NOTED, "so", "", actor, now(), conditions=["yearly_review"], **at(made))
    assert made.state is State.ESCALATED


def test_the_second_person_decides_and_the_filer_reads_the_conditions(sign_in, db, cast):
    made = escalated(cast, Outcome.MANAGED, conditions=["step_aside_party"])
    second = holder(made, cast)
    data = {
        **at(made),
        "outcome": "managed",
        "reason": "Section 4.",
        "conditions": "step_aside_party",
        "own_condition": "Call us.",
        "rule": "Code, section 4",
    }
    assert sign_in(second).post(f"/review/{made.reference}/decide", data=data).status_code == 302
    decision = db.session.scalar(select(Decision))
    assert (decision.by_id, decision.second_hand, decision.conditions) == (
        cast[second].person.id,
        True,
        ["step_aside_party", "Call us."],
    )
    page = sign_in("finn").get(f"/filings/{made.reference}").text
    for words in (
        "You may go on if you follow these conditions.",
        "Do no City work that involves José Ñuñez-O&#39;Brien, Jr. Catering.",
        "Call us.",
        "Section 4.",
    ):
        assert words in page


def test_what_is_wrong_with_the_conditions_is_said_on_top_and_leads_to_the_plan(sign_in, db, cast):
    made = escalated(cast, Outcome.MANAGED)
    data = {**at(made), "outcome": "managed", "reason": "Section 4.", "rule": "Code, section 4"}
    kept = sign_in(holder(made, cast)).post(f"/review/{made.reference}/decide", data=data)
    told = " ".join(kept.text[kept.text.index('id="error-summary"') :][:2000].split())
    assert kept.status_code == 422
    assert '<a class="usa-link" href="#decide-plan">Choose or write at least one condition.</a>' in told
    assert 'id="decide-plan"' in kept.text


def test_who_recommended_is_refused_at_the_post(sign_in, db, cast):
    holds(cast, "olu", Role.SENIOR_OFFICER)
    holds(cast, "ren", Role.SENIOR_OFFICER)
    made = case_of(cast)
    olu = holder(made, cast)
    actions.escalate(made, Outcome.REFERRED, "look", cast[olu].actor, now(), **at(made))
    db.session.commit()
    assert holder(made, cast) != olu
    data = {**at(made), "outcome": "eliminated", "reason": "x"}
    assert sign_in(olu).post(f"/review/{made.reference}/decide", data=data).status_code == 404
    assert made.state is State.ESCALATED


@pytest.mark.parametrize(
    "act", ["ask", "return", "clear", "escalate", "note", "priority", "recuse", "reassign", "tie", "decide", "hand-back", "undo"]
)
def test_nobody_acts_on_their_own_filing(sign_in, db, cast, act):
    holds(cast, "finn", Role.SENIOR_OFFICER)
    made = case_of(cast)
    assert made.desk == "outside_counsel"
    data = {**at(made), "text": "x", "reason": "x", "outcome": "noted", "reasoning": "x", "risk": "none"}
    assert sign_in("finn").get(f"/review/{made.reference}").status_code == 404
    assert sign_in("finn").post(f"/review/{made.reference}/{act}", data=data).status_code == 404


@pytest.mark.parametrize("kind", ["relation", "shared_party"])
def test_a_senior_officer_with_a_conflict_gets_404_everywhere(sign_in, db, cast, kind):
    made = escalated(cast)
    tie(cast, "sia", "finn", kind)
    browser = sign_in("sia")
    assert browser.get(f"/review/{made.reference}").status_code == 404
    for act in ("ask", "return", "note", "priority", "reassign", "tie", "decide", "hand-back"):
        assert browser.post(f"/review/{made.reference}/{act}", data=at(made)).status_code == 404
    assert made.reference not in browser.get("/review/?whose=all").text


def row_of(made, by, **columns):
    told = {"reference": new_reference("DEC"), "disclosure_id": made.id, "filer_id": made.filer_id, "reason_for_filer": "x"}
    version = decisions.newest_version(made)
    return Decision(
        **{**told, "version_id": version.id, "outcome": Outcome.NOTED, "by_id": by, "at": now(), "seq": an_entry(), **columns}
    )


def forbidden(made, cast):
    """Rows that no separation of duties allows, as somebody would write them by hand."""
    finn, olu = made.filer_id, cast.olu.person.id
    around = {"disclosure_id": made.id, "filer_id": finn, "at": now(), "seq": an_entry()}
    version = decisions.newest_version(made).id
    return {
        "reviewer is filer": Assignment(**around, desk="ethics", reviewer_id=finn, because="x"),
        "another filer": Assignment(**{**around, "filer_id": olu}, desk="ethics", reviewer_id=finn, because="x"),
        "filer recommends": Recommendation(**around, version_id=version, outcome=Outcome.NOTED, reasoning="x", by_id=finn),
        "filer decides": row_of(made, finn),
        "recommender decides": row_of(made, olu, outcome=Outcome.MANAGED, recommended_by_id=olu),
        "severe and alone": row_of(made, olu, outcome=Outcome.NOT_PERMITTED),
        "decided by nobody": row_of(made, None),
    }


@pytest.mark.parametrize(
    "which",
    [
        "reviewer is filer",
        "another filer",
        "filer recommends",
        "filer decides",
        "recommender decides",
        "severe and alone",
        "decided by nobody",
    ],
)
def test_the_database_refuses_the_row(db, cast, which):
    made = case_of(cast)
    row = forbidden(made, cast)[which]
    db.session.add(row)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_the_database_refuses_a_filer_as_reviewer_of_the_filing(db, cast):
    made = case_of(cast)
    with pytest.raises(IntegrityError):
        db.session.execute(Disclosure.__table__.update().where(Disclosure.id == made.id).values(reviewer_id=made.filer_id))


def test_a_decision_binds_to_the_version_that_was_read(db, cast):
    made = case_of(cast)
    for shown in (
        {"version": 0, "state": "in_review"},
        {"version": 2, "state": "in_review"},
        {"version": 1, "state": "escalated"},
    ):
        with pytest.raises(SomebodyWasFaster):
            decisions.decide(made, Outcome.NOTED, "so", "", cast[holder(made, cast)].actor, now(), **shown)

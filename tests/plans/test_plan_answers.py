"""The filer's answer: about exactly the text that was shown, once, signed; nothing binds by silence; a no goes up."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from coi.audit.chain import first_fault
from coi.audit.queries import links
from coi.errors import NotPossible, SomebodyWasFaster
from coi.models import AuditEntry, Letter, PlanAnswer, StepAside
from coi.plans import actions, queries, standing
from coi.review import decisions
from coi.vocabulary import Origin, Outcome, PlanAnswered, State
from tests.disclosures.steps import now
from tests.plans.made import SHOP, answered, draft, managed

DATA = {"answer": "accepted", "signed_name": "Finn"}


def kinds(db):
    return [one.kind for one in db.session.scalars(select(Letter).order_by(Letter.id))]


def test_the_filer_reads_what_why_when_and_accepts(sign_in, db, cast):
    plan = managed(cast, rule="Code, section 4", meanwhile="Keep your hours.")
    finn = sign_in("finn")
    home = finn.get("/").text
    assert "Please answer the conditions" in home
    page = finn.get(f"/conditions/{plan.reference}").text
    for words in (
        "Code, section 4",
        "Section 4.",
        "Keep your hours.",
        "you can appeal until",
        "Nothing here changes your rights under your union contract.",
        "Nothing binds you by silence.",
        "10 business days after the change",
        "a note to the supervisor",
        SHOP.replace("'", "&#39;"),
    ):
        assert words in page
    data = {**DATA, "plan": plan.sha256}
    assert finn.post(f"/conditions/{plan.reference}/answer", data=data).status_code == 303
    assert finn.post(f"/conditions/{plan.reference}/answer", data=data).status_code == 303, "a double click is one act"
    kept = db.session.scalars(select(PlanAnswer)).one()
    entry = db.session.get(AuditEntry, kept.seq)
    assert plan.sha256 in entry.details
    assert "Finn" not in entry.details
    assert standing.state_of(plan, now().date()) == standing.IN_FORCE
    assert "plan_answered" in kinds(db)
    assert first_fault(links()) is None


def test_who_objects_or_declines_says_why_and_keeps_the_text(sign_in, db, cast):
    plan = managed(cast)
    finn = sign_in("finn")
    for said in ("objection", "declined"):
        reply = finn.post(f"/conditions/{plan.reference}/answer", data={**DATA, "answer": said, "plan": plan.sha256})
        assert reply.status_code == 422
        assert "Say in your words what you object to" in reply.text
        assert 'value="Finn"' in reply.text
    assert db.session.scalars(select(PlanAnswer)).all() == []
    data = {**DATA, "answer": "declined", "words": "It is my mother&#39;s shop.", "plan": plan.sha256}
    assert finn.post(f"/conditions/{plan.reference}/answer", data=data).status_code == 303
    assert standing.state_of(plan, now().date()) == standing.DECLINED
    assert "plan_declined" in kinds(db)
    assert db.session.scalars(select(StepAside)).all() == [], "nothing binds after a no"
    office = sign_in("sia").get("/conditions/office").text
    assert "Declined" in office
    assert plan.disclosure.reference in office
    case = sign_in("sia").get(f"/review/{plan.disclosure.reference}").text
    assert "Say what you did about it" in case
    looked = sign_in("sia").post(f"/conditions/office/{plan.reference}/looked-at", data={"words": "We talked."})
    assert looked.status_code == 303
    assert queries.needs_office(plan, now().date()) is None
    later = answered(plan, cast)
    assert standing.state_of(later, now().date()) == standing.IN_FORCE, "a no may become a yes"


def test_an_accepted_condition_is_in_the_register_and_ends_with_the_next_decision(db, cast):
    plan = answered(managed(cast), cast)
    row = db.session.scalars(select(StepAside)).one()
    assert (row.origin, row.person_id) == (Origin.PLAN, cast.finn.person.id)
    assert SHOP in row.matter
    made = plan.disclosure
    made.state, made.reviewer_id = State.IN_REVIEW, cast.olu.person.id
    db.session.commit()
    decisions.decide(made, Outcome.NOTED, "fine", "", cast.olu.actor, now(), version=made.version, state="in_review")
    db.session.commit()
    assert standing.state_of(plan, now().date()) == standing.OVER
    assert [step.over_on is not None for step in row.steps] == [True]
    with pytest.raises(SomebodyWasFaster):
        actions.answer(plan, PlanAnswered.DECLINED, "no", "Finn", plan.sha256, cast.finn.actor, now())


def test_silence_binds_nobody_and_the_office_is_told(db, cast):
    plan = managed(cast)
    late = plan.accept_by + timedelta(days=1)
    assert standing.state_of(plan, plan.accept_by) == standing.OPEN
    assert standing.state_of(plan, late) == standing.UNANSWERED
    assert {one.state for one in standing.standings(plan, late)} == {standing.WAITS}
    assert queries.needs_office(plan, late)[0] == "unanswered"


def test_a_correction_makes_an_open_plan_wait_and_refuses_an_answer(sign_in, db, cast):
    plan = managed(cast)
    plan.disclosure.state, plan.disclosure.reviewer_id = State.IN_REVIEW, cast.olu.person.id
    db.session.commit()
    assert standing.state_of(plan, now().date()) == standing.WAITS
    data = {**DATA, "answer": "objection", "words": "my words stay", "plan": plan.sha256}
    reply = sign_in("finn").post(f"/conditions/{plan.reference}/answer", data=data)
    assert reply.status_code == 409
    assert "my words stay" in reply.text
    assert db.session.scalars(select(PlanAnswer)).all() == []


def test_undo_takes_the_plan_back_but_not_once_it_is_answered(sign_in, db, cast):
    plan = managed(cast, draft("step_aside_party"), outcome=Outcome.NOT_PERMITTED)
    row = db.session.scalars(select(StepAside)).one()
    made, officer = plan.disclosure, next(name for name in cast if cast[name].person.id == plan.decision.by_id)
    decisions.undo(made, cast[officer].actor, now())
    db.session.commit()
    assert [step.over_on is not None for step in row.steps] == [True]
    dropped = {one.dropped for one in db.session.scalars(select(Letter).where(Letter.kind == "stepped_aside"))}
    assert dropped == {"undone"}
    assert "recusal_over" not in kinds(db)
    assert sign_in("finn").get(f"/conditions/{plan.reference}").status_code == 404


def test_an_answered_plan_is_not_undone_by_a_press(db, cast):
    plan = answered(managed(cast), cast)
    officer = next(name for name in cast if cast[name].person.id == plan.decision.by_id)
    with pytest.raises(NotPossible):
        decisions.undo(plan.disclosure, cast[officer].actor, now())


def test_nothing_of_a_plan_is_overwritten(db, cast):
    answered(managed(cast), cast)
    for table in ("plans", "plan_conditions", "plan_answers", "step_aside_links"):
        with pytest.raises(Exception, match="append-only"):
            db.session.execute(text(f"UPDATE {table} SET seq = seq"))
        db.session.rollback()


def test_the_letter_has_the_days_and_nothing_of_the_filing(db, cast):
    plan = managed(cast)
    letter = db.session.scalars(select(Letter).where(Letter.kind == "outcome_managed")).one()
    for words in (SHOP, "Section 4.", "City work"):
        assert words not in letter.text
    assert "Nothing here changes your rights under your union contract." in letter.text
    assert plan.reference in letter.text

"""The filer's answer against a newer decision: one wins, the other is told; the chain verifies."""

from sqlalchemy import select

from coi.audit.chain import first_fault
from coi.audit.queries import links
from coi.db import db as database
from coi.errors import NotPossible, SomebodyWasFaster
from coi.models import Decision, Disclosure, Plan, PlanAnswer
from coi.plans import actions
from coi.review import decisions
from coi.vocabulary import PlanAnswered
from tests.disclosures.steps import now
from tests.plans.made import managed
from tests.review.test_races import at_once


def test_an_answer_and_an_undo_in_the_same_moment_have_one_winner(app, db, cast):
    plan = managed(cast)
    officer = next(cast[name].actor for name in cast if cast[name].person.id == plan.decision.by_id)
    finn, reference, digest = cast.finn.actor, plan.reference, plan.sha256
    filing = plan.disclosure.reference
    db.session.commit()

    def answer():
        one = database.session.scalar(select(Plan).where(Plan.reference == reference))
        actions.answer(one, PlanAnswered.ACCEPTED, "", "Finn", digest, finn, now())

    def undo():
        made = database.session.scalar(select(Disclosure).where(Disclosure.reference == filing))
        decisions.undo(made, officer, now())

    raised = at_once(app, [answer, undo])
    db.session.expire_all()
    assert sum(one is None for one in raised) == 1, raised
    assert all(one is None or isinstance(one, SomebodyWasFaster | NotPossible) for one in raised)
    undone = db.session.scalars(select(Decision)).one().undone_seq is not None
    assert undone != bool(db.session.scalars(select(PlanAnswer)).all())
    assert first_fault(links()) is None


def test_two_presses_in_the_same_moment_are_one_answer(app, db, cast):
    plan = managed(cast)
    finn, reference, digest = cast.finn.actor, plan.reference, plan.sha256
    db.session.commit()

    def answer():
        one = database.session.scalar(select(Plan).where(Plan.reference == reference))
        actions.answer(one, PlanAnswered.ACCEPTED, "", "Finn", digest, finn, now())

    assert at_once(app, [answer, answer]) == [None, None]
    assert len(db.session.scalars(select(PlanAnswer)).all()) == 1

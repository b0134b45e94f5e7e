"""What walks in any order (tests/faults/test_any_order.py) found, each held by a small test of its own."""

import pytest
from sqlalchemy import func, select

from coi.disclosures import actions as filer_s
from coi.duties import actions as duties
from coi.duties.sweep import keep_apart
from coi.errors import Refused
from coi.models import AuditEntry, Decision, InterestMatch
from coi.review import actions, batches, decisions, together
from coi.vocabulary import Kind, LeftOut, Outcome, Risk, State, WhileAway
from tests.disclosures.steps import now
from tests.factories import PersonFactory, filing
from tests.meetings.body import a_body, actor
from tests.review.cases import at, case_of, decided, holder
from tests.vendors.lists_of_tests import JOSE, load_vendors

ROUTINE = len(Risk) - 1 - Risk.NONE.rank


def test_no_member_of_the_body_decides_alone_by_deciding_together(db, cast):
    abel = a_body(cast, 1)[0]
    made = filing(PersonFactory(title="Mayor"), State.IN_REVIEW, abel.person, desk="commission", rank=ROUTINE, nil=True)
    assert together.groups(actor(abel), "mine", least=1) == []
    made.desk = "ethics"  # when it was begun; then it came before the body
    db.session.flush()
    (group,) = together.groups(actor(abel), "mine", least=1)
    batch = batches.begin(group, [made.reference], "once", actor(abel), now())
    made.desk = "commission"
    db.session.flush()
    member = batch.members[0]
    facts = batches._facts(made, False, actor(abel))
    assert batches._changed(member, made, facts, actor(abel)) is LeftOut.GIVEN_AWAY
    with pytest.raises(Refused):  # the sample is not confirmed either
        batches.decide(batch, Outcome.NOTED, "alone", "", actor(abel), now())
    assert made.state is State.IN_REVIEW


def test_who_withdrew_is_waited_for_no_more(db, cast):
    made = filing(cast.finn.person, State.IN_REVIEW, cast.olu.person, kind=Kind.GIFT)
    actions.ask(made, "from whom?", cast.olu.actor, now(), **at(made))
    assert made.waiting_on_filer_since is not None
    filer_s.withdraw(made, cast.finn.actor, now())
    assert (made.state, made.waiting_on_filer_since) == (State.WITHDRAWN, None)


def test_who_stands_in_says_for_whom_whatever_the_act(db, cast, sign_in):
    load_vendors(JOSE)
    made = case_of(cast)
    name = holder(made, cast)
    other = ({"olu", "ren"} - {name}).pop()
    on = now().date()
    duties.go_away(cast[name].person.id, on, on, WhileAway.DELEGATE, cast[other].person.id, cast[name].actor, now())
    db.session.commit()
    assert keep_apart(now()) == 1
    match = db.session.scalars(select(InterestMatch.id)).first()
    browser, case, seen = sign_in(other), made.reference, at(made)
    acts = {
        f"/review/{case}/legal-advice": {**seen, "text": "May we?", "about": ""},
        f"/review/{case}/supervisor": {**seen, "supervisor": cast.sam.person.id, "text": "Who plans the shifts?"},
        f"/review/{case}/supervisor/take-back": {**seen, "reason": "known by now"},
        f"/conditions/office/filing/{case}/interim": {"party": "Catering"},
        f"/conditions/office/filing/{case}/interim-over": {"words": ""},
        f"/vendors/{case}/verdict": {"match": match, "seen": "", "category": "same_company", "because": "looked it up"},
    }
    said = select(func.count(AuditEntry.seq)).where(AuditEntry.event == "disclosure:acted_for")
    for count, (path, data) in enumerate(acts.items(), start=1):
        assert browser.post(path, data=data).status_code in (302, 303), path
        assert db.session.scalar(said) == count, path


def test_the_log_says_that_a_decision_was_taken_back(db, cast):
    made = decided(cast)
    decisions.undo(made, cast[holder(made, cast)].actor, now())
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "disclosure:decision_undone")).one()
    kept = db.session.scalars(select(Decision)).one()
    assert (kept.undone_seq, kept.reference in entry.details) == (entry.seq, True)

"""Corrections: a new version with a reason from every signed state; the same reader while still free; the old decision stands."""

import json

import pytest
from sqlalchemy import select

from coi.disclosures import actions, queries
from coi.disclosures.facts import open_assignment
from coi.disclosures.signing import sign
from coi.errors import NotPossible
from coi.models import Absence, AuditEntry, Decision, Disclosure, PriorityRow, Recommendation, RoleGrant
from coi.review import actions as review
from coi.review import decisions
from coi.vocabulary import Kind, Outcome, Risk, Role, State
from tests.disclosures.steps import A_JOB, by_mistake, complete, filed, now, owed, published, signature, versions
from tests.factories import an_entry


def correct(disclosure: Disclosure, cast, key: str = "key-2", **answers):
    draft = actions.begin_correction(disclosure, "one job forgotten", cast.finn.actor, now())
    actions.save_draft(disclosure, answers or A_JOB, {}, cast.finn.actor, now(), draft.revision, said=by_mistake(draft))
    return sign(disclosure, signature(key), cast.finn.actor, now())


def reader(disclosure: Disclosure, cast):
    """The one of the cast who has the case."""
    return next(cast[name] for name in cast if cast[name].person.id == disclosure.reviewer_id)


def at_version(disclosure: Disclosure) -> dict:
    return {"version": disclosure.version, "state": disclosure.state.value}


def decided(cast, **answers) -> Disclosure:
    disclosure = filed(cast.finn.person, cast.finn.actor, answers=answers or A_JOB)
    decisions.decide(disclosure, Outcome.NOTED, "go on", "", reader(disclosure, cast).actor, now(), **at_version(disclosure))
    return disclosure


def escalated(cast) -> Disclosure:
    disclosure = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    review.escalate(disclosure, Outcome.REFERRED, "please look", reader(disclosure, cast).actor, now(), **at_version(disclosure))
    return disclosure


def test_a_correction_in_review_stays_with_its_reader(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    before = disclosure.reviewer_id
    version = correct(disclosure, cast)
    assert (disclosure.state, disclosure.version, disclosure.reviewer_id) == (State.IN_REVIEW, 2, before)
    assert (version.number, version.because) == (2, "one job forgotten")
    assert not disclosure.nil
    first, second = versions(disclosure)
    entry = db.session.get(AuditEntry, version.seq)
    details = json.loads(entry.details)
    assert entry.event == "disclosure:corrected"
    assert details["previous"] == first.sha256
    assert json.loads(second.record)["previous"] == first.sha256
    assert "one job forgotten" not in entry.details
    assert open_assignment(disclosure).reviewer_id == before


def test_a_correction_while_nobody_is_free_waits_on(db, cast):
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.REVIEWER)):
        grant.ended_seq = an_entry()
    disclosure = filed(cast.finn.person, cast.finn.actor)
    assert (disclosure.state, disclosure.reviewer_id) == (State.SUBMITTED, None)
    correct(disclosure, cast)
    assert (disclosure.state, disclosure.version, disclosure.reviewer_id) == (State.SUBMITTED, 2, None)


def test_a_returned_filing_signed_again_goes_to_the_same_reader(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    before = reader(disclosure, cast)
    review.send_back(disclosure, "please say which job", before.actor, now(), **at_version(disclosure))
    assert disclosure.state is State.RETURNED
    draft = actions.begin_correction(disclosure, "", cast.finn.actor, now())
    actions.save_draft(disclosure, A_JOB, {}, cast.finn.actor, now(), draft.revision)
    sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert (disclosure.state, disclosure.version, disclosure.reviewer_id) == (State.IN_REVIEW, 2, before.person.id)
    assert disclosure.waiting_on_filer_since is None
    assert [one.action for one in queries.history(disclosure)] == ["submit", "assign", "return", "submit", "assign"]


def test_a_returned_filing_goes_to_somebody_else_when_the_reader_is_away(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    before = reader(disclosure, cast)
    review.send_back(disclosure, "please say which job", before.actor, now(), **at_version(disclosure))
    day = now().date()
    db.session.add(Absence(person_id=before.person.id, away_from=day, away_to=day, seq=an_entry()))
    draft = actions.begin_correction(disclosure, "", cast.finn.actor, now())
    actions.save_draft(disclosure, A_JOB, {}, cast.finn.actor, now(), draft.revision)
    sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert disclosure.state is State.IN_REVIEW
    assert disclosure.reviewer_id != before.person.id


def test_a_corrected_escalated_case_goes_back_to_who_recommended(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor, answers=A_JOB)
    before = reader(disclosure, cast)
    review.escalate(disclosure, Outcome.REFERRED, "please look", before.actor, now(), **at_version(disclosure))
    assert disclosure.reviewer_id in (cast.sia.person.id, cast.sol.person.id)
    correct(disclosure, cast, has_outside_work="no")
    assert (disclosure.state, disclosure.reviewer_id, disclosure.desk) == (State.IN_REVIEW, before.person.id, "ethics")
    assert open_assignment(disclosure).reviewer_id == before.person.id
    assert db.session.scalars(select(Recommendation).where(Recommendation.ended_seq.is_(None))).all() == []


def test_a_corrected_decided_case_is_read_again_and_the_old_decision_stands(db, cast):
    disclosure = decided(cast)
    before = disclosure.reviewer_id
    version = correct(disclosure, cast, has_outside_work="no")
    assert (disclosure.state, disclosure.outcome, disclosure.reviewer_id) == (State.IN_REVIEW, Outcome.NOTED, before)
    decision = db.session.scalar(select(Decision))
    assert (decision.undone_seq, decision.version_id != version.id) == (None, True)
    assert open_assignment(disclosure).reviewer_id == before
    assert disclosure.due_at > now()


@pytest.mark.parametrize("made", [decided, escalated])
def test_a_corrected_case_waits_when_nobody_is_free_any_more(db, cast, made):
    disclosure = made(cast)
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.REVIEWER)):
        grant.ended_seq = an_entry()
    correct(disclosure, cast, has_outside_work="no")
    assert (disclosure.state, disclosure.reviewer_id, disclosure.version) == (State.SUBMITTED, None, 2)
    db.session.commit()


def test_a_new_version_has_a_new_priority(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    assert disclosure.risk is Risk.NONE
    person = {"tie": "close_relative", "person": "A Cousin", "direction": "i_direct"}
    correct(disclosure, cast, has_power="yes", power=[person])
    assert disclosure.risk is Risk.HIGH
    rows = db.session.scalars(select(PriorityRow).order_by(PriorityRow.id)).all()
    assert [(row.version, row.risk) for row in rows] == [(1, Risk.NONE), (2, Risk.HIGH)]


def test_the_same_key_corrects_once(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    assert correct(disclosure, cast) is sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert disclosure.version == 2


def test_a_draft_is_not_corrected(db, cast):
    disclosure = actions.start(owed(cast.finn.person), cast.finn.actor, now())
    complete(disclosure, cast.finn.actor)
    with pytest.raises(NotPossible):
        actions.begin_correction(disclosure, "not signed yet", cast.finn.actor, now())


def test_a_gift_can_be_withdrawn_and_stays_as_it_was(db, cast):
    published()
    disclosure = actions.start_voluntary(Kind.GIFT, cast.finn.actor, now())
    meal = {"giver": "Acme", "owner": "me", "kind": "meal", "value": "20", "date": "2026-02-01", "kept": "kept", "my_part": "no"}
    complete(disclosure, cast.finn.actor, gifts=[meal])
    sign(disclosure, signature(), cast.finn.actor, now())
    with pytest.raises(NotPossible):
        actions.withdraw(disclosure, cast.kit.actor, now())
    actions.withdraw(disclosure, cast.finn.actor, now())
    assert (disclosure.state, disclosure.version, open_assignment(disclosure)) == (State.WITHDRAWN, 1, None)
    with pytest.raises(NotPossible):
        actions.begin_correction(disclosure, "too late", cast.finn.actor, now())
    with pytest.raises(NotPossible):
        actions.withdraw(disclosure, cast.finn.actor, now())
    assert actions.start_voluntary(Kind.GIFT, cast.finn.actor, now()) is not disclosure


def test_what_is_owed_is_corrected_and_never_withdrawn(db, cast):
    disclosure = filed(cast.finn.person, cast.finn.actor)
    with pytest.raises(NotPossible):
        actions.withdraw(disclosure, cast.finn.actor, now())
    assert disclosure.state is State.IN_REVIEW


def test_the_filers_clock_stops_while_the_office_waits(db, cast, clock):
    from datetime import timedelta

    disclosure = filed(cast.finn.person, cast.finn.actor)
    due = disclosure.due_at
    review.send_back(disclosure, "please say which job", reader(disclosure, cast).actor, now(), **at_version(disclosure))
    clock.shift(timedelta(days=3))
    draft = actions.begin_correction(disclosure, "", cast.finn.actor, now())
    actions.save_draft(disclosure, A_JOB, {}, cast.finn.actor, now(), draft.revision)
    sign(disclosure, signature("key-2"), cast.finn.actor, now())
    assert disclosure.due_at == due + timedelta(days=3)

"""A decided case is opened again: asked by who reads it, approved by a senior officer who did not; it stands till then."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from coi.accounts import requests
from coi.disclosures.move import move
from coi.errors import NotPossible, SomebodyWasFaster
from coi.exports.registers.asof import cases
from coi.models import AuditEntry, Decision, Installation, Letter, Reopening, Request
from coi.review import decisions, reopening
from coi.rules.permissions import SYSTEM
from coi.vocabulary import Action, Outcome, Reopened, RequestState, Role, State
from tests.disclosures.steps import now
from tests.factories import OPERATOR, an_entry
from tests.review.cases import at, away, decided, holder, tie, without

WHY = "The Acme contract was not on the list"


@pytest.fixture(autouse=True)
def in_service(db, cast):
    """The first senior officer has signed in: nobody acts alone any more."""
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    db.session.commit()


def asked(cast, made, by="sia") -> Request:
    return reopening.ask(made, WHY, cast[by].actor, now(), **at(made))


def approved(db, cast, made) -> Request:
    request = asked(cast, made)
    assert requests.approve(request, "yes", cast.sol.actor, now())
    db.session.commit()
    return request


def test_two_senior_officers_open_a_case_again_through_the_pages(sign_in, db, cast):
    made = decided(cast)
    reader = decision_of(db).by_id
    sia = sign_in("sia")
    assert "Open the case again" in sia.get(f"/review/{made.reference}").text
    assert sia.post(f"/review/{made.reference}/reopen", data={**at(made), "reason": WHY}).status_code == 302
    assert made.state is State.DECIDED
    request = db.session.scalars(select(Request)).one()
    assert WHY in sign_in("sol").get(f"/accounts/requests/{request.reference}").text
    assert sign_in("sol").post(f"/accounts/requests/{request.reference}/approve", data={}).status_code == 302
    db.session.expire_all()
    assert (made.state, made.outcome, made.reviewer_id) == (State.IN_REVIEW, Outcome.NOTED, reader)
    row = db.session.scalars(select(Reopening)).one()
    assert (row.asked_by_id, row.by_id, row.because) == (cast.sia.person.id, cast.sol.person.id, Reopened.OFFICER)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "disclosure:reopened")).one()
    assert request.reference in entry.details
    assert WHY not in entry.details
    letter = db.session.scalars(select(Letter).where(Letter.kind == "reopened")).one()
    assert letter.person_id == cast.finn.person.id
    assert WHY not in letter.text
    page = sign_in("finn").get(f"/filings/{made.reference}").text
    assert "Until we are done, this stands." in page
    assert WHY not in page


def test_a_reviewer_asks_and_hears_that_it_stays_closed(sign_in, db, cast):
    made = decided(cast)
    reader = holder(made, cast)
    stranger = next(name for name in ("olu", "ren") if name != reader)
    sent = {**at(made), "reason": WHY}
    assert sign_in(stranger).post(f"/review/{made.reference}/reopen", data=sent).status_code == 404
    client = sign_in(reader)
    assert client.post(f"/review/{made.reference}/reopen", data=sent).status_code == 302
    assert "It waits for a senior officer who did not ask" in client.get(f"/review/{made.reference}").text
    request = db.session.scalars(select(Request)).one()
    assert client.post(f"/accounts/requests/{request.reference}/approve", data={}).status_code in (403, 404)
    with pytest.raises(NotPossible):
        requests.approve(request, "yes", cast[reader].actor, now())
    refused = sign_in("sol").post(f"/accounts/requests/{request.reference}/refuse", data={"reason": "Acme was on the list."})
    assert refused.status_code == 302
    assert db.session.scalars(select(Letter.person_id).where(Letter.kind == "not_reopened")).all() == [cast[reader].person.id]
    assert "Acme was on the list." in client.get(f"/review/{made.reference}").text
    assert made.state is State.DECIDED
    assert client.post(f"/review/{made.reference}/reopen", data={**at(made), "reason": "Not in full."}).status_code == 302
    assert requests.approve(reopening.asked_about(made)[0], "yes", cast.sia.actor, now())
    assert made.state is State.IN_REVIEW


def test_where_one_is_enough_a_senior_officer_opens_it_alone_and_a_reviewer_still_asks(db, cast, monkeypatch):
    made = decided(cast)
    monkeypatch.setattr(requests, "needs_second", lambda _action: False)
    assert asked(cast, made, holder(made, cast)).state is RequestState.WAITING
    assert made.state is State.DECIDED
    requests.refuse(reopening.asked_about(made)[0], "no", cast.sol.actor, now())
    assert asked(cast, made) is None
    assert made.state is State.IN_REVIEW


def decision_of(db) -> Decision:
    return db.session.scalars(select(Decision).order_by(Decision.id)).first()


def test_the_decision_stands_until_there_is_a_new_one(db, cast):
    made = decided(cast)
    approved(db, cast, made)
    seq = db.session.scalars(select(Reopening.seq)).one()
    assert cases([made.id], seq)[made.id].decision.outcome is Outcome.NOTED
    assert decision_of(db).undone_seq is None
    decisions.decide(made, Outcome.EXEMPT, "Not covered.", "", cast[holder(made, cast)].actor, now(), **at(made))
    assert (made.state, made.outcome) == (State.DECIDED, Outcome.EXEMPT)


def test_the_letter_of_the_outcome_does_not_leave_after_all(db, cast):
    made = decided(cast)
    approved(db, cast, made)
    assert db.session.scalars(select(Letter.dropped).where(Letter.kind == "outcome")).one() == "reopened"


def test_it_goes_to_the_next_who_is_free_and_waits_when_nobody_is(db, cast):
    made = decided(cast)
    before = decision_of(db).by_id
    away(cast, next(name for name in cast if cast[name].person.id == before))
    approved(db, cast, made)
    assert made.state is State.IN_REVIEW
    assert made.reviewer_id not in (None, before)


def test_it_waits_at_its_desk_when_nobody_is_free(db, cast):
    made = decided(cast)
    without(Role.REVIEWER)
    approved(db, cast, made)
    assert (made.state, made.reviewer_id, made.desk) == (State.SUBMITTED, None, "ethics")


def test_who_has_a_conflict_neither_asks_nor_reads_nor_approves(sign_in, db, cast):
    made = decided(cast)
    tie(cast, "sol", "finn")
    with pytest.raises(NotPossible):
        asked(cast, made, "sol")
    request = asked(cast, made)
    db.session.commit()
    told = db.session.scalars(select(Letter.person_id).where(Letter.kind == "request_waiting")).all()
    assert cast.sol.person.id not in told
    sol = sign_in("sol")
    assert request.reference not in sol.get("/accounts/requests").text
    assert sol.get(f"/accounts/requests/{request.reference}").status_code == 404
    assert sol.post(f"/accounts/requests/{request.reference}/approve", data={}).status_code == 404
    with pytest.raises(NotPossible):
        requests.approve(request, "yes", cast.sol.actor, now())
    assert made.state is State.DECIDED


def test_who_asked_and_has_come_into_a_conflict_since_does_not_count(db, cast):
    made = decided(cast)
    request = asked(cast, made)
    tie(cast, "sia", "finn")
    with pytest.raises(NotPossible):
        requests.approve(request, "yes", cast.sol.actor, now())


def test_it_is_asked_once_and_about_what_was_read(db, cast):
    made = decided(cast)
    shown = at(made)
    request = asked(cast, made)
    with pytest.raises(NotPossible):
        reopening.ask(made, "another reason", cast.sol.actor, now(), **shown)
    decisions.undo(made, cast[holder(made, cast)].actor, now())
    with pytest.raises(SomebodyWasFaster):
        reopening.ask(made, WHY, cast.sol.actor, now(), **shown)
    assert requests.approve(request, "yes", cast.sol.actor, now()) is False
    assert request.state is RequestState.VOID


def test_only_a_job_opens_a_case_without_a_person(db, cast):
    made = decided(cast)
    with pytest.raises(NotPossible):
        move(made, Action.REOPEN, OPERATOR, now(), WHY)
    row = reopening.reopen(made, Reopened.RULE_WITHDRAWN, WHY, SYSTEM, now())
    assert (made.state, row.by_id, row.asked_by_id) == (State.IN_REVIEW, None, None)


@pytest.mark.parametrize("who", ["by_id", "asked_by_id", "both"])
def test_the_database_refuses_the_row(db, cast, who):
    made = decided(cast)
    people = {who: made.filer_id} if who != "both" else {"by_id": cast.sia.person.id, "asked_by_id": cast.sia.person.id}
    around = {"disclosure_id": made.id, "filer_id": made.filer_id, "decision_id": decision_of(db).id, "at": now()}
    db.session.add(Reopening(because=Reopened.OFFICER, reason="x", seq=an_entry(), **around, **people))
    with pytest.raises(IntegrityError):
        db.session.flush()

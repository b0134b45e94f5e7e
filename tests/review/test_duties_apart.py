"""Duties kept apart, read as the table SD1-SD6: at GET, at POST, straight at the action, and in the database itself."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from coi.accounts import requests, roles
from coi.campaigns.extensions import extend
from coi.duties import opening
from coi.errors import Refused
from coi.models import (
    Absence,
    Assignment,
    Decision,
    Delegation,
    Disclosure,
    Obligation,
    ReadGrant,
    Recommendation,
    Recusal,
    Request,
)
from coi.review import actions
from coi.review.assignment import offered
from coi.review.sweep import recheck
from coi.vocabulary import ExtensionReason, Outcome, Role, State
from tests.disclosures.steps import now, owed
from tests.disclosures.test_conflicts import moved
from tests.factories import an_entry
from tests.review.cases import at, case_of, holder, holds, tie
from tests.review.duties import allowed, reached, refused, row, setup_is_over, version_of

# SD1: nobody reviews, assigns, extends, reopens or decides the own disclosure.


@pytest.mark.parametrize("name", ["olu", "sia"])
def test_sd1_the_own_filing_is_out_of_reach_whatever_the_role(app, db, cast, sign_in, name):
    made = case_of(cast, name)
    assert (made.state, made.reviewer_id) == (State.SUBMITTED, None)
    assert reached(app, sign_in(name), made) == []
    assert allowed(db, made, cast[name].actor) == []
    assert made.reference not in sign_in("sia" if name == "sia" else "olu").get("/review/?whose=all").text


def test_sd1_nobody_gives_themselves_more_time(db, cast):
    mine = owed(cast.dee.person)
    with pytest.raises(Refused, match="themselves"):
        extend(mine, mine.due_on + timedelta(days=10), ExtensionReason.AWAY, "", cast.dee.actor, now())


def test_sd1_no_table_takes_somebody_as_judge_of_their_own(db, cast):
    made = case_of(cast)
    own, signed = made.filer_id, version_of(db, made)
    decided = {"reference": "DEC-X", "reason_for_filer": "", "was": "in_review", "rule": "", "internal_reasoning": ""}
    decided |= {"conditions": [], "version_id": signed, "second_hand": False, "outcome": Outcome.NOTED}
    recommended = {"version_id": signed, "outcome": Outcome.NOTED, "reasoning": "", "conditions": []}
    around = {"desk": "ethics", "because": "x", "passed_over": [], "ended_because": ""}
    days = {"since": now().date(), "until": now().date(), "ended_because": ""}
    gone = Absence(person_id=cast.olu.person.id, away_from=now().date(), away_to=now().date(), seq=an_entry())
    db.session.add(gone)
    db.session.commit()
    grant = {"reference": "OPN-X", "reason": "", "request": "", "starts_on": now().date(), "ends_on": now().date()}
    two = {"asked_by_id": cast.sia.person.id, "approved_by_id": cast.sol.person.id, "auditor_id": cast.ada.person.id}
    stands = {**days, "absence_id": gone.id, "reviewer_id": cast.olu.person.id}
    ended = {"ended_seq": an_entry()}
    refused(db, insert(Assignment).values(row(made, **around, **ended, reviewer_id=own)), "nobody_is_assigned_their_own")
    refused(db, update(Disclosure).where(Disclosure.id == made.id).values(reviewer_id=own), "nobody_reviews_their_own")
    refused(db, insert(Recommendation).values(row(made, **recommended, by_id=own)), "nobody_recommends_on_their_own")
    refused(db, insert(Decision).values(row(made, **decided, by_id=own)), "nobody_decides_their_own")
    refused(db, insert(Delegation).values(row(made, **stands, delegate_id=own)), "nobody_stands_in_on_their_own")
    refused(db, insert(ReadGrant).values(row(made, **grant, **{**two, "auditor_id": own})), "nobody_audits_their_own")
    refused(db, insert(ReadGrant).values(row(made, **grant, **{**two, "asked_by_id": own})), "nobody_opens_their_own")


# SD2: the reporting line now, at submission and within twelve months; a confirmed relation; a confirmed shared party.


def above(cast, db) -> None:
    cast.finn.person.supervisor_id = cast.sia.person.id
    db.session.commit()


def below(cast, db) -> None:
    cast.sia.person.supervisor_id = cast.finn.person.id
    db.session.commit()


def once_above(cast, db) -> None:
    moved(db, cast.finn.person, cast.sia.person.id, now())
    moved(db, cast.finn.person, cast.sam.person.id, now())
    db.session.commit()


def above_when_it_was_owed(cast, db) -> None:
    db.session.scalars(select(Obligation)).one().supervisor_id = cast.sia.person.id
    db.session.commit()


def related(cast, db) -> None:
    tie(cast, "finn", "sia")


def in_business(cast, db) -> None:
    tie(cast, "sia", "finn", "shared_party")


@pytest.mark.parametrize("bring", [above, below, once_above, above_when_it_was_owed, related, in_business])
def test_sd2_a_conflict_shuts_every_page_and_every_act(app, db, cast, sign_in, bring):
    made = case_of(cast)
    assert "GET review.show" in reached(app, sign_in("sia"), made)
    bring(cast, db)
    assert reached(app, sign_in("sia"), made) == []
    assert allowed(db, made, cast.sia.actor) == []


# SD3: recusal ends access at once, the history stays.


def test_sd3_who_stepped_out_is_out_at_once_and_for_good(app, db, cast, sign_in):
    made = case_of(cast)
    name = holder(made, cast)
    browser = sign_in(name)
    page = browser.get(f"/review/{made.reference}/step-out").text
    assert made.filer.name in page
    assert "Catering" not in page
    bare = browser.post(f"/review/{made.reference}/step-out", data={})
    assert (bare.status_code, db.session.scalars(select(Recusal)).all()) == (422, [])
    assert browser.post(f"/review/{made.reference}/step-out", data={"kind": "friend"}).status_code == 303
    assert reached(app, browser, made) == ["GET review.stepped_out"]
    assert allowed(db, made, cast[name].actor) == []
    kept = db.session.scalars(select(Assignment).where(Assignment.reviewer_id == cast[name].person.id)).one()
    assert (kept.ended_because, db.session.scalars(select(Recusal.kind)).one()) == ("recused", "friend")
    gone = {"desk": "ethics", "because": "x", "passed_over": [], "ended_because": "", "ended_seq": an_entry()}
    refused(db, insert(Assignment).values(row(made, **gone, reviewer_id=cast[name].person.id)), "stepped out")
    mine = {"version_id": version_of(db, made), "outcome": Outcome.NOTED, "conditions": []}
    decided = {"reference": "DEC-X", "reason_for_filer": "", "was": "in_review", "rule": "", "internal_reasoning": ""}
    refused(
        db, insert(Decision).values(row(made, **mine, **decided, second_hand=False, by_id=cast[name].person.id)), "stepped out"
    )
    refused(db, insert(Recommendation).values(row(made, **mine, reasoning="", by_id=cast[name].person.id)), "stepped out")


@pytest.mark.parametrize("who", ["sia", "a colleague"])
def test_sd3_who_does_not_have_it_steps_out_too_and_is_never_given_it(db, cast, sign_in, who):
    made = case_of(cast)
    name = holder(made, cast)
    other = who if who == "sia" else ({"olu", "ren"} - {name}).pop()
    browser = sign_in(other)
    page = browser.get(f"/review/{made.reference}/step-out").text
    assert (made.filer.name in page, "Catering" in page, "It stays with whom it is with" in page) == (True, False, True)
    assert browser.post(f"/review/{made.reference}/step-out", data={"kind": "friend"}).status_code == 303
    after = browser.get(f"/review/{made.reference}/stepped-out").text
    assert "is never given to you" in after
    assert browser.get(f"/review/{made.reference}").status_code == 404
    assert browser.get(f"/review/{made.reference}/step-out").status_code == 404
    assert (holder(made, cast), made.state) == (name, State.IN_REVIEW)
    actions.recuse(made, "a friend", cast[name].actor, now())
    assert made.reviewer_id != cast[other].person.id
    assert cast[other].person.id not in offered(made, now())


# SD4: a senior officer's own filing goes to the named alternate; without one it waits and says so.


def test_sd4_an_officers_own_filing_waits_for_the_alternate_and_never_falls_to_a_colleague(app, db, cast, sign_in):
    setup_is_over(db)
    made = case_of(cast, "sia")
    assert (made.desk, made.reviewer_id) == ("outside_counsel", None)
    assert recheck(now()) == 0
    for name in ("olu", "ren"):
        assert reached(app, sign_in(name), made) == []
    assert "Nobody reads the forms of the ethics officers themselves" in sign_in("sol").get("/review/").text
    holds(cast, "kit", Role.SOLICITOR)
    assert recheck(now()) == 1
    assert holder(made, cast) == "kit"
    assert "Nobody reads the forms of the ethics officers themselves" not in sign_in("sol").get("/review/").text


# SD5: who recommends does not decide. SD6: who asks does not approve.


def test_sd5_who_recommends_does_not_decide(app, db, cast, sign_in):
    made = case_of(cast)
    actions.escalate(made, Outcome.REFERRED, "look", cast.sia.actor, now(), **at(made))
    db.session.commit()
    data = {**at(made), "outcome": "noted", "reason": "fine"}
    assert sign_in("sia").post(f"/review/{made.reference}/decide", data=data).status_code == 404
    assert "decide" not in allowed(db, made, cast.sia.actor)
    both = {"by_id": cast.sia.person.id, "recommended_by_id": cast.sia.person.id, "reference": "DEC-X", "second_hand": True}
    words = {"reason_for_filer": "", "was": "escalated", "rule": "", "internal_reasoning": "", "conditions": []}
    told = {"version_id": version_of(db, made), "outcome": Outcome.NOTED}
    refused(db, insert(Decision).values(row(made, **words, **both, **told)), "who_recommended_does_not_decide")


def test_sd6_who_asks_does_not_approve(db, cast, sign_in):
    asked = roles.ask_grant(cast.kit.account, Role.RECORDER, None, "a recorder", cast.dee.actor, now())
    again = opening.ask(case_of(cast).reference, cast.ada.person.id, 14, "a sample", cast.sia.actor, now())
    db.session.commit()
    for request, name in ((asked, "dee"), (again, "sia")):
        assert sign_in(name).post(f"/accounts/requests/{request.reference}/approve", data={}).status_code == 404
        with pytest.raises(Refused):
            requests.approve(request, "", cast[name].actor, now())
        db.session.rollback()
        same = update(Request).where(Request.id == request.id).values(decided_by_id=request.asked_by_id)
        refused(db, same, "two_different_people")

"""Nothing to declare, closed by the City's rule: who is never closed so, what its filer reads, what a withdrawn rule undoes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coi.accounts import requests
from coi.disclosures import moving_on
from coi.errors import Refused
from coi.models import AuditEntry, Installation, Letter, ProfileVersion, Reopening, RuleWithdrawal
from coi.profiles.current import current_profile, today
from coi.review import jobs, withdrawing
from coi.vocabulary import Outcome, Reopened, Role, State
from tests.disclosures.steps import A_JOB, filed, now
from tests.factories import an_entry
from tests.plans.made import answered, draft, managed, next_form
from tests.review.cases import holds

WHY = "The form did not ask about board seats"


@pytest.fixture(autouse=True)
def by_rule(db, cast, monkeypatch):
    """A city that closes all of them, and in which nobody acts alone any more."""
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    nil = current_profile().nil.model_copy(update={"clear": "rule", "sample_percent": 0})
    profile = current_profile().model_copy(update={"nil": nil})
    monkeypatch.setattr(moving_on, "current_profile", lambda: profile)


def cleared(cast, name="finn"):
    return filed(cast[name].person, cast[name].actor, key=f"key of {name}")


def withdrawn(db, cast, since=None) -> RuleWithdrawal:
    request = withdrawing.ask(since or today(now()), WHY, cast.sia.actor, now())
    assert requests.approve(request, "yes", cast.sol.actor, now())
    db.session.commit()
    return db.session.scalars(select(RuleWithdrawal)).one()


def test_the_receipt_and_the_page_of_the_filer_name_the_rule(sign_in, db, cast):
    made = cleared(cast)
    db.session.commit()
    assert (made.state, made.outcome, made.reviewer_id) == (State.DECIDED, Outcome.NO_CONFLICT, None)
    (letter,) = db.session.scalars(select(Letter).where(Letter.person_id == cast.finn.person.id)).all()
    assert letter.kind == "receipt_by_rule"
    assert "By the City's rule for forms with nothing to declare" in letter.text
    assert "closed by the City&#39;s rule" in sign_in("finn").get(f"/filings/{made.reference}").text
    assert "closed by the City&#39;s rule" in sign_in("sia").get(f"/review/{made.reference}").text


def test_who_has_readers_of_their_own_is_read_by_them(db, cast):
    holds(cast, "kit", Role.REVIEWER)
    assert cleared(cast, "kit").state is not State.DECIDED
    assert cleared(cast).state is State.DECIDED


def test_nobody_whom_conditions_of_an_earlier_decision_bind_is_cleared_so(db, cast):
    answered(managed(cast, draft("step_aside_party")), cast)
    assert next_form(cast).state is State.IN_REVIEW
    assert cleared(cast, "kit").state is State.DECIDED


def test_a_withdrawn_rule_clears_nothing_until_the_profile_is_loaded_again(db, cast):
    withdrawn(db, cast)
    assert cleared(cast).state is State.IN_REVIEW
    told = {"name": "lancaster", "number": 9, "sha256": "x", "content": current_profile().to_json(), "at": now()}
    db.session.add(ProfileVersion(seq=an_entry(), **told))
    db.session.flush()
    assert cleared(cast, "kit").state is State.DECIDED


def test_what_a_withdrawn_rule_cleared_is_opened_again_once(db, cast):
    made, kept = cleared(cast), filed(cast.kit.person, cast.kit.actor, key="k", answers=A_JOB)
    db.session.commit()
    assert withdrawing.how_many("nil", today(now())) == 1
    row = withdrawn(db, cast)
    assert (row.asked_by_id, row.by_id) == (cast.sia.person.id, cast.sol.person.id)
    assert [jobs.carry_out(now()) for _time in range(2)] == [1, 0]
    db.session.expire_all()
    assert (made.state, made.outcome) == (State.IN_REVIEW, Outcome.NO_CONFLICT)
    assert made.reviewer_id is not None
    assert [one.because for one in db.session.scalars(select(Reopening))] == [Reopened.RULE_WITHDRAWN]
    assert kept.state is State.IN_REVIEW
    assert row.done_seq is not None
    letters = db.session.scalars(select(Letter).where(Letter.kind == "reopened")).all()
    assert [one.person_id for one in letters] == [cast.finn.person.id]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "rule:withdrawn")).one()
    assert WHY not in entry.details


def test_what_was_cleared_before_the_day_stays(db, cast, clock):
    made = cleared(cast)
    db.session.commit()
    clock.shift(timedelta(days=2))
    withdrawn(db, cast)
    assert jobs.carry_out(now()) == 0
    assert made.state is State.DECIDED
    with pytest.raises(Refused):
        withdrawing.ask(today(now()) + timedelta(days=1), WHY, cast.sia.actor, now())


def test_the_page_counts_and_asks(sign_in, db, cast):
    cleared(cast)
    db.session.commit()
    sia = sign_in("sia")
    assert "1 filing stands closed by the rule" in sia.get("/review/rule").text
    assert sia.post("/review/rule", data={"since": "2026-03-01", "reason": ""}).status_code == 422
    assert sia.post("/review/rule", data={"since": "2026-03-01", "reason": WHY}).status_code == 303
    page = sign_in("sol").get("/accounts/requests").text
    assert "Filings that are opened again: 1" in page
    assert WHY in page

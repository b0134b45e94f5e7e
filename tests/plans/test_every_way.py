"""Every way to a decision, and back: what becomes of conditions in force, of an interim step-aside, of a new contract."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from coi.accounts import requests
from coi.ballots import MotionKind
from coi.disclosures import actions as filing
from coi.disclosures.signing import sign
from coi.meetings import actions as meetings
from coi.meetings.motions import enter_motion
from coi.models import AuditEntry, ContractAlert, Disclosure, Installation, Plan, Request, StepAside, StepAsideLink
from coi.plans import interim, standing
from coi.plans.drafting import Terms
from coi.plans.register import interim_rows
from coi.profiles.current import today
from coi.recusals.queries import over_on
from coi.review import actions, decisions, reopening, together
from coi.vendors import alerts
from coi.vocabulary import Kind, Outcome, Reopened, State
from tests.appeals.appealing import appealed
from tests.disclosures.steps import now, signature
from tests.factories import an_entry
from tests.meetings.body import a_body, a_recorder, actor, held, moved, sent
from tests.plans.made import answered, draft, managed, next_form
from tests.review.cases import at, case_of, holder
from tests.vendors.lists_of_tests import JOSE, NEW_DEAL, OLD_DEAL, load_contracts, load_vendors

OPEN, IN_FORCE, OVER, NONE = standing.OPEN, standing.IN_FORCE, standing.OVER, ""


class Stand(NamedTuple):
    """The first plan and the newest; how many rows of the register a plan and the review hold open; open alerts."""

    first: str
    newest: str
    kept_out: int
    interim: int
    alerts: int


def stand(db, made) -> Stand:
    db.session.commit()
    db.session.expire_all()
    plans = db.session.scalars(select(Plan).where(Plan.disclosure_id == made.id).order_by(Plan.id)).all()
    states = [standing.state_of(one, today(now())) for one in plans if one.decision.undone_seq is None]
    of_plans = select(StepAside).join(StepAsideLink).where(StepAsideLink.condition_id.is_not(None))
    waiting = select(ContractAlert).where(ContractAlert.disclosure_id == made.id, ContractAlert.ended_seq.is_(None))
    return Stand(
        states[0] if states else NONE,
        states[-1] if states else NONE,
        sum(over_on(one) is None for one in db.session.scalars(of_plans)),
        sum(over_on(one) is None for one in interim_rows(made)),
        len(db.session.scalars(waiting).all()),
    )


def by_holder(cast, made, outcome=Outcome.NOTED, **more: Any) -> str:
    who, more = holder(made, cast), {"terms": Terms("Code, section 4"), **more}
    decisions.decide(made, outcome, "Looked at again.", "", cast[who].actor, now(), **at(made), **more)
    return who


def decided_with_all(db, cast) -> Disclosure:
    """Decided with a condition that Finn accepted; then the City makes a contract with whom Finn named."""
    made = answered(managed(cast, draft("step_aside_party")), cast).disclosure
    load_contracts(OLD_DEAL, NEW_DEAL)
    assert stand(db, made) == Stand(IN_FORCE, IN_FORCE, 1, 0, 1)
    return made


def in_review_with_all(db, cast) -> Disclosure:
    """The same case, which Finn corrected: in review again, with an interim step-aside."""
    made = decided_with_all(db, cast)
    kept = filing.begin_correction(made, "a word more", cast.finn.actor, now())
    answers = {**kept.answers, "outside_work": [{**kept.answers["outside_work"][0], "work": "cooking"}]}
    filing.save_draft(made, answers, {}, cast.finn.actor, now(), kept.revision)
    sign(made, signature("again"), cast.finn.actor, now())
    interim.set_aside(made, "The July picnic", "", cast[holder(made, cast)].actor, now())
    assert made.state is State.IN_REVIEW
    assert stand(db, made) == Stand(IN_FORCE, IN_FORCE, 1, 1, 1)
    return made


def to_a_second_person(cast, made) -> None:
    actions.escalate(made, Outcome.MANAGED, "look", cast[holder(made, cast)].actor, now(), **at(made))


def decided(db, cast, made) -> None:
    by_holder(cast, made)


def undone(db, cast, made) -> None:
    decisions.undo(made, cast[by_holder(cast, made)].actor, now())


def managed_anew(db, cast, made) -> None:
    to_a_second_person(cast, made)
    by_holder(cast, made, Outcome.MANAGED, plan=[draft("step_aside_party")])


def managed_and_undone(db, cast, made) -> None:
    to_a_second_person(cast, made)
    who = by_holder(cast, made, Outcome.NOT_PERMITTED, plan=[draft("step_aside_party")])
    decisions.undo(made, cast[who].actor, now())


def by_the_body(db, cast, made, **more) -> None:
    body, recorder = a_body(cast), a_recorder(cast)
    to_a_second_person(cast, made)
    second = cast[holder(made, cast)].actor
    meetings.send(made, "May it go on?", Outcome.MANAGED, "It sells to us.", [], second, now(), **at(made))
    told = {"outcome": Outcome.NOT_PERMITTED, "conditions": ["step_aside_party"], **more}
    enter_motion(held(recorder, body), made, moved(body, "yyyyy", **told), actor(recorder), now(), **at(made))


def sent_back_by_the_body(db, cast, made) -> None:
    by_the_body(db, cast, made, kind=MotionKind.SEND_BACK, outcome=None)


def in_no_batch(db, cast, made) -> None:
    groups = together.groups(cast[holder(made, cast)].actor, "mine", least=1)
    assert made.id not in {number for group in groups for number, _version in group.members}


IN_REVIEW: dict[str, tuple[Callable[..., None], Stand]] = {
    "decided by its reviewer": (decided, Stand(OVER, OVER, 0, 0, 1)),
    "decided and undone": (undone, Stand(IN_FORCE, IN_FORCE, 1, 1, 1)),
    "decided with other conditions": (managed_anew, Stand(OVER, OPEN, 0, 0, 1)),
    "forbidden and undone": (managed_and_undone, Stand(IN_FORCE, IN_FORCE, 1, 1, 1)),
    "decided by the body": (by_the_body, Stand(OVER, IN_FORCE, 1, 0, 1)),
    "sent back by the body": (sent_back_by_the_body, Stand(IN_FORCE, IN_FORCE, 1, 1, 1)),
    "left out of a batch": (in_no_batch, Stand(IN_FORCE, IN_FORCE, 1, 1, 1)),
}


@pytest.mark.parametrize("way", IN_REVIEW)
def test_a_case_that_is_decided_anew(db, cast, way):
    made = in_review_with_all(db, cast)
    act, after = IN_REVIEW[way]
    act(db, cast, made)
    assert stand(db, made) == after


def reopened(db, cast, made) -> None:
    reopening.reopen(made, Reopened.OFFICER, "look again", cast.sia.actor, now())


def appealed_only(db, cast, made) -> None:
    appealed(cast, made)


def appeal_decided(db, cast, made) -> None:
    appealed(cast, made)
    by_holder(cast, made)


def appeal_confirmed(db, cast, made) -> None:
    appealed(cast, made)
    by_holder(cast, made, Outcome.NOT_PERMITTED, plan=[draft("step_aside_party")])


DECIDED: dict[str, tuple[Callable[..., None], Stand]] = {
    "opened again": (reopened, Stand(IN_FORCE, IN_FORCE, 1, 0, 0)),
    "appealed": (appealed_only, Stand(IN_FORCE, IN_FORCE, 1, 0, 1)),
    "decided on appeal": (appeal_decided, Stand(OVER, OVER, 0, 0, 1)),
    "confirmed on appeal, harder": (appeal_confirmed, Stand(OVER, IN_FORCE, 1, 0, 1)),
}


@pytest.mark.parametrize("way", DECIDED)
def test_a_decided_case_that_is_looked_at_again(db, cast, way):
    made = decided_with_all(db, cast)
    act, after = DECIDED[way]
    act(db, cast, made)
    assert stand(db, made) == after


def test_a_reconsideration_by_the_body_takes_the_place_of_what_it_laid_down(db, cast):
    body, recorder = a_body(cast), a_recorder(cast)
    made, meeting = sent(cast), held(recorder, body)
    forbidden = moved(body, "yyyyy", conditions=["step_aside_party"])
    enter_motion(meeting, made, forbidden, actor(recorder), now(), **at(made))
    assert stand(db, made) == Stand(IN_FORCE, IN_FORCE, 1, 0, 0)
    appealed(cast, made)
    assert stand(db, made) == Stand(IN_FORCE, IN_FORCE, 1, 0, 0)
    milder = moved(body, "yyyyy", text="That it may go on.", outcome=Outcome.MANAGED, conditions=["report_change"])
    enter_motion(meeting, made, milder, actor(recorder), now(), **at(made))
    assert stand(db, made) == Stand(OVER, OPEN, 0, 0, 0)


def test_a_form_that_is_withdrawn_holds_nobody_and_waits_for_nothing(db, cast):
    made = case_of(cast)
    made.kind = Kind.GIFT
    interim.set_aside(made, "The July picnic", "", cast[holder(made, cast)].actor, now())
    load_contracts(OLD_DEAL, NEW_DEAL)
    assert stand(db, made) == Stand(NONE, NONE, 0, 1, 1)
    filing.withdraw(made, cast.finn.actor, now())
    assert stand(db, made) == Stand(NONE, NONE, 0, 0, 0)
    assert db.session.scalars(select(ContractAlert.ended_because)).all() == ["withdrawn"]


def test_a_new_contract_that_a_senior_officer_takes_up_opens_the_case_and_the_filer_reads_why(sign_in, db, cast):
    db.session.scalars(select(Installation)).one().setup_ended_seq = an_entry()
    made = decided_with_all(db, cast)
    alert = db.session.scalars(select(ContractAlert)).one()
    why = "The picnic is Finn's own work."
    for _click in range(2):
        alerts.ask_to_reopen(alert, why, cast.sia.actor, now())
        db.session.commit()
    request = db.session.scalars(select(Request).where(Request.action == "reopen")).one()
    assert stand(db, made).alerts == 1
    assert requests.approve(request, "yes", cast.sol.actor, now())
    assert stand(db, made) == Stand(IN_FORCE, IN_FORCE, 1, 0, 0)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "disclosure:reopened")).one()
    assert '"why":"new_contract"' in entry.details
    page = sign_in("finn").get(f"/filings/{made.reference}").text
    assert "We look at your form once more, at this as well." in page
    assert why not in page


@pytest.mark.parametrize("what", ["a new contract", "a likely vendor", "an interim", "conditions of another form", "nothing"])
def test_what_needs_a_look_of_its_own_stands_in_no_group(db, cast, what):
    if what == "conditions of another form":
        answered(managed(cast, draft("step_aside_party")), cast)
        made = next_form(cast)
    else:
        made = case_of(cast)
    if what == "a likely vendor":
        load_vendors(JOSE)
    if what == "a new contract":
        load_contracts(OLD_DEAL)
    if what == "an interim":
        interim.set_aside(made, "The July picnic", "", cast[holder(made, cast)].actor, now())
    db.session.commit()
    reader = cast[holder(made, cast)].actor
    there = {number for one in together.groups(reader, "mine", least=1) for number, _version in one.members}
    assert (made.id in there) == (what == "nothing")

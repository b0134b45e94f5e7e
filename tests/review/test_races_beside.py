"""Other pairs that meet: conditions accepted and taken back, accepted and opened again, a batch and one of its filings."""

import pytest
from sqlalchemy import func, select, update

from coi.accounts import requests
from coi.audit.chain import first_fault
from coi.audit.queries import links
from coi.audit.record import record
from coi.db import db as database
from coi.errors import NotPossible, SomebodyWasFaster
from coi.models import BatchStep, Decision, Disclosure, Installation, Plan, PlanAnswer, Reopening, Request, ReviewBatch
from coi.plans import actions as plans
from coi.plans.drafting import Terms
from coi.review import batches, decisions, reopening, together
from coi.rules.permissions import Actor
from coi.vocabulary import BatchAct, Event, LeftOut, Outcome, PlanAnswered, RequestState, Risk, State
from tests.disclosures.steps import now
from tests.factories import PersonFactory, an_entry, filing
from tests.plans.made import draft, plan_of
from tests.review.cases import at
from tests.review.test_races import at_once

RACES = 20


@pytest.fixture(autouse=True)
def in_service(db, cast):
    """The first senior officer has signed in: what needs two persons waits for the second one."""
    db.session.execute(update(Installation).values(setup_ended_seq=an_entry()))
    db.session.commit()


def managed(cast) -> tuple[int, str, str, Actor]:
    """A new person's filing that Sia decided with conditions: filing, plan, the plan's fingerprint, who answers."""
    person = PersonFactory()
    made = filing(person, State.ESCALATED, cast.sia.person)
    more = {"plan": [draft("report_change")], "terms": Terms("Section 4"), **at(made)}
    decisions.decide(made, Outcome.MANAGED, "Section 4.", "", cast.sia.actor, now(), **more)
    plan = plan_of(made)
    told = (made.id, plan.reference, plan.sha256, Actor(f"account:9{person.id}", person.id))
    database.session.commit()
    return told


def accepting(reference: str, digest: str, filer: Actor):
    """The filer accepts the conditions that were shown."""

    def accept():
        plan = database.session.scalars(select(Plan).where(Plan.reference == reference)).one()
        plans.answer(plan, PlanAnswered.ACCEPTED, "", "The filer", digest, filer, now())

    return accept


def test_conditions_are_accepted_or_the_decision_is_undone_never_both(app, db, cast):
    for _turn in range(RACES):
        case, reference, digest, filer = managed(cast)

        def undo(case=case):
            decisions.undo(database.session.get_one(Disclosure, case), cast.sia.actor, now())

        raised = at_once(app, [accepting(reference, digest, filer), undo])
        assert sorted(one is None for one in raised) == [False, True], raised
        assert type(next(one for one in raised if one)) in (SomebodyWasFaster, NotPossible)
        db.session.expire_all()
        decision = db.session.scalars(select(Decision).where(Decision.disclosure_id == case)).one()
        answers = select(func.count()).select_from(PlanAnswer).join(Plan).where(Plan.disclosure_id == case)
        assert (decision.undone_seq is None) == bool(db.session.scalar(answers))
    assert first_fault(links()) is None


def asked(cast, case: int) -> str:
    """Sia asks that the case is opened again."""
    made = database.session.get_one(Disclosure, case)
    reference = reopening.ask(made, "a list came later", cast.sia.actor, now(), **at(made)).reference
    database.session.commit()
    return reference


def approving(reference: str, officer: Actor):
    """A second senior officer approves."""

    def approve():
        request = database.session.scalars(select(Request).where(Request.reference == reference)).one()
        requests.approve(request, "yes", officer, now())

    return approve


def test_conditions_accepted_while_the_case_is_opened_again_were_accepted_before_or_not_at_all(app, db, cast):
    for _turn in range(RACES):
        case, reference, digest, filer = managed(cast)
        accept, approve = accepting(reference, digest, filer), approving(asked(cast, case), cast.sol.actor)
        late, none = at_once(app, [accept, approve])
        assert none is None
        assert late is None or type(late) is SomebodyWasFaster
        db.session.expire_all()
        opened = db.session.scalars(select(Reopening).where(Reopening.disclosure_id == case)).one()
        answer = db.session.scalar(select(PlanAnswer).join(Plan).where(Plan.disclosure_id == case))
        assert (answer is None) == (late is not None)
        assert answer is None or answer.seq < opened.seq
        assert db.session.get_one(Disclosure, case).state is State.IN_REVIEW


def test_two_presses_of_one_approval_open_a_case_once(app, db, cast):
    for _turn in range(RACES):
        case, *_plan = managed(cast)
        reference = asked(cast, case)
        raised = at_once(app, [approving(reference, cast.sol.actor)] * 2)
        assert sorted(one is None for one in raised) == [False, True], raised
        assert type(next(one for one in raised if one)) is SomebodyWasFaster
        db.session.expire_all()
        assert db.session.scalar(select(func.count()).where(Reopening.disclosure_id == case)) == 1
        request = db.session.scalars(select(Request).where(Request.reference == reference)).one()
        assert (request.state, request.decided_by_id) == (RequestState.APPROVED, cast.sol.person.id)


def a_batch(cast, turn: int) -> tuple[str, list[int]]:
    """Two new people's filings with nothing to declare, put together by Olu, the sample read and confirmed."""
    low = len(Risk) - 1
    made = [filing(PersonFactory(), State.IN_REVIEW, cast.olu.person, rank=low, nil=True) for _filing in range(2)]
    group = next(one for one in together.groups(cast.olu.actor, "mine") if made[0].id in dict(one.members))
    batch = batches.begin(group, [one.reference for one in made], f"once {turn}", cast.olu.actor, now())
    for member in batches.to_open(batch):
        told = {"version": 1}
        record(Event.DISCLOSURE_READ, cast.olu.actor, f"disclosure:{member.disclosure.reference}", now(), as_="office", **told)
        batches.look(batch, member, True, cast.olu.actor, now())
    kept = batch.reference, [one.id for one in made]
    database.session.commit()
    return kept


def test_a_batch_and_an_officer_on_one_of_its_filings_decide_each_filing_once(app, db, cast):
    sia, olu = cast.sia.actor, cast.olu.actor
    for turn in range(RACES):
        reference, cases = a_batch(cast, turn)

        def together_(reference=reference):
            batch = database.session.scalars(select(ReviewBatch).where(ReviewBatch.reference == reference)).one()
            batches.decide(batch, Outcome.NO_CONFLICT, "nothing", "", olu, now())

        def alone(cases=cases, turn=turn):
            one = database.session.get_one(Disclosure, cases[turn % 2])
            decisions.decide(one, Outcome.NOTED, "by hand", "", sia, now(), version=1, state="in_review")

        whole, single = at_once(app, [together_, alone])
        assert whole is None
        assert single is None or type(single) is SomebodyWasFaster
        db.session.expire_all()
        made = {one: db.session.scalars(select(Decision).where(Decision.disclosure_id == one)).one() for one in cases}
        assert made[cases[turn % 2]].outcome is (Outcome.NOTED if single is None else Outcome.NO_CONFLICT)
        assert made[cases[1 - turn % 2]].outcome is Outcome.NO_CONFLICT
        batch = select(BatchStep.because).join(ReviewBatch).where(ReviewBatch.reference == reference)
        left = db.session.scalars(batch.where(BatchStep.step == BatchAct.LEFT_OUT)).all()
        assert left == ([LeftOut.MOVED.value] if single is None else [])
    assert first_fault(links()) is None

"""The officers of the made-up city at work: most cases closed, some asked about, some escalated and decided by another."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from coi.accounts.door import actor_of
from coi.accounts.queries import holders
from coi.db import db
from coi.demo import body
from coi.disclosures.facts import facts_for, is_at_the_body
from coi.duties.actions import go_away
from coi.duties.queries import overlapping
from coi.models import Account, Disclosure, Message
from coi.plans import queries as plans
from coi.plans.actions import answer
from coi.profiles.current import today
from coi.review import actions, decisions
from coi.rules.permissions import FOR_ACTION, Actor, allows
from coi.vocabulary import Action, Outcome, PlanAnswered, Risk, Role, State, WhileAway

# A question whose filer does not answer: it is seen waiting, with its reminder and its clock.
NOT_ANSWERED = "On which days do you work there, and until when?"
AtWork = Callable[[Disclosure, Actor, datetime, random.Random], None]
QUESTIONS = (
    "How many hours a week is this, and on which days?",
    "Does anybody at your station buy from this company?",
    "Is the permit you name here still open?",
)


def review_day(draw: random.Random, now: datetime, *, settle_all: bool, last: bool) -> None:
    """One afternoon of the office; `settle_all` decides every case in the end, else some stay as they are."""
    if settle_all and body.meets_today(now, last):
        body.meet(now)
    for disclosure in _cases(State.ESCALATED):
        if disclosure.reviewer_id is not None and (settle_all or draw.random() < 0.12) and _may(disclosure, Action.DECIDE, now):
            _decide(disclosure, draw, now)
    for disclosure in _cases(State.IN_REVIEW):
        if disclosure.waiting_on_filer_since is not None:
            if settle_all or (draw.random() < 0.2 and not _waits_on(disclosure)):
                actions.answer(disclosure, "Eight hours, on weekends. Nobody here buys from it.", _filer(disclosure, now), now)
        elif (last and settle_all) or draw.random() < (0.3 if settle_all else 0.1):
            _look(disclosure, draw, now, settle_all)
    db.session.flush()


def _waits_on(disclosure: Disclosure) -> bool:
    told = select(Message.id).where(Message.disclosure_id == disclosure.id, Message.text == NOT_ANSWERED)
    return db.session.scalar(told.limit(1)) is not None


def _may(disclosure: Disclosure, action: Action, now: datetime) -> bool:
    """Whether the reviewer may; a city's own profile may want another hand for this case, and then it waits."""
    facts = facts_for(disclosure, _reader(disclosure, now))
    return any(allows(_reader(disclosure, now), permission, facts) for permission in FOR_ACTION[action])


def _cases(state: State) -> list[Disclosure]:
    return list(db.session.scalars(select(Disclosure).where(Disclosure.state == state).order_by(Disclosure.id)))


def _look(disclosure: Disclosure, draw: random.Random, now: datetime, settle_all: bool) -> None:
    reader = _reader(disclosure, now)
    seen: dict[str, Any] = {"version": disclosure.version, "state": disclosure.state.value}
    fate = draw.random()
    if disclosure.risk.rank >= Risk.HIGH.rank:
        outcome = draw.choice((Outcome.MANAGED, Outcome.MANAGED, Outcome.NOT_PERMITTED))
        why = "The filer has a part in what the City buys from this party."
        actions.escalate(disclosure, outcome, why, reader, now, conditions=["step_aside_party", "report_change"], **seen)
    elif disclosure.risk is Risk.MEDIUM and fate < 0.5:
        actions.ask(disclosure, draw.choice(QUESTIONS), reader, now, **seen)
        if not settle_all:
            return
    else:
        outcome = Outcome.NO_CONFLICT if disclosure.nil or fate < 0.4 else Outcome.NOTED
        reason = (
            "Nothing to declare." if disclosure.nil else "This has no part in your City work. Tell us when something changes."
        )
        if is_at_the_body(disclosure.desk):  # one member only recommends
            actions.escalate(disclosure, outcome, reason, reader, now, **seen)
            return
        decisions.decide(disclosure, outcome, reason, "", reader, now + timedelta(minutes=draw.randrange(30)), **seen)


def _decide(disclosure: Disclosure, draw: random.Random, now: datetime) -> None:
    reader = _reader(disclosure, now)
    seen: dict[str, Any] = {"version": disclosure.version, "state": disclosure.state.value}
    outcome = draw.choice((Outcome.MANAGED, Outcome.MANAGED, Outcome.NOTED, Outcome.NOT_PERMITTED))
    reason = {
        Outcome.MANAGED: "You may go on, and somebody else handles what involves this party.",
        Outcome.NOTED: "We looked at it together. It has no part in your City work.",
        Outcome.NOT_PERMITTED: "The rule on gifts and outside work does not allow this for your position.",
    }[outcome]
    conditions = ["step_aside_party", "report_change"] if outcome is Outcome.MANAGED else []
    made = decisions.decide(
        disclosure, outcome, reason, "Read with the reviewer.", reader, now, conditions=conditions, terms=body.RULE, **seen
    )
    plan = plans.of_decision(made)
    if outcome is Outcome.MANAGED and plan is not None and plan.id % 3:
        name = disclosure.filer.name  # one in three has not answered yet
        answer(plan, PlanAnswered.ACCEPTED, "", name, plan.sha256, _filer(disclosure, now), now)


def _reader(disclosure: Disclosure, now: datetime) -> Actor:
    return _of_person(disclosure.reviewer_id, now)


def _filer(disclosure: Disclosure, now: datetime) -> Actor:
    return _of_person(disclosure.filer_id, now)


def _of_person(person_id: int | None, now: datetime) -> Actor:
    account = db.session.scalars(select(Account).where(Account.person_id == person_id)).one()
    return actor_of(account, today(now))


def days_away(now: datetime) -> None:
    """One reviewer is away next week, and the other stands in: seen under “Days away” and “Who has what”."""
    soon = today(now) + timedelta(days=3)  # told on the day before the demo is shown: the Monday after the coming days
    first = soon + timedelta(days=7 - soon.weekday())
    reviewers = holders({Role.REVIEWER}, today(now))
    if len(reviewers) > 1 and overlapping(reviewers[0].id, first, first + timedelta(days=4)) is None:
        account = db.session.scalars(select(Account).where(Account.person_id == reviewers[0].id)).one()
        actor = actor_of(account, today(now))
        go_away(reviewers[0].id, first, first + timedelta(days=4), WhileAway.DELEGATE, reviewers[1].id, actor, now)

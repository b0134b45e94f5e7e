"""Who gets which letter about a plan, each once; words without content stand in notices, the content is read after signing in."""

from datetime import datetime

from coi.db import db
from coi.languages import day, speaking
from coi.models import Disclosure, Person, Plan, PlanAnswer, PlanCondition, PlanStep
from coi.notices import actions as notices
from coi.plans import queries
from coi.profiles.current import today
from coi.vocabulary import Outcome, Party, PlanAnswered


def outcome_kind(plan: Plan | None) -> str:
    """Which letter tells the filer of a decision."""
    if plan is None:
        return "outcome"
    return "outcome_managed" if plan.decision.outcome is Outcome.MANAGED else "outcome_not_permitted"


def outcome_values(plan: Plan, disclosure: Disclosure) -> dict[str, str]:
    """The days that the letter names, in its reader's language."""
    with speaking(notices.language_of(disclosure.filer)):
        days = {"accept_by": day(plan.accept_by), "appeal_until": day(plan.appeal_until)}
    return {"reference": plan.reference, "filing": disclosure.reference, **days}


def to_owners(plan: Plan, now: datetime, due_at: datetime | None = None) -> None:
    """Whoever keeps or confirms a condition, and is not the filer, hears that there is one."""
    for condition in plan.conditions:
        for person in (condition.owned_by, condition.confirmed_by):
            if person is not None and person.id != plan.filer_id and person.active:
                once = f"condition:{condition.reference}:{person.id}"
                notices.post("condition_given", person, now, once, reference=condition.reference, due_at=due_at or now)


def drop(plan: Plan) -> None:
    """What did not leave yet about a plan that never was."""
    for condition in plan.conditions:
        for person_id in (condition.owner_id, condition.confirmer_id):
            notices.drop(f"condition:{condition.reference}:{person_id}", "undone")


def answered(plan: Plan, answer: PlanAnswer, now: datetime) -> None:
    """To who decided; a no goes to every senior officer who may hear of the case."""
    declined = answer.answer is PlanAnswered.DECLINED
    told = {one.id: one for one in queries.officers(plan.disclosure, today(now))} if declined else {}
    by = plan.decision.by
    if by is not None and by.active and by.id != plan.filer_id:
        told[by.id] = by
    kind = "plan_declined" if declined else "plan_answered"
    for person in told.values():
        notices.post(kind, person, now, f"{kind}:{plan.reference}:{answer.id}:{person.id}", reference=plan.disclosure.reference)


def said(condition: PlanCondition, step: PlanStep, now: datetime) -> None:
    """To who confirms it; where that is the office, to who decided."""
    by = condition.confirmed_by if condition.confirmer_id is not None else condition.plan.decision.by
    if by is not None and by.active and by.id != condition.owner_id:
        notices.post("condition_said", by, now, f"said:{condition.reference}:{step.id}", reference=condition.reference)


def sent_back(condition: PlanCondition, step: PlanStep, now: datetime) -> None:
    """To who keeps it."""
    person = keeper(condition)
    if person is not None:
        notices.post("condition_back", person, now, f"back:{condition.reference}:{step.id}", reference=condition.reference)


def ended(condition: PlanCondition, step: PlanStep, now: datetime) -> None:
    """To the filer and to who keeps it."""
    told = {condition.plan.filer_id: condition.plan.filer}
    person = keeper(condition)
    if person is not None:
        told[person.id] = person
    for one in told.values():
        once = f"ended:{condition.reference}:{step.id}:{one.id}"
        notices.post("condition_ended", one, now, once, reference=condition.reference)


def still_so(plan: Plan, step: PlanStep, now: datetime) -> None:
    """The filer answered the yearly question: to who decided."""
    by = plan.decision.by
    if by is not None and by.active:
        once = f"still:{plan.reference}:{step.id}"
        notices.post("plan_review_office", by, now, once, reference=plan.disclosure.reference)


def keeper(condition: PlanCondition) -> Person | None:
    """Who keeps a condition, where that is a person; what the office keeps is told to who decided."""
    if condition.owner is Party.OFFICE:
        return condition.plan.decision.by
    return db.session.get(Person, condition.owner_id) if condition.owner_id is not None else None

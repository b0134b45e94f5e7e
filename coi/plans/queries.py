"""All reads of plans, each as far as the reader may see: owners and confirmers their condition only, never the filing."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from coi.accounts.queries import holders
from coi.db import db
from coi.disclosures.facts import conflicts_with, facts_for
from coi.models import Decision, Disclosure, Person, Plan, PlanCondition, PlanStep
from coi.plans import standing
from coi.profiles.current import today
from coi.rules.permissions import Actor, Facts, Permission, allows
from coi.vocabulary import PlanStepKind, Role

MOST = 200
QUIET_DAYS = 7  # so long a plan that somebody looked at is not named again


def plan_for(reference: str, actor: Actor) -> tuple[Plan, Facts] | None:
    """A plan by the reference of its decision; an undone decision is nobody's any more."""
    plan = db.session.scalar(_plans().where(Plan.reference == reference))
    if plan is None or plan.decision.undone_seq is not None:
        return None
    return plan, facts_for(plan.disclosure, actor)


def condition_for(reference: str, actor: Actor) -> tuple[PlanCondition, Facts] | None:
    """One condition by its reference, with what this person is to it."""
    condition = db.session.scalar(select(PlanCondition).where(PlanCondition.reference == reference))
    if condition is None or condition.plan.decision.undone_seq is not None:
        return None
    return condition, facts_of(condition, actor)


def facts_of(condition: PlanCondition, actor: Actor) -> Facts:
    """Whose filing it comes from, and whether this person keeps or confirms it."""
    told = set()
    if actor.person_id is not None and actor.person_id == condition.owner_id:
        told.add("owner")
    if actor.person_id is not None and actor.person_id == condition.confirmer_id:
        told.add("confirmer")
    facts = facts_for(condition.plan.disclosure, actor)
    # Before a plan is in force nobody but the filer and the office knows of it.
    shown = told if condition.plan.answers or standing.binds_alone(condition.plan) else told & {"nobody"}
    return replace(facts, extra=facts.extra | shown)


def of_decision(decision: Decision | None) -> Plan | None:
    """The plan that was laid down with a decision."""
    if decision is None:
        return None
    return db.session.scalar(_plans().where(Plan.decision_id == decision.id))


def of_filing(disclosure: Disclosure) -> list[Plan]:
    """Every plan of a filing, the newest first; without those of a decision that was taken back."""
    wanted = _plans().join(Decision, Decision.id == Plan.decision_id)
    wanted = wanted.where(Plan.disclosure_id == disclosure.id, Decision.undone_seq.is_(None))
    return list(db.session.scalars(wanted.order_by(Plan.id.desc())))


def mine(person_id: int) -> list[Plan]:
    """The plans given to this person, the newest first."""
    wanted = _plans().join(Decision, Decision.id == Plan.decision_id)
    wanted = wanted.where(Plan.filer_id == person_id, Decision.undone_seq.is_(None))
    return list(db.session.scalars(wanted.order_by(Plan.id.desc()).limit(MOST)))


@dataclass(frozen=True)
class Asked:
    """A condition that waits for this person: to be kept and shown, or to be confirmed."""

    standing: standing.Standing
    to: str

    @property
    def condition(self) -> PlanCondition:
        """The condition itself."""
        return self.standing.condition


def of_others(actor: Actor, on: date) -> list[Asked]:
    """The conditions of others that this person keeps or confirms, those that wait first."""
    mine_ = or_(PlanCondition.owner_id == actor.person_id, PlanCondition.confirmer_id == actor.person_id)
    wanted = select(PlanCondition).join(Plan, Plan.id == PlanCondition.plan_id)
    wanted = wanted.where(mine_, Plan.filer_id != actor.person_id).order_by(PlanCondition.id.desc()).limit(MOST)
    told = []
    for one in db.session.scalars(wanted):
        if not allows(actor, Permission.CONDITION_READ, facts_of(one, actor)):
            continue
        stands = standing.standing(one, on)
        if stands.state in (standing.WAITS, standing.OVER):
            continue
        told.append(Asked(stands, to_do(stands, actor)))
    return sorted(told, key=lambda one: not one.to)


def to_do(stands: standing.Standing, actor: Actor) -> str:
    """What waits for this person: `say`, `confirm`, or nothing."""
    one = stands.condition
    if stands.state in (standing.OPEN, standing.LATE) and one.owner_id == actor.person_id:
        return "say"
    return "confirm" if stands.state == standing.SAID and one.confirmer_id == actor.person_id else ""


@dataclass(frozen=True)
class Look:
    """A case whose plan needs the office: why, and since when."""

    plan: Plan
    why: str
    since: date | None


def to_look_at(actor: Actor, on: date) -> list[Look]:
    """What needs the office, for those who may read the case: declined, not answered, to confirm, overdue, the yearly look."""
    told = [
        Look(plan, *why)
        for plan in _in_question()
        if (why := needs_office(plan, on)) is not None and allows(actor, Permission.READ_CASE, facts_for(plan.disclosure, actor))
    ]
    order = ("declined", "unanswered", "confirm", "overdue", "review")
    return sorted(told, key=lambda one: (order.index(one.why), one.since or date.max))


def needs_office(plan: Plan, on: date) -> tuple[str, date | None] | None:
    """Why the office should look at a plan, and since when; None while it need not. Once looked at, a no is quiet for a week."""
    state = standing.state_of(plan, on)
    looked = max((today(step.at) for step in plan.steps if step.kind is PlanStepKind.LOOKED_AT), default=None)
    quiet = looked is not None and (on - looked).days < QUIET_DAYS
    if state == standing.DECLINED:
        said = standing.answer_of(plan)
        return None if quiet or said is None else ("declined", today(said.at))
    if state == standing.UNANSWERED:
        return None if quiet else ("unanswered", plan.accept_by)
    each = standing.standings(plan, on) if state == standing.IN_FORCE else []
    for one in each:
        if one.state == standing.SAID and one.condition.confirmer_id is None:
            return "confirm", today(one.newest.at) if one.newest else None
    for one in each:
        if one.state == standing.LATE:
            return "overdue", one.condition.due_on
    return ("review", standing.review_on(plan)) if standing.asked_again(plan, on) else None


def in_question() -> list[Plan]:
    """Every plan whose decision stands: what the daily sweep looks at."""
    return _in_question()


def _in_question() -> list[Plan]:
    newest = select(func.max(Decision.id)).where(Decision.undone_seq.is_(None)).group_by(Decision.disclosure_id).scalar_subquery()
    wanted = _plans().where(Plan.decision_id.in_(newest)).order_by(Plan.id)
    return list(db.session.scalars(wanted))


def officers(disclosure: Disclosure, on: date) -> list[Person]:
    """Senior officers who may hear of this case: free of conflict with its filer."""
    found = holders((Role.SENIOR_OFFICER,), on)
    conflicts = conflicts_with(disclosure.filer_id, [one.id for one in found], disclosure)
    return [one for one in found if not conflicts.get(one.id) and one.id != disclosure.filer_id]


def story(plan: Plan) -> list[tuple[PlanStep, PlanCondition | None]]:
    """Every step of a plan with the condition it is about, the newest last."""
    known = {one.id: one for one in plan.conditions}
    return [(step, known.get(step.condition_id) if step.condition_id else None) for step in plan.steps]


def _plans() -> Any:
    return select(Plan).options(
        selectinload(Plan.conditions), selectinload(Plan.answers), selectinload(Plan.steps), selectinload(Plan.decision)
    )

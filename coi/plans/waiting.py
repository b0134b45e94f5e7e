"""What of plans waits for the office: counted for the queue, named for a morning's letter; asks for nobody, writes nothing."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from coi.accounts.door import actor_of
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.models import Account, Decision, Disclosure, Motion, Plan, PlanAnswer, PlanStep
from coi.plans import queries
from coi.plans.queries import QUIET_DAYS
from coi.profiles.current import zone
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import PlanAnswered, PlanStepKind, Role, State


def declined_for(actor: Actor, on: date) -> Select[int]:
    """The plans that were declined and wait for who decided them, or for any senior officer where a body did.

    Not those that somebody looked at in the last week, nor those whose case is open again: it stands in a queue itself.
    """
    later, motion = aliased(Decision), select(Motion.id).where(Motion.decision_id == Decision.id).exists()
    decided = Decision.by_id == actor.person_id
    said = aliased(PlanAnswer)
    newest = select(func.max(said.id)).where(said.plan_id == Plan.id).scalar_subquery()
    newer = select(later.id).where(
        later.disclosure_id == Decision.disclosure_id, later.id > Decision.id, later.undone_seq.is_(None)
    )
    since = datetime.combine(on - timedelta(days=QUIET_DAYS - 1), time(), zone())
    looked = select(PlanStep.id).where(PlanStep.plan_id == Plan.id, PlanStep.kind == PlanStepKind.LOOKED_AT, PlanStep.at >= since)
    return (
        select(Plan.id)
        .join(PlanAnswer, PlanAnswer.plan_id == Plan.id)
        .join(Decision, Decision.id == Plan.decision_id)
        .join(Disclosure, Disclosure.id == Plan.disclosure_id)
        .where(
            PlanAnswer.answer == PlanAnswered.DECLINED,
            PlanAnswer.id == newest,
            or_(decided, motion & (Decision.filer_id != actor.person_id)) if Role.SENIOR_OFFICER in actor.roles else decided,
            Decision.undone_seq.is_(None),
            Disclosure.state == State.DECIDED,
            ~newer.exists(),
            ~looked.exists(),
        )
    )


def to_tell(people: Iterable[int], on: date) -> dict[int, list[str]]:
    """For each of these people the filings whose conditions need the office, as far as they may read the case."""
    looks = [plan for plan in queries.in_question() if queries.needs_office(plan, on) is not None]
    told: dict[int, list[str]] = {}
    if not looks:
        return told
    for account in db.session.scalars(select(Account).where(Account.person_id.in_(list(people)), Account.active)):
        actor = actor_of(account, on)
        for plan in looks:
            if allows(actor, Permission.PLAN_KEEP, facts_for(plan.disclosure, actor)):
                told.setdefault(account.person_id, []).append(plan.disclosure.reference)
    return told

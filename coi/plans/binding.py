"""Whom conditions of a decision still bind, from the dated rows of their plans; asks no permission, writes nothing."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from coi.db import db
from coi.models import Decision, Plan
from coi.plans import standing
from coi.rules.plans import ON_A_DAY, counted


def bound(people: Collection[int], on: date) -> set[int]:
    """Which of these people have a condition that is not over: also one that waits for an answer, or that they declined.

    A decision from before there were plans kept codes only: those hold as long as it stands.
    """
    newest = select(func.max(Decision.id)).where(Decision.undone_seq.is_(None)).group_by(Decision.disclosure_id)
    mine = Decision.filer_id.in_(people) & Decision.id.in_(newest)
    rows = select(Decision.filer_id, Decision.conditions, Plan).outerjoin(Plan, Plan.decision_id == Decision.id)
    return {
        filer
        for filer, codes, plan in db.session.execute(rows.where(mine))
        if (any(still_binds(one) for one in standing.standings(plan, on)) if plan is not None else codes)
    }


def still_binds(one: standing.Standing) -> bool:
    """Whether a condition asks anything still: what is done once, such as giving back a gift, is over when it was confirmed."""
    if one.state in (standing.OVER, standing.ENDED):
        return False
    rule = one.condition.due_rule
    return one.state != standing.KEPT or (counted(rule) is None and rule != ON_A_DAY)

"""Writes down that a decision answered the appeal that was open, and whether it changed anything; asks no permission."""

from datetime import datetime

from coi.audit.record import record
from coi.db import db
from coi.models import Appeal, AppealAnswer, Decision, Disclosure
from coi.rules.actors import Actor
from coi.rules.appeals import effect
from coi.vocabulary import Event, Outcome


def answered(appeal: Appeal, decision: Decision, disclosure: Disclosure, actor: Actor, now: datetime) -> AppealAnswer:
    """The dated row with its entry; the table refuses who decided or recommended first."""
    found = effect(_told(appeal.decision), _told(decision))
    seq = record(
        Event.APPEAL_DECIDED,
        actor,
        f"disclosure:{disclosure.reference}",
        now,
        appeal=appeal.reference,
        decision=decision.reference,
        effect=found.value,
    )
    row = AppealAnswer(
        appeal_id=appeal.id,
        decision_id=decision.id,
        effect=found,
        by_id=decision.by_id,
        first_by_id=appeal.decided_by_id,
        first_recommended_by_id=None if appeal.to_body else appeal.recommended_by_id,
        at=now,
        seq=seq,
    )
    db.session.add(row)
    db.session.flush()
    db.session.expire(appeal, ["answers"])
    return row


def _told(decision: Decision) -> tuple[Outcome, list[str], dict[int, Outcome]]:
    """What was decided, as the rule compares it."""
    db.session.expire(decision, ["interests"])
    each = {one.interest_id: one.outcome for one in decision.interests}
    return decision.outcome, [str(one) for one in decision.conditions], each

"""The one write of the filer: an appeal of exactly the decision that was read; refuses a second one and one that comes late."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from coi.appeals import queries
from coi.appeals.letters import received
from coi.appeals.queries import Stands
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.disclosures.move import move
from coi.errors import NotPossible, Refused, SomebodyWasFaster
from coi.languages import clock, day
from coi.models import Appeal, Disclosure
from coi.models.types import new_reference
from coi.review.actions import first_look_by
from coi.review.assignment import hand_up
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Action, Because, Event


def appeal(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, *, decision: str, language: str) -> Appeal:
    """Appeals the decision with this reference: the case goes to somebody who neither decided nor recommended it.

    The same words again are one press. Raises Refused (no reason, field `reason`), NotPossible (late, nothing to appeal, not
    yours), SomebodyWasFaster (appealed already, or the decision was undone, opened again or replaced).
    """
    db.session.refresh(disclosure, with_for_update=True)
    if not allows(actor, Permission.APPEAL, facts_for(disclosure, actor)):
        raise NotPossible(_l("You may not do this."))
    if not reason.strip():
        raise Refused(_l("Write why you appeal."), "reason")
    before = queries.appeal_of(queries.decision_named(disclosure, decision))
    if before is not None:
        if before.reason == reason:
            return before
        raise SomebodyWasFaster(
            _l(
                "You appealed this decision already, on %(when)s. That appeal counts; your text is kept below.",
                when=clock(before.at),
            )
        )
    found = queries.situation(disclosure, now)
    if found.decision is None or found.decision.reference != decision or found.stands is Stands.NOT_DECIDED:
        raise SomebodyWasFaster(
            _l("The decision that you read does not stand as it did: your form is looked at again. Nothing was sent.")
        )
    if found.stands is Stands.LATE:
        raise NotPossible(_l("The time to appeal ended on %(day)s. Please call us.", day=day(found.until)))
    if found.until is None:
        raise NotPossible(_l("There is nothing to appeal in this decision. If you think otherwise, please call us."))
    first = found.decision
    by_body = first.motion is not None  # then it is a reconsideration, and goes back to the body
    move(disclosure, Action.APPEAL, actor, now, reason, keep_reviewer=False)
    disclosure.due_at = first_look_by(disclosure.risk, now)
    made = new_reference("APL")
    seq = record(
        Event.APPEALED,
        actor,
        f"disclosure:{disclosure.reference}",
        now,
        appeal=made,
        decision=first.reference,
        until=found.until.isoformat(),
        sha256=sha256(reason),
        to_body=by_body,
    )
    row = Appeal(
        reference=made,
        disclosure_id=disclosure.id,
        filer_id=disclosure.filer_id,
        decision_id=first.id,
        decided_by_id=None if by_body else first.by_id,
        recommended_by_id=first.recommended_by_id,
        to_body=by_body,
        reason=reason,
        sha256=sha256(reason),
        language=language,
        until=found.until,
        at=now,
        seq=seq,
    )
    db.session.add(row)
    db.session.flush()
    hand_up(disclosure, now, Because.APPEALED)
    received(row, disclosure, now)
    return row

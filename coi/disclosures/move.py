"""The only hand that changes a filing's state: asks the rule and the right, moves, and writes it down in one go."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures import marks as _marks  # noqa: F401  # what finds a filing follows every move of it
from coi.disclosures.facts import facts_for
from coi.errors import NotPossible
from coi.models import Disclosure, Transition
from coi.rules.lifecycle import NotInOrder, next_state
from coi.rules.permissions import BY_JOB, BY_SYSTEM, FOR_ACTION, SYSTEM, Actor, Facts, allows
from coi.vocabulary import Action, Event, Outcome, State


def move(
    disclosure: Disclosure,
    action: Action,
    actor: Actor,
    now: datetime,
    reason: str = "",
    *,
    back_to: State | None = None,
    outcome: Outcome | None = None,
    reviewer_id: int | None = None,
    keep_reviewer: bool = True,
    facts: Facts | None = None,
) -> int:
    """Moves the filing and returns the entry's number; raises NotPossible when the table or the right says no.

    `outcome` is set with a decision, `reviewer_id` with an assignment; `keep_reviewer=False` leaves the case without one.
    `facts` are those of this locked row, where the caller gathered them for many at once; the right is asked all the same.
    """
    facts = _check_right(disclosure, action, actor, facts)
    try:
        target = next_state(disclosure.state, action, reason, back_to)
    except NotInOrder as refusal:
        if refusal.why == "reason":
            raise NotPossible(_l("Write the reason."), "reason") from refusal
        raise NotPossible(_l("This can't be done with the filing as it stands now. Load the page again.")) from refusal
    origin, because = disclosure.state, sha256(reason) if reason else ""
    if reviewer_id is not None:
        disclosure.reviewer_id = reviewer_id
    elif not keep_reviewer:
        disclosure.reviewer_id = None
    if target is State.DECIDED:
        disclosure.outcome, disclosure.decided_at = outcome, now
    elif origin is State.DECIDED and action is Action.UNDO:
        disclosure.outcome, disclosure.decided_at = None, None
    disclosure.state = target
    subject = f"disclosure:{disclosure.reference}"
    seq = record(
        Event.DISCLOSURE_MOVED, actor, subject, now, action=action.value, from_=origin.value, to=target.value, because=because
    )
    db.session.add(
        Transition(
            disclosure_id=disclosure.id,
            action=action.value,
            origin=origin,
            target=target,
            actor=actor.name,
            at=now,
            because=reason,
            seq=seq,
        )
    )
    say_for_whom(disclosure, facts, action.value, actor, now)
    return seq


def say_for_whom(disclosure: Disclosure, facts: Facts | None, what: str, actor: Actor, now: datetime) -> None:
    """Who stands in for a reviewer says so with every act: one more entry names the person in whose stead it was done."""
    if facts is not None and facts.delegate_id is not None and actor.person_id == facts.delegate_id:
        subject = f"disclosure:{disclosure.reference}"
        record(Event.STOOD_IN, actor, subject, now, for_=facts.reviewer_id, what=what)


def _check_right(disclosure: Disclosure, action: Action, actor: Actor, facts: Facts | None) -> Facts | None:
    operator = actor.name.startswith("operator:")
    if actor == SYSTEM or operator:
        if action in BY_SYSTEM or (action is Action.SUBMIT if operator else action in BY_JOB):
            return None
        raise NotPossible(_l("Only a person may do this."))
    found = facts if facts is not None else facts_for(disclosure, actor)
    if not any(allows(actor, permission, found) for permission in FOR_ACTION[action]):
        raise NotPossible(_l("You may not do this with this filing."))
    return found

"""Lets what was decided rest while its appeal waits: by who has the appeal, with a reason and a letter; it ends by itself."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from coi.appeals.queries import open_appeal
from coi.audit.chain import sha256
from coi.audit.record import record
from coi.db import db
from coi.disclosures.facts import facts_for
from coi.errors import NotPossible, Refused
from coi.models import AppealRest, Disclosure
from coi.notices import actions as notices
from coi.plans.queries import of_decision
from coi.review.decisions import take
from coi.rules.permissions import Actor, Permission, allows
from coi.vocabulary import Event


def may_rest(disclosure: Disclosure) -> bool:
    """Whether there is something that could rest: an appeal is open, its decision has a plan, and it does not rest yet."""
    appeal = open_appeal(disclosure)
    return appeal is not None and appeal.rest is None and of_decision(appeal.decision) is not None


def let_rest(disclosure: Disclosure, reason: str, actor: Actor, now: datetime, *, version: int, state: str) -> AppealRest:
    """What was decided binds nobody until the appeal is decided; the filer gets a letter. A second press is the same act.

    Raises NotPossible where nothing can rest, Refused (field `reason`) without a reason, SomebodyWasFaster.
    """
    take(disclosure, version, state)
    appeal = open_appeal(disclosure)
    if appeal is None or not allows(actor, Permission.DECIDE, facts_for(disclosure, actor)) or actor.person_id is None:
        raise NotPossible(_l("You may not do this with this filing."))
    if appeal.rest is not None:
        return appeal.rest
    if of_decision(appeal.decision) is None:
        raise NotPossible(_l("Nothing in this decision binds the filer, so nothing can rest."))
    if not reason.strip():
        raise Refused(_l("Write the reason."), "reason")
    told = {"appeal": appeal.reference, "decision": appeal.decision.reference, "because": sha256(reason)}
    seq = record(Event.APPEAL_RESTS, actor, f"disclosure:{disclosure.reference}", now, **told)
    made = AppealRest(
        filer_id=disclosure.filer_id,
        first_by_id=appeal.decided_by_id,
        reason=reason,
        by_id=actor.person_id,
        at=now,
        seq=seq,
    )
    appeal.rest = made
    db.session.flush()
    around = {"reference": disclosure.reference, "appeal": appeal.reference}
    notices.post("appeal_rests", disclosure.filer, now, f"appeal:{appeal.reference}:rests", **around)
    return made
